#include "StressBot/cli/ServerSupervisor.h"

#include <algorithm>
#include <utility>

#include "StressBot/metrics/Format.h"
#include "StressBot/system/ListeningPorts.h"

namespace stressbot {

namespace {

std::string ToText(const std::vector<std::uint16_t>& ports) {
  std::string text;
  for (const std::uint16_t port : ports) text += (text.empty() ? "" : ", ") + std::to_string(port);
  return text;
}

/// "was killed by signal 9 (SIGKILL)", "crashed: ...", "exited with code 3".
std::string WhatBefell(const ProcessEnd& end) {
  const std::string text = end.ToString();
  return text.starts_with("killed") || text.starts_with("ended by") ? "was " + text : text;
}

/// Nothing when it did not, or somebody does not want to wait.
std::optional<ProcessEnd> WaitForEnd(ChildProcess& process, std::chrono::milliseconds timeout,
                                     servercore::StopRequests& stops, int stops_before) {
  constexpr std::chrono::milliseconds kLookEvery{5};
  const auto until = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    std::optional<ProcessEnd> end = process.TryWait();
    if (end || std::chrono::steady_clock::now() >= until) return end;
    if (stops.WaitFor(kLookEvery) > stops_before) return std::nullopt;
  }
}

}  // namespace

std::vector<std::size_t> ServerSupervisor::ServedBy(const Program& program) {
  if (program.servers.size() == 1) return {0};
  std::vector<std::size_t> served;
  for (std::size_t i = 0; i < program.servers.size(); ++i) {
    if (program.servers[i].address.IsLoopback()) served.push_back(i);
  }
  return served;
}

ServerSupervisor::ServerSupervisor(std::string command, std::unique_ptr<ChildProcess> process)
    : command_(std::move(command)), process_(std::move(process)) {}

std::unique_ptr<ServerSupervisor> ServerSupervisor::Start(const std::string& command,
                                                          std::string& error) {
  std::unique_ptr<ChildProcess> process = ChildProcess::Start(command, error);
  if (process == nullptr) return nullptr;
  return std::unique_ptr<ServerSupervisor>(new ServerSupervisor(command, std::move(process)));
}

ServerSupervisor::Readiness ServerSupervisor::WaitUntilReady(Program& program,
                                                             servercore::StopRequests& stops,
                                                             std::string& error,
                                                             std::chrono::milliseconds timeout) {
  constexpr std::chrono::milliseconds kLookEvery{20};
  serves_.clear();
  for (const std::size_t index : ServedBy(program)) {
    const servercore::NetAddress& address = program.servers[index].address;
    serves_.push_back({index, address, address.port() == 0});
  }
  const auto until = std::chrono::steady_clock::now() + timeout;
  std::string waiting_for;
  std::optional<Places> places;
  while (!(places = ListensAt(waiting_for))) {
    if (const auto end = process_->TryWait()) {
      error = "the server of --server " + end->ToString() + " before it listened" + LastWords();
      return Readiness::kFailed;
    }
    if (std::chrono::steady_clock::now() >= until) {
      error = "the server of --server does not listen on " + waiting_for + " after " +
              FormatSpan(timeout) + LastWords();
      return Readiness::kFailed;
    }
    if (stops.WaitFor(kLookEvery) > 0) return Readiness::kInterrupted;
  }
  for (const auto& [index, address] : *places) {
    Server& server = program.servers[index];
    if (server.address.port() == 0) server.target = address.ToString();
    server.address = address;
  }
  return Readiness::kReady;
}

std::optional<ServerSupervisor::Places> ServerSupervisor::ListensAt(
    std::string& waiting_for) const {
  const std::vector<std::uint16_t> ports = ListeningPorts(process_->Processes());
  Places places;
  for (const Served& served : serves_) {
    const std::uint16_t port = served.address.port();
    if (served.any_port && ports.size() == 1) {
      places.emplace_back(served.index, served.address.WithPort(ports.front()));
    } else if (served.any_port) {
      waiting_for = ports.empty()
                        ? "any port"
                        : "exactly one port, but on " + ToText(ports) + ": name one with --target";
      return std::nullopt;
    } else if (std::find(ports.begin(), ports.end(), port) == ports.end()) {
      waiting_for =
          "port " + std::to_string(port) + (ports.empty() ? "" : ", but on " + ToText(ports));
      return std::nullopt;
    } else {
      places.emplace_back(served.index, served.address);
    }
  }
  return places;
}

bool ServerSupervisor::HasDied(std::chrono::nanoseconds run_time) {
  if (end_) return died_ || CrashedWhenAsked();
  if (end_expected_) return false;
  end_ = process_->TryWait();
  if (!end_) return false;
  died_ = true;
  died_at_ = run_time;
  return true;
}

/// It crashed, or its code is not 0; a shell gives the one below to a program that was asked.
bool ServerSupervisor::EndedBadly() const {
  constexpr int kAskedSaysShell = 128 + 15;
  if (!end_ || died_ || down_ || ended_before_asked_ || stopped_by_force_) return false;
  if (end_->way != ProcessEnd::Way::kExited) return end_->way == ProcessEnd::Way::kCrashed;
  return end_->exit_code != 0 && end_->exit_code != kAskedSaysShell;
}

bool ServerSupervisor::CrashedWhenAsked() const {
  return end_ && end_->way == ProcessEnd::Way::kCrashed && !stopped_by_force_;
}

void ServerSupervisor::End(bool kill) {
  Resume();  // what stands still cannot end in order
  end_expected_ = true;
  if (kill) {
    stopped_by_force_ = true;
    process_->Kill();
  } else {
    process_->Terminate();
  }
}

std::optional<ProcessEnd> ServerSupervisor::TakeEnd() {
  if (!end_) end_ = process_->TryWait();
  down_ = end_.has_value();
  return end_;
}

void ServerSupervisor::Pause() {
  paused_ = true;
  process_->Pause();
}

void ServerSupervisor::Resume() {
  if (std::exchange(paused_, false)) process_->Resume();
}

bool ServerSupervisor::StartAgain(std::string& error) {
  std::unique_ptr<ChildProcess> process = ChildProcess::Start(command_, error);
  if (process == nullptr) return false;
  process_ = std::move(process);
  end_.reset();
  stack_.clear();
  ended_before_asked_ = false;
  end_expected_ = stopped_by_force_ = down_ = false;
  meter_.Restart();
  return true;
}

void ServerSupervisor::SetGauges(const EngineMetrics& metrics, MetricsFrame& frame) {
  if (end_) {
    meter_.Clear();
  } else {
    meter_.Measure(process_->pid());
  }
  for (const Served& served : serves_)
    meter_.SetGauges(metrics.servers[served.index], !end_, frame);
}

void ServerSupervisor::Stop(std::chrono::milliseconds timeout, servercore::StopRequests& stops) {
  if (end_) return;
  const int stops_before = stops.WaitFor(std::chrono::milliseconds(0));  // a later one counts
  end_ = process_->TryWait();
  ended_before_asked_ = end_.has_value();
  if (end_) return;
  End(false);
  end_ = WaitForEnd(*process_, timeout, stops, stops_before);
  if (end_) return;
  stopped_by_force_ = true;
  process_->Kill();
  end_ = process_->WaitFor(kStopTimeout);
}

void ServerSupervisor::ReadStack(servercore::StopRequests& stops) {
  constexpr std::chrono::seconds kPatience{20};
  if (!end_ || end_->stack_command.empty()) return;
  const int stops_before = stops.WaitFor(std::chrono::milliseconds(0));
  std::string error;
  const auto debugger = ChildProcess::Start(end_->stack_command, error);
  if (debugger == nullptr) return;  // there is none: the command is told
  WaitForEnd(*debugger, kPatience, stops, stops_before);
  for (std::string& line : debugger->LastLines()) {
    if (line.starts_with("#0 ")) stack_.clear();  // it says the first one twice
    if (line.starts_with('#')) stack_.push_back(std::move(line));
  }
}

std::string ServerSupervisor::Complaint() const {
  if (died_) {
    return "the server of --server " + WhatBefell(*end_) + " at " + FormatSpan(died_at_) +
           ", although nobody asked it to end";
  }
  if (!CrashedWhenAsked()) return {};
  return "the server of --server was asked to end and " + WhatBefell(*end_);
}

void ServerSupervisor::Describe(std::size_t server, ServerReport& report) const {
  report.watched = std::any_of(serves_.begin(), serves_.end(),
                               [&](const Served& served) { return served.index == server; });
  if (!report.watched) return;
  report.command = command_;
  report.pid = process_->pid();
  report.alive = !died_ && !down_ && !ended_before_asked_;
  report.last_lines = process_->LastLines();
  if (!end_) return;
  report.ending = end_->ToString();
  report.ended_badly = EndedBadly();
  report.stack = stack_;
  if (!end_->stack.empty()) report.stack.push_back(end_->stack);
  if (died_) report.ending += " at " + FormatSpan(died_at_);
  if (down_) report.ending += ", as an event asked";
  if (stopped_by_force_ && !down_) report.ending += ", because it did not end when asked";
}

std::string ServerSupervisor::LastWords() const {
  constexpr std::size_t kShown = 5;
  const std::vector<std::string> lines = process_->LastLines();
  if (lines.empty()) return "; it wrote nothing";
  std::string text = "; its last lines: ";
  const std::size_t first = lines.size() > kShown ? lines.size() - kShown : 0;
  for (std::size_t i = first; i < lines.size(); ++i) text += (i == first ? "" : " | ") + lines[i];
  return text;
}

}  // namespace stressbot
