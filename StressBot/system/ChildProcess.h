#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "StressBot/system/LineTail.h"
#include "StressBot/system/ProcessEnd.h"

namespace stressbot {

/// A program that we started and answer for. It runs in its own process group, so that Ctrl-C in a
/// terminal does not reach it (on Windows in a job, too); it reads nothing; what it writes is read
/// by a thread of ours, so that it never blocks on a full pipe; it dies with us, however we end.
/// When it ends, what is left of its group is killed. Thread: one, the one that started it (the
/// system ties its life to that thread).
class ChildProcess {
 public:
  static constexpr std::size_t kLinesKept = 200;      ///< a sanitizer's report is 100 to 150
  static constexpr std::size_t kLineBytesMax = 4096;  ///< longer lines are cut into several

  /// Starts a program from one command, without a shell (see SplitCommand). Programs without a
  /// slash are looked up in PATH. Null when that failed: `error` says in a sentence why.
  static std::unique_ptr<ChildProcess> Start(const std::string& command, std::string& error);
  /// The same from its words: the program and what it is told. REQUIRES at least one.
  static std::unique_ptr<ChildProcess> Start(std::vector<std::string> words, std::string& error);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();  ///< kills it if it still runs

  std::int64_t pid() const;
  /// The processes of its group that run: itself, and what it started.
  std::vector<std::int64_t> Processes() const;
  /// How it ended; nothing while it runs.
  std::optional<ProcessEnd> TryWait();
  /// Waits up to `timeout`.
  std::optional<ProcessEnd> WaitFor(std::chrono::milliseconds timeout);
  void Terminate();  ///< asks its whole group to end: SIGTERM, or Ctrl-Break
  void Kill();       ///< ends its whole group
  /// Lets its whole group stand still: it takes and sends nothing, but the system keeps what comes
  /// in for it. Resume lets it go on.
  void Pause();
  void Resume();
  /// The last lines that it wrote to standard output and error, oldest first. Complete once TryWait
  /// has told its end.
  std::vector<std::string> LastLines() const;
  /// Of these the ones from that number on, for whoever shows them as they come.
  std::vector<OutputLine> Lines(std::uint64_t from) const;

 private:
  struct Process;
  explicit ChildProcess(std::unique_ptr<Process> process);
  std::unique_ptr<Process> process_;
};

}  // namespace stressbot
