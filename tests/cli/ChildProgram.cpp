/// What the tests start as a child: it does what its arguments say, one after the other.
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "ServerCore/io/StopSignals.h"
#include "ServerCore/io/Utf8Program.h"
#include "ServerCore/thread/ShardGroup.h"

namespace {

class ChildProgram {
 public:
  explicit ChildProgram(std::vector<std::string> words) : words_(std::move(words)) {}

  void Run() {
    for (next_ = 1; next_ < words_.size();) Do(Next());
  }

 private:
  const std::string& Next() { return words_.at(next_++); }

  void Do(const std::string& what) {
    if (what == "print") Print(stdout, Next());
    if (what == "complain") Print(stderr, Next());
    if (what == "count") Count(std::stoi(Next()));
    if (what == "read") Read();
    if (what == "exit") Exit(std::stoi(Next()));
    if (what == "crash") Crash();
    if (what == "pause") std::this_thread::sleep_for(std::chrono::milliseconds(std::stoi(Next())));
    if (what == "wait") Wait();
    if (what == "listen" || what == "listening-child") Listen();
    if (what == "telling-child") Print(stdout, "running");
    if (what == "listening-child" || what == "telling-child") Wait();
    if (what == "background") StartInBackground();
    if (what == "catch") signals_ = std::make_unique<servercore::StopSignals>();
    if (what == "until-stop") UntilStop();
  }

  static void Print(std::FILE* stream, const std::string& text) {
    std::fprintf(stream, "%s\n", text.c_str());
    std::fflush(stream);
  }
  static void Count(int last) {
    for (int i = 1; i <= last; ++i) Print(stdout, std::to_string(i));
  }
  static void Read() {
    while (std::getchar() != EOF) continue;
  }
  /// At once: threads in the background may still run.
  [[noreturn]] static void Exit(int code) { std::_Exit(code); }
  static void Crash() {
    std::signal(SIGSEGV, SIG_DFL);  // a sanitizer's handler would end it with a code
    volatile std::uintptr_t nobodys_memory = 16;
    *reinterpret_cast<volatile int*>(nobodys_memory) = 1;
  }
  [[noreturn]] static void Wait() {
    for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
  }
  /// On a free port of the loopback, for as long as it lives.
  void Listen() {
    port_ = std::move(servercore::ShardGroup::MakePorts(1).front());
    const auto listener = port_->Listen(servercore::NetAddress::Loopback(0), 1);
    if (!listener) Exit(1);
  }
  /// The same program with only the next word, by the shell, and so one process further away.
  void StartInBackground() {
    std::thread([command = "\"" + words_.front() + "\" " + Next()] {
      [[maybe_unused]] const int ended =
          std::system(command.c_str());  // NOLINT: a test's own words
    }).detach();
  }
  void UntilStop() {
    while (signals_->WaitFor(std::chrono::hours(1)) == 0) continue;
  }

  const std::vector<std::string> words_;
  std::size_t next_ = 0;
  std::unique_ptr<servercore::StopSignals> signals_;
  std::unique_ptr<servercore::CompletionPort> port_;
};

}  // namespace

int main(int argc, char** argv) {
  const servercore::Utf8Program program(argc, argv);
  ChildProgram({program.argv(), program.argv() + program.argc()}).Run();
}
