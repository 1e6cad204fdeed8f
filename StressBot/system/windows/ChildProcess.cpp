#include "StressBot/system/ChildProcess.h"

#include <windows.h>

#include <tlhelp32.h>  // needs windows.h before it

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <thread>

#include "ServerCore/io/backends/WindowsText.h"
#include "StressBot/system/CommandLine.h"
#include "StressBot/system/LineTail.h"
#include "StressBot/system/Utf8Path.h"
#include "StressBot/system/windows/CommandQuoting.h"
#include "StressBot/system/windows/ExitCodes.h"
#include "StressBot/system/windows/OwnedHandle.h"

namespace stressbot {

namespace {

/// A handle that a child may be given. Which one it is given, Start says.
SECURITY_ATTRIBUTES Inheritable() {
  return {.nLength = sizeof(SECURITY_ATTRIBUTES),
          .lpSecurityDescriptor = nullptr,
          .bInheritHandle = TRUE};
}

/// All processes of a job end with its last handle, so with us. One that crashes ends, instead of
/// showing a window that waits for somebody to close it.
OwnedHandle MakeJob() {
  OwnedHandle job(::CreateJobObjectW(nullptr, nullptr));
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
  limits.BasicLimitInformation.LimitFlags =
      JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
  const bool set = job && ::SetInformationJobObject(job.get(), JobObjectExtendedLimitInformation,
                                                    &limits, sizeof(limits)) != 0;
  return set ? std::move(job) : OwnedHandle();
}

/// The file of a program: with a directory relative to ours, without one looked up as the system
/// does (our directory, then PATH). Empty when there is none.
std::wstring FindProgram(const std::string& name) {
  std::wstring wide = servercore::ToWide(name);
  std::replace(wide.begin(), wide.end(), L'/', L'\\');
  std::wstring found;
  DWORD size = MAX_PATH;
  do {
    found.resize(size);
    size = ::SearchPathW(nullptr, wide.c_str(), L".exe", static_cast<DWORD>(found.size()),
                         found.data(), nullptr);
  } while (size > found.size());
  found.resize(size);
  return found;
}

/// The handles that a child is given: of all that may be inherited (sockets are, unless one says
/// otherwise) only these.
class InheritedHandles {
 public:
  explicit InheritedHandles(std::array<HANDLE, 2> handles) : handles_(handles) {
    SIZE_T size = 0;
    ::InitializeProcThreadAttributeList(nullptr, 1, 0, &size);
    memory_.resize(size);
    ready_ = ::InitializeProcThreadAttributeList(list(), 1, 0, &size) != 0;
    ready_ = ready_ &&
             ::UpdateProcThreadAttribute(list(), 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST,
                                         handles_.data(), sizeof(handles_), nullptr, nullptr) != 0;
  }
  InheritedHandles(const InheritedHandles&) = delete;
  InheritedHandles& operator=(const InheritedHandles&) = delete;
  ~InheritedHandles() {
    if (ready_) ::DeleteProcThreadAttributeList(list());
  }

  bool ready() const { return ready_; }
  LPPROC_THREAD_ATTRIBUTE_LIST list() {
    return reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(memory_.data());  // NOLINT: as documented
  }

 private:
  std::array<HANDLE, 2> handles_;
  std::vector<std::byte> memory_;
  bool ready_ = false;
};

bool HaveConsole() { return ::GetConsoleCP() != 0; }

/// Reads what a child writes until the last handle of the pipe's other end is closed. Shared with
/// its thread, which may outlive a process that hangs inside the system.
struct OutputReader {
  OwnedHandle pipe;
  LineTail tail{ChildProcess::kLinesKept, ChildProcess::kLineBytesMax};

  void Run() {
    std::array<char, 4096> bytes{};
    DWORD got = 0;
    while (::ReadFile(pipe.get(), bytes.data(), static_cast<DWORD>(bytes.size()), &got, nullptr) !=
           0) {
      tail.Take({bytes.data(), got});
    }
  }
};

/// Programs that do not care for UTF-8 write in the system's "ANSI" code page (949 in Korea).
std::string LineToUtf8(std::string line) {
  if (!line.empty() && line.back() == '\r') line.pop_back();
  const auto bytes = static_cast<int>(line.size());
  const auto units_as = [&](UINT code_page, DWORD flags) {
    return ::MultiByteToWideChar(code_page, flags, line.data(), bytes, nullptr, 0);
  };
  if (line.empty() || units_as(CP_UTF8, MB_ERR_INVALID_CHARS) > 0) return line;
  std::wstring wide(static_cast<std::size_t>(units_as(CP_ACP, 0)), L'\0');
  ::MultiByteToWideChar(CP_ACP, 0, line.data(), bytes, wide.data(), static_cast<int>(wide.size()));
  return servercore::ToUtf8(wide);
}

/// Windows can suspend threads only, one by one; what they start meanwhile is not seen.
template <typename F>
void ForEachThread(const std::vector<std::int64_t>& processes, F&& visit) {
  const HANDLE all = ::CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
  if (all == INVALID_HANDLE_VALUE) return;
  const OwnedHandle snapshot(all);
  THREADENTRY32 entry{};
  entry.dwSize = sizeof(entry);
  for (BOOL more = ::Thread32First(all, &entry); more != 0; more = ::Thread32Next(all, &entry)) {
    const auto owner = static_cast<std::int64_t>(entry.th32OwnerProcessID);
    if (std::find(processes.begin(), processes.end(), owner) == processes.end()) continue;
    const OwnedHandle thread(::OpenThread(THREAD_SUSPEND_RESUME, FALSE, entry.th32ThreadID));
    if (thread) visit(thread.get());
  }
}

/// What is started meanwhile opens no box when it crashes, which would keep it alive until somebody
/// clicks. Of the whole process, so that it cannot be told of the child alone.
class NoErrorBoxes {
 public:
  NoErrorBoxes() : before_(::GetErrorMode()) {
    ::SetErrorMode(before_ | SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
  }
  NoErrorBoxes(const NoErrorBoxes&) = delete;
  NoErrorBoxes& operator=(const NoErrorBoxes&) = delete;
  ~NoErrorBoxes() { ::SetErrorMode(before_); }

 private:
  const UINT before_;
};

}  // namespace

struct ChildProcess::Process {
  DWORD pid = 0;
  OwnedHandle handle;
  OwnedHandle job;
  bool has_own_console = false;
  std::optional<ProcessEnd> end;
  std::shared_ptr<OutputReader> output = std::make_shared<OutputReader>();
  std::thread reader;

  /// Starts the program in the job, with `write_end` as its output. Returns an error of the system.
  DWORD Launch(const std::vector<std::string>& words, const OwnedHandle& write_end) {
    const std::wstring program = FindProgram(words.front());
    if (program.empty()) return ERROR_FILE_NOT_FOUND;
    SECURITY_ATTRIBUTES inheritable = Inheritable();
    const OwnedHandle nothing(::CreateFileW(L"NUL", GENERIC_READ,
                                            FILE_SHARE_READ | FILE_SHARE_WRITE, &inheritable,
                                            OPEN_EXISTING, 0, nullptr));
    InheritedHandles inherited({nothing.get(), write_end.get()});
    job = MakeJob();
    if (!nothing || !inherited.ready() || !job) return ::GetLastError();
    STARTUPINFOEXW startup{};
    startup.StartupInfo.cb = sizeof(startup);
    startup.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    startup.StartupInfo.hStdInput = nothing.get();
    startup.StartupInfo.hStdOutput = write_end.get();
    startup.StartupInfo.hStdError = write_end.get();
    startup.lpAttributeList = inherited.list();
    // Ctrl-Break travels by consoles. Without one of ours the child gets its own, unseen by
    // anybody.
    has_own_console = !HaveConsole();
    const DWORD flags = CREATE_NEW_PROCESS_GROUP | CREATE_SUSPENDED | EXTENDED_STARTUPINFO_PRESENT |
                        (has_own_console ? CREATE_NO_WINDOW : 0);
    const NoErrorBoxes inherited_by_it;
    std::wstring line = JoinWords(words);  // the system may write into it
    PROCESS_INFORMATION started{};
    if (::CreateProcessW(program.c_str(), line.data(), nullptr, nullptr, TRUE, flags, nullptr,
                         nullptr, &startup.StartupInfo, &started) == 0) {
      return ::GetLastError();
    }
    handle = OwnedHandle(started.hProcess);
    const OwnedHandle thread(started.hThread);
    pid = started.dwProcessId;
    // Suspended until it is in the job, or what it starts first would not be.
    if (::AssignProcessToJobObject(job.get(), handle.get()) == 0) {
      const DWORD error = ::GetLastError();
      ::TerminateProcess(handle.get(), kKilledCode);
      return error;
    }
    return ::ResumeThread(thread.get()) == static_cast<DWORD>(-1) ? ::GetLastError() : NO_ERROR;
  }
};

ChildProcess::ChildProcess(std::unique_ptr<Process> process) : process_(std::move(process)) {}

std::unique_ptr<ChildProcess> ChildProcess::Start(const std::string& command, std::string& error) {
  auto words = SplitCommand(command, Backslash::kEscapesQuotes, error);
  return words ? Start(std::move(*words), error) : nullptr;
}

std::unique_ptr<ChildProcess> ChildProcess::Start(std::vector<std::string> words,
                                                  std::string& error) {
  auto process = std::make_unique<Process>();
  SECURITY_ATTRIBUTES inheritable = Inheritable();
  HANDLE read = nullptr;
  HANDLE write = nullptr;
  DWORD failure = ::CreatePipe(&read, &write, &inheritable, 0) != 0 ? NO_ERROR : ::GetLastError();
  process->output->pipe = OwnedHandle(read);
  OwnedHandle write_end(write);
  if (failure == NO_ERROR) failure = process->Launch(words, write_end);
  if (failure != NO_ERROR) {
    const std::error_code why(static_cast<int>(failure), std::system_category());
    error = "cannot start \"" + words.front() + "\": " + ReasonOf(why);
    return nullptr;
  }
  process->reader = std::thread([output = process->output] { output->Run(); });
  return std::unique_ptr<ChildProcess>(new ChildProcess(std::move(process)));
}

ChildProcess::~ChildProcess() {
  Kill();
  // One that hangs inside the system ends with us at the latest: no reason to hang too.
  if (!WaitFor(std::chrono::seconds(10))) process_->reader.detach();
}

std::int64_t ChildProcess::pid() const { return process_->pid; }

std::vector<std::int64_t> ChildProcess::Processes() const {
  struct {
    JOBOBJECT_BASIC_PROCESS_ID_LIST list;
    std::array<ULONG_PTR, 1024> further;
  } ids{};
  // Of a job with more, those that fit are told.
  const BOOL told = ::QueryInformationJobObject(process_->job.get(), JobObjectBasicProcessIdList,
                                                &ids, sizeof(ids), nullptr);
  if (told == 0 && ::GetLastError() != ERROR_MORE_DATA) return {};
  const ULONG_PTR* first = ids.list.ProcessIdList;
  return {first, first + ids.list.NumberOfProcessIdsInList};
}

std::optional<ProcessEnd> ChildProcess::TryWait() { return WaitFor(std::chrono::milliseconds(0)); }

std::optional<ProcessEnd> ChildProcess::WaitFor(std::chrono::milliseconds timeout) {
  if (process_->end) return process_->end;
  const auto wait_ms = static_cast<DWORD>(timeout.count());
  if (::WaitForSingleObject(process_->handle.get(), wait_ms) != WAIT_OBJECT_0) return std::nullopt;
  ::TerminateJobObject(process_->job.get(), kKilledCode);
  DWORD code = 0;
  const bool told = ::GetExitCodeProcess(process_->handle.get(), &code) != 0;
  process_->end = told ? EndOf(code) : ProcessEnd{.way = ProcessEnd::Way::kUnknown};
  process_->reader.join();
  return process_->end;
}

// Wine 8.0 sends no Ctrl-Break to another group; there a server ends when it is killed.
void ChildProcess::Terminate() {
  if (process_->end) return;
  // An event reaches only those who share our console: the child's own is borrowed for that moment.
  if (process_->has_own_console) ::FreeConsole();
  if (process_->has_own_console && ::AttachConsole(process_->pid) == 0) return;
  ::GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, process_->pid);
  if (process_->has_own_console) ::FreeConsole();
}

void ChildProcess::Kill() {
  if (!process_->end) ::TerminateJobObject(process_->job.get(), kKilledCode);
}

void ChildProcess::Pause() {
  if (!process_->end) ForEachThread(Processes(), [](HANDLE thread) { ::SuspendThread(thread); });
}

void ChildProcess::Resume() {
  if (!process_->end) ForEachThread(Processes(), [](HANDLE thread) { ::ResumeThread(thread); });
}

std::vector<std::string> ChildProcess::LastLines() const {
  std::vector<std::string> lines = process_->output->tail.Lines();
  for (std::string& line : lines) line = LineToUtf8(std::move(line));
  return lines;
}

std::vector<OutputLine> ChildProcess::Lines(std::uint64_t from) const {
  std::vector<OutputLine> lines = process_->output->tail.From(from);
  for (OutputLine& line : lines) line.text = LineToUtf8(std::move(line.text));
  return lines;
}

}  // namespace stressbot
