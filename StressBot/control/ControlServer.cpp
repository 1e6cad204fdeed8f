#include "StressBot/control/ControlServer.h"

#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>

#include "StressBot/control/CommandReader.h"
#include "StressBot/control/PrometheusText.h"
#include "StressBot/control/RequestGuard.h"
#include "StressBot/control/RunControl.h"
#include "StressBot/control/StatusJson.h"
#include "StressBot/json/Diagnostics.h"
#include "StressBot/system/ListeningSocket.h"

namespace stressbot {

namespace {

constexpr std::size_t kBodyBytesMax = 4'096;
/// Its paths are short; the library matches by regular expressions, whose cost grows with a path.
constexpr std::size_t kPathBytesMax = 64;
constexpr std::size_t kThreads = 4;
/// A client that is slower holds one of the threads.
constexpr int kPatienceSeconds = 2;

constexpr const char* kJson = "application/json";
constexpr const char* kPrometheus = "text/plain; version=0.0.4; charset=utf-8";

void Answer(httplib::Response& response, int status, const std::string& body) {
  response.status = status;
  response.set_content(body, kJson);
}

int StatusOf(ControlAnswer::Kind kind) {
  switch (kind) {
    case ControlAnswer::Kind::kDone:
      return 200;
    case ControlAnswer::Kind::kWrong:
      return 400;
    case ControlAnswer::Kind::kOutOfPlace:
      break;
  }
  return 409;
}

/// For what the library refuses by itself.
std::string SentenceOf(int status) {
  if (status == 413) return "a body has at most 4,096 bytes";
  return status >= 500 ? "internal error" : "no such request; docs/CONTROL.md lists them";
}

/// 127.0.0.1 of 127.0.0.1:6565, and ::1 of [::1]:6565, as the library wants it.
std::string HostOf(const servercore::NetAddress& address) {
  std::string text = address.ToString();
  text.resize(text.rfind(':'));
  if (text.starts_with('[')) text = text.substr(1, text.size() - 2);
  return text;
}

}  // namespace

struct ControlServer::State {
  State(const ControlPoint& point, RunControl& run_control)
      : control(run_control), guard(point.token), address(point.address) {}

  bool Listen();
  void Prepare();
  bool LetIn(const httplib::Request& request, httplib::Response& response) const;
  void Get(const std::string& path, httplib::Response& response);
  void Post(const httplib::Request& request, httplib::Response& response);

  RunControl& control;
  const RequestGuard guard;
  servercore::NetAddress address;
  httplib::Server server;
  std::thread thread;
  std::atomic<bool> ended = false;  ///< it listens no more
  std::mutex metrics_mutex;
  std::uint64_t metrics_number = 0;  ///< of the interval that `metrics_text` tells
  std::string metrics_text;

 private:
  std::string MetricsText();
};

bool ControlServer::State::Listen() {
  // A port that somebody else listens on is taken: the library would share it.
  server.set_socket_options(
      [](socket_t socket) { MakePortExclusive(static_cast<std::uintptr_t>(socket)); });
  const std::string host = HostOf(address);
  if (address.port() == 0) {
    const int port = server.bind_to_any_port(host);
    if (port <= 0) return false;
    address = address.WithPort(static_cast<std::uint16_t>(port));
    return true;
  }
  return server.bind_to_port(host, address.port());
}

void ControlServer::State::Prepare() {
  server.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };  // NOLINT: it owns it
  server.set_payload_max_length(kBodyBytesMax);
  server.set_keep_alive_max_count(1);  // who is silent must hold no thread
  server.set_read_timeout(kPatienceSeconds);
  server.set_write_timeout(kPatienceSeconds);
  server.set_pre_routing_handler([this](const auto& request, auto& response) {
    return LetIn(request, response) ? httplib::Server::HandlerResponse::Unhandled
                                    : httplib::Server::HandlerResponse::Handled;
  });
  server.Get("/.*", [this](const auto& request, auto& response) { Get(request.path, response); });
  server.Post("/.*", [this](const auto& request, auto& response) { Post(request, response); });
  server.set_error_handler([](const auto&, auto& response) {
    if (!response.body.empty()) return;
    Answer(response, response.status, ErrorJson(SentenceOf(response.status)));
  });
}

bool ControlServer::State::LetIn(const httplib::Request& request,
                                 httplib::Response& response) const {
  const std::string host = request.get_header_value("Host");
  const std::string origin = request.get_header_value("Origin");
  const std::string authorization = request.get_header_value("Authorization");
  const RequestGuard::Refusal refusal = guard.Judge({host, origin, authorization});
  if (refusal.status != 0) {
    if (refusal.status == 401) response.set_header("WWW-Authenticate", "Bearer");
    Answer(response, refusal.status, ErrorJson(refusal.why));
    return false;
  }
  if (request.method != "GET" && request.method != "HEAD" && request.method != "POST") {
    Answer(response, 405, ErrorJson("GET and POST only"));
    return false;
  }
  if (request.path.size() <= kPathBytesMax) return true;
  Answer(response, 404, ErrorJson("no such path"));
  return false;
}

void ControlServer::State::Get(const std::string& path, httplib::Response& response) {
  if (path == "/status") return Answer(response, 200, StatusJson(control.Status()));
  if (path == "/metrics") return response.set_content(MetricsText(), kPrometheus);
  const auto& names = CommandNames();
  if (std::find(names.begin(), names.end(), path.substr(1)) != names.end()) {
    response.set_header("Allow", "POST");
    return Answer(response, 405, ErrorJson("this changes the run: POST it"));
  }
  std::string known = "GET /status, GET /metrics";
  for (const std::string& name : names) known += ", POST /" + name;
  Answer(response, 404, ErrorJson("no such path; there is " + known));
}

void ControlServer::State::Post(const httplib::Request& request, httplib::Response& response) {
  const std::string name = request.path.substr(1);
  const auto& names = CommandNames();
  if (std::find(names.begin(), names.end(), name) == names.end())
    return Answer(response, 404, ErrorJson("no such command" + Suggest(name, names)));
  std::string error;
  const auto command = ReadCommand(name, request.body, error);
  if (!command) return Answer(response, 400, ErrorJson(error));
  const ControlAnswer answer = control.Do(*command);
  Answer(response, StatusOf(answer.kind), AnswerJson(answer));
}

/// Made once for each interval, however often it is asked for.
std::string ControlServer::State::MetricsText() {
  const std::lock_guard lock(metrics_mutex);
  control.Read([this](const RunControl::View& view) {
    if (!metrics_text.empty() && view.number == metrics_number) return;
    metrics_number = view.number;
    metrics_text = PrometheusText(view);
  });
  return metrics_text;
}

ControlServer::ControlServer(std::unique_ptr<State> state) : state_(std::move(state)) {
  state_->thread = std::thread([state = state_.get()] {
    state->server.listen_after_bind();
    state->ended = true;
  });
}

std::unique_ptr<ControlServer> ControlServer::Start(const ControlPoint& point, RunControl& control,
                                                    std::string& error) {
  auto state = std::make_unique<State>(point, control);
  state->Prepare();
  if (!state->Listen()) {
    error = "the control interface cannot listen on " + point.address.ToString() +
            ": the port is taken, or the address is not of this machine";
    return nullptr;
  }
  return std::unique_ptr<ControlServer>(new ControlServer(std::move(state)));
}

ControlServer::~ControlServer() {
  // The library forgets a stop that comes before its loop begins.
  while (!state_->server.is_running() && !state_->ended) std::this_thread::yield();
  state_->server.stop();
  state_->thread.join();
}

const servercore::NetAddress& ControlServer::address() const { return state_->address; }

}  // namespace stressbot
