#include "StressBot/dashboard/model/RunHost.h"

#include <condition_variable>
#include <deque>
#include <exception>
#include <future>
#include <mutex>
#include <sstream>
#include <thread>
#include <utility>
#include <variant>

#include "ServerCore/io/StopRequests.h"
#include "StressBot/cli/RunSession.h"
#include "StressBot/report/FileWriter.h"
#include "StressBot/report/RunReader.h"
#include "StressBot/report/Utf8.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kLinesKept = 2'000;
/// As long as after Ctrl-C, and what its server takes.
constexpr std::chrono::seconds kEndingMax{8};

/// A stop that somebody presses. Thread: any.
class StopButton : public servercore::StopRequests {
 public:
  void Press() {
    const std::scoped_lock lock(mutex_);
    ++presses_;
    pressed_.notify_all();
  }
  int WaitFor(std::chrono::milliseconds timeout) override {
    std::unique_lock lock(mutex_);
    pressed_.wait_for(lock, timeout, [&] { return presses_ > seen_; });
    seen_ = presses_;
    return presses_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable pressed_;
  int presses_ = 0, seen_ = 0;
};

bool EndsRun(const ControlCommand& command) {
  return std::holds_alternative<StopCommand>(command) ||
         std::holds_alternative<AbortCommand>(command);
}

}  // namespace

/// What is shown, and who works on it. The run's thread writes, the window's reads: under the
/// mutex.
struct RunHost::Shown : public RunObserver {
  Shown(std::function<void()> wake_window, const std::atomic<Language>& wanted)
      : wake(std::move(wake_window)), language(wanted) {}
  ~Shown() override {
    if (thread.joinable()) thread.join();
  }

  /// False when it does not end.
  bool End() {
    stop.Press();
    if (ended.valid() && ended.wait_for(kEndingMax) != std::future_status::ready) return false;
    return session == nullptr || session->all_ended();
  }

  void OnBegin() override {
    {
      const std::scoped_lock lock(mutex);
      begun_at = Clock::now();
      state = State::kRunning;
    }
    wake();
  }
  void OnLook() override { TakeLines(); }
  void OnInterval(const MetricsInterval&, const ByHand&) override {
    try {
      Publish(session->SoFar(), State::kRunning);
    } catch (const std::exception& error) {  // the load does not end because of a picture
      Complain(std::string("internal error: ") + error.what());
    }
  }
  void OnNews(const std::string&) override { wake(); }

  // The run's thread.
  void RunAll();
  void RunSessionOf();
  void TakeLines();
  void Publish(const RunResult& newest, State as);
  void Complain(const std::string& text);

  /// The session is null until the scenario is checked.
  std::pair<State, RunSession*> Now() const {
    const std::scoped_lock lock(mutex);
    return {state, session.get()};
  }
  const RunResult& Ended() const { return recorded ? recorded->result : result; }

  const std::function<void()> wake;
  const std::atomic<Language>& language;
  Options options;
  StopButton stop;
  std::unique_ptr<RecordedRun> recorded;  ///< of a file; then there is no session
  RunResult result;                       ///< once it is over

  mutable std::mutex mutex;
  State state = State::kPreparing;
  std::unique_ptr<RunSession> session;  ///< once it is checked
  std::shared_ptr<const RunView> view;
  std::vector<std::string> complaints;
  std::optional<Clock::time_point> begun_at;
  std::deque<OutputLine> lines;
  std::uint64_t lines_seen = 0;  ///< of the server that runs now
  std::int64_t server_pid = 0;
  std::uint64_t lines_version = 0;

  std::future<void> ended;  ///< the thread's work
  std::thread thread;       ///< the last, so that all else is there when it begins

  std::vector<ServerLine> ServerLines() const;  ///< REQUIRES the mutex
};

void RunHost::Shown::RunAll() {
  try {
    RunSessionOf();
  } catch (const std::exception& error) {
    Complain(std::string("internal error: ") + error.what());
    const std::scoped_lock lock(mutex);
    state = State::kRefused;
  }
  wake();
}

void RunHost::Shown::RunSessionOf() {
  std::unique_ptr<RunPlan> plan =
      PrepareRun(options, [this](const std::string& line) { Complain(line); });
  {
    const std::scoped_lock lock(mutex);
    if (plan == nullptr) {
      state = State::kRefused;
      return;
    }
    session = std::make_unique<RunSession>(options, std::move(plan), stop);
  }
  result = session->Run(this);
  TakeLines();
  Publish(result, State::kOver);
}

/// Several mistakes in a file come as one text.
void RunHost::Shown::Complain(const std::string& text) {
  const std::scoped_lock lock(mutex);
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) complaints.push_back(ToPrintable(line));
}

/// A server that an event started again counts its lines anew.
void RunHost::Shown::TakeLines() {
  const std::int64_t pid = session->ServerPid();
  if (pid != server_pid) lines_seen = 0;
  server_pid = pid;
  std::vector<OutputLine> newest = session->ServerLines(lines_seen);
  if (newest.empty()) return;
  lines_seen = newest.back().number + 1;
  {
    const std::scoped_lock lock(mutex);
    for (OutputLine& line : newest) {
      line.text = ToPrintable(line.text);
      lines.push_back(std::move(line));
      if (lines.size() > kLinesKept) lines.pop_front();
    }
    ++lines_version;
  }
  wake();
}

void RunHost::Shown::Publish(const RunResult& newest, State as) {
  std::vector<ServerLine> told;
  {
    const std::scoped_lock lock(mutex);
    told = ServerLines();
  }
  auto made =
      std::make_shared<const RunView>(MakeRunView(newest, told, as == State::kOver, language));
  {
    const std::scoped_lock lock(mutex);
    view = std::move(made);
    state = as;
  }
  wake();
}

std::vector<ServerLine> RunHost::Shown::ServerLines() const {
  std::vector<ServerLine> told;
  told.reserve(lines.size());
  for (const OutputLine& line : lines) {
    // Before the run has begun: at its beginning, whenever that will be.
    const double at_s =
        begun_at ? std::chrono::duration<double>(line.at - *begun_at).count() : -1.0;
    told.push_back({at_s, line.text});
  }
  return told;
}

RunHost::RunHost(std::function<void()> wake) : wake_(std::move(wake)) {}

RunHost::~RunHost() { Drop(); }

/// What hangs stays where it is.
void RunHost::Drop() {
  if (shown_ != nullptr && !shown_->End()) {
    has_left_something_ = true;
    if (shown_->thread.joinable()) shown_->thread.detach();
    static_cast<void>(shown_.release());
  }
  shown_.reset();
}

void RunHost::Start(Options options) {
  Drop();
  shown_ = std::make_unique<Shown>(wake_, language_);
  shown_->options = std::move(options);
  std::promise<void> end;
  shown_->ended = end.get_future();
  shown_->thread = std::thread([shown = shown_.get(), end = std::move(end)]() mutable {
    shown->RunAll();
    end.set_value();
  });
}

bool RunHost::Open(const std::filesystem::path& file, std::string& error) {
  std::error_code unknown;
  if (std::filesystem::is_other(file, unknown)) {
    error = Utf8Of(file) + " is no file of which an end is known.";
    return false;
  }
  auto recorded = ReadRunFile(file, error);
  if (recorded == nullptr) return false;
  auto shown = std::make_unique<Shown>(wake_, language_);
  shown->recorded = std::move(recorded);
  shown->Publish(shown->recorded->result, State::kOver);
  Drop();
  shown_ = std::move(shown);
  return true;
}

void RunHost::SetLanguage(Language language) {
  language_ = language;
  if (state() != State::kOver || view()->language == language) return;
  shown_->Publish(shown_->Ended(), State::kOver);
}

bool RunHost::Close() {
  Drop();
  return !has_left_something_;
}

RunHost::State RunHost::state() const {
  return shown_ == nullptr ? State::kNone : shown_->Now().first;
}

bool RunHost::is_going_on() const {
  const State now = state();
  return now == State::kPreparing || now == State::kRunning;
}

std::string RunHost::scenario_file() const {
  return shown_ == nullptr ? std::string() : shown_->options.scenario_file;
}

ControlAnswer RunHost::Do(const ControlCommand& command) {
  constexpr auto kOutOfPlace = ControlAnswer::Kind::kOutOfPlace;
  if (shown_ == nullptr) return {kOutOfPlace, {}, "nothing runs"};
  const auto [now, session] = shown_->Now();
  if (now == State::kRunning) return session->control().Do(command);
  if (now != State::kPreparing) return {kOutOfPlace, {}, "nothing runs"};
  if (!EndsRun(command)) return {kOutOfPlace, {}, "the run has not begun yet"};
  shown_->stop.Press();
  return {ControlAnswer::Kind::kDone, {}, "given up"};
}

void RunHost::Interrupt() {
  if (shown_ != nullptr) shown_->stop.Press();
}

std::optional<RunStatus> RunHost::status() const {
  if (shown_ == nullptr) return std::nullopt;
  RunSession* const session = shown_->Now().second;
  if (session == nullptr) return std::nullopt;
  return session->control().Status();
}

std::shared_ptr<const RunView> RunHost::view() const {
  if (shown_ == nullptr) return nullptr;
  const std::scoped_lock lock(shown_->mutex);
  return shown_->view;
}

std::vector<ServerLine> RunHost::server_lines() const {
  if (shown_ == nullptr) return {};
  const std::scoped_lock lock(shown_->mutex);
  return shown_->ServerLines();
}

std::uint64_t RunHost::server_lines_version() const {
  if (shown_ == nullptr) return 0;
  const std::scoped_lock lock(shown_->mutex);
  return shown_->lines_version;
}

std::vector<std::string> RunHost::complaints() const {
  if (shown_ == nullptr) return {};
  const std::scoped_lock lock(shown_->mutex);
  return shown_->complaints;
}

bool RunHost::Save(const ReportFormat& format, const std::filesystem::path& file,
                   std::string& error) const {
  if (state() != State::kOver) {
    error = "a report is made of a run that is over";
    return false;
  }
  return WriteFileAtomically(file, format.write(shown_->Ended()), error);
}

}  // namespace stressbot
