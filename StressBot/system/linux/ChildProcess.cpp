#include "StressBot/system/ChildProcess.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>  // NOLINT: sigabbrev_np is not in <cstring>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <thread>
#include <utility>

#include "StressBot/system/CommandLine.h"
#include "StressBot/system/LineTail.h"
#include "StressBot/system/linux/CoreFile.h"
#include "StressBot/system/linux/OwnedFd.h"
#include "StressBot/system/linux/ProcFiles.h"

namespace stressbot {

namespace {

struct Pipe {
  OwnedFd read, write;
};

/// Closed on exec: what the child needs is duplicated onto its standard descriptors.
bool OpenPipe(Pipe& made) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  made.read = OwnedFd(ends[0]);
  made.write = OwnedFd(ends[1]);
  return true;
}

/// The child's side between fork and exec: system calls only, since other threads' locks (of the
/// allocator, say) may be held for ever here. Never returns.
[[noreturn]] void BecomeProgram(char* const* words, int output, int failure, pid_t parent) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);  // the parent died before the line above
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);  // NOLINT: the system's macro casts
  ::signal(SIGCHLD, SIG_DFL);  // NOLINT: the same
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  ::execvp(words[0], words);
  const int error = errno;
  [[maybe_unused]] const ssize_t told = ::write(failure, &error, sizeof(error));
  ::_exit(127);
}

/// Whoever started us may have left SIGCHLD ignored; then the system throws away how children end.
void KeepEndsOfChildren() {
  struct sigaction action {};
  ::sigaction(SIGCHLD, nullptr, &action);
  const bool ignored = (action.sa_flags & SA_SIGINFO) == 0 &&
                       action.sa_handler == SIG_IGN;  // NOLINT: the system's macro casts
  if (ignored) action.sa_handler = SIG_DFL;           // NOLINT: the same
  action.sa_flags &= ~SA_NOCLDWAIT;
  ::sigaction(SIGCHLD, &action, nullptr);
}

/// The error of exec, or 0 when the program runs (exec closed the pipe).
int ReadStartError(int failure) {
  int error = 0;
  ssize_t got = 0;
  do {
    got = ::read(failure, &error, sizeof(error));
  } while (got < 0 && errno == EINTR);
  return got == sizeof(error) ? error : 0;
}

ProcessEnd ToEnd(const siginfo_t& info, const std::string& program) {
  if (info.si_code == CLD_EXITED) return {.exit_code = info.si_status};
  const char* name = ::sigabbrev_np(info.si_status);
  CoreFile core = FindCore(info.si_pid, info.si_status, info.si_code == CLD_DUMPED, program);
  return {.way = info.si_status == SIGTERM ? ProcessEnd::Way::kAsked : ProcessEnd::Way::kCrashed,
          .cause = "killed by signal " + std::to_string(info.si_status) +
                   (name == nullptr ? "" : std::string(" (SIG") + name + ")"),
          .stack = std::move(core.told),
          .stack_command = std::move(core.command)};
}

}  // namespace

struct ChildProcess::Process {
  pid_t pid = -1;
  std::string program;
  std::optional<ProcessEnd> end;
  LineTail tail{kLinesKept, kLineBytesMax};
  OwnedFd output;
  OwnedFd stop_reading;
  std::thread reader;

  /// Reads until the end of the stream, or until told that nothing more of interest comes: a
  /// grandchild that left the process group may hold the stream open for ever.
  void ReadOutput() {
    std::array<char, 4096> bytes{};
    for (;;) {
      std::array<pollfd, 2> waits{{{output.get(), POLLIN, 0}, {stop_reading.get(), POLLIN, 0}}};
      if (::poll(waits.data(), waits.size(), -1) < 0 && errno != EINTR) return;
      if (waits[0].revents == 0 && waits[1].revents != 0) return;
      if (waits[0].revents == 0) continue;
      const ssize_t got = ::read(output.get(), bytes.data(), bytes.size());
      if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) return;
      if (got > 0) tail.Take({bytes.data(), static_cast<std::size_t>(got)});
    }
  }

  void FinishReading() {
    if (!reader.joinable()) return;
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t told = ::write(stop_reading.get(), &one, sizeof(one));
    reader.join();
  }
};

ChildProcess::ChildProcess(std::unique_ptr<Process> process) : process_(std::move(process)) {}

std::unique_ptr<ChildProcess> ChildProcess::Start(const std::string& command, std::string& error) {
  auto words = SplitCommand(command, Backslash::kEscapesAll, error);
  return words ? Start(std::move(*words), error) : nullptr;
}

std::unique_ptr<ChildProcess> ChildProcess::Start(std::vector<std::string> words,
                                                  std::string& error) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  const auto failed = [&](int code) {
    error = "cannot start \"" + words.front() + "\": " + std::generic_category().message(code);
    return nullptr;
  };
  Pipe output;
  Pipe failure;
  if (!OpenPipe(output) || !OpenPipe(failure)) return failed(errno);
  auto process = std::make_unique<Process>();
  process->stop_reading = OwnedFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (process->stop_reading.get() < 0) return failed(errno);

  KeepEndsOfChildren();
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) return failed(errno);
  if (pid == 0) BecomeProgram(arguments.data(), output.write.get(), failure.write.get(), parent);
  ::setpgid(pid, pid);  // on both sides, so that neither has to wait for the other
  output.write.Close();
  failure.write.Close();
  if (const int code = ReadStartError(failure.read.get()); code != 0) {
    ::waitpid(pid, nullptr, 0);
    return failed(code);
  }
  process->pid = pid;
  process->program = words.front();
  process->output = std::move(output.read);
  process->reader = std::thread([reading = process.get()] { reading->ReadOutput(); });
  return std::unique_ptr<ChildProcess>(new ChildProcess(std::move(process)));
}

ChildProcess::~ChildProcess() {
  Kill();
  // One that hangs inside the system dies with us at the latest: no reason to hang too.
  if (!WaitFor(std::chrono::seconds(10))) process_->FinishReading();
}

std::int64_t ChildProcess::pid() const { return process_->pid; }

std::vector<std::int64_t> ChildProcess::Processes() const {
  constexpr std::size_t kProcessGroup = 5;  // number of the field in proc(5), /proc/PID/stat
  std::vector<std::int64_t> members;
  for (const std::int64_t pid : ProcessIds()) {
    const std::vector<std::string> fields = StatFields(pid);
    const bool runs =
        !fields.empty() && fields.front() != "Z";  // a zombie only waits for its parent
    if (runs && StatField(fields, kProcessGroup) == process_->pid) members.push_back(pid);
  }
  return members;
}

std::optional<ProcessEnd> ChildProcess::TryWait() {
  if (process_->end) return process_->end;
  siginfo_t info{};
  // Left as a zombie first: as long as it is one, its number cannot become another process group's.
  const auto id = static_cast<id_t>(process_->pid);
  const int failed = ::waitid(P_PID, id, &info, WEXITED | WNOHANG | WNOWAIT);
  if (failed == 0 && info.si_pid == 0) return std::nullopt;
  if (failed != 0 && errno != ECHILD) return std::nullopt;
  if (failed != 0) {
    // Somebody else collected it. Its group is left alone: its number may be another's by now.
    process_->end = ProcessEnd{.way = ProcessEnd::Way::kUnknown};
  } else {
    ::kill(-process_->pid, SIGKILL);
    ::waitpid(process_->pid, nullptr, 0);
    process_->end = ToEnd(info, process_->program);
  }
  process_->FinishReading();
  return process_->end;
}

std::optional<ProcessEnd> ChildProcess::WaitFor(std::chrono::milliseconds timeout) {
  const auto until = std::chrono::steady_clock::now() + timeout;
  // Polled: waiting for a child with a time limit needs a signal handler or a new system call.
  for (;;) {
    if (std::optional<ProcessEnd> end = TryWait()) return end;
    if (std::chrono::steady_clock::now() >= until) return std::nullopt;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

void ChildProcess::Terminate() {
  if (!process_->end) ::kill(-process_->pid, SIGTERM);
}

void ChildProcess::Kill() {
  if (!process_->end) ::kill(-process_->pid, SIGKILL);
}

void ChildProcess::Pause() {
  if (!process_->end) ::kill(-process_->pid, SIGSTOP);
}

void ChildProcess::Resume() {
  if (!process_->end) ::kill(-process_->pid, SIGCONT);
}

std::vector<std::string> ChildProcess::LastLines() const { return process_->tail.Lines(); }

std::vector<OutputLine> ChildProcess::Lines(std::uint64_t from) const {
  return process_->tail.From(from);
}

}  // namespace stressbot
