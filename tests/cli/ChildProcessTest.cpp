#include "StressBot/system/ChildProcess.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "StressBot/system/Environment.h"
#include "StressBot/system/ProcessStats.h"
#include "StressBot/system/Utf8Path.h"
#include "tests/cli/Child.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using testing::AnyOf;
using testing::ElementsAre;
using testing::Ge;
using testing::SizeIs;

std::unique_ptr<ChildProcess> Start(const std::string& words) {
  std::string error;
  auto process = ChildProcess::Start(Child(words), error);
  EXPECT_NE(process, nullptr) << error;
  return process;
}

/// Until what a telling-child says is there. Only then all that was started runs: on Wine 8 a
/// process that is killed while it starts may stay.
void WaitUntilRunning(const ChildProcess& process) {
  while (process.LastLines().empty()) std::this_thread::yield();  // hangs here: it has failed
}

TEST(ChildProcessTest, TellsExitCodeAndWhatItWrote) {
  const auto process = Start("print out complain err exit 3");
  const auto end = process->WaitFor(60s);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->ToString(), "exited with code 3");
  EXPECT_THAT(process->LastLines(), ElementsAre("out", "err"));
}

TEST(ChildProcessTest, KeepsTheLastLinesOnly) {
  const auto process = Start("count 300");
  ASSERT_TRUE(process->WaitFor(60s));
  const auto lines = process->LastLines();
  ASSERT_EQ(lines.size(), ChildProcess::kLinesKept);
  EXPECT_EQ(lines.front(), "101");
  EXPECT_EQ(lines.back(), "300");
}

TEST(ChildProcessTest, WordsAndLinesKeepKoreanBlanksAndQuotes) {
  const auto process =
      Start(R"(print 안녕하세요 print "a  b" print 'say "hi"' print "" print 'c:\')");
  ASSERT_TRUE(process->WaitFor(60s));
  EXPECT_THAT(process->LastLines(), ElementsAre("안녕하세요", "a  b", "say \"hi\"", "", "c:\\"));
}

TEST(ChildProcessTest, WordsThatAreCutAlreadyStayAsTheyAre) {
  std::string error;
  const std::vector<std::string> words{
      STRESSBOT_CHILD_PROGRAM, "print", "a \"b\" 'c'", "print", "", "print", "d\\"};
  const auto process = ChildProcess::Start(words, error);
  ASSERT_NE(process, nullptr) << error;
  ASSERT_TRUE(process->WaitFor(60s));
  EXPECT_THAT(process->LastLines(), ElementsAre("a \"b\" 'c'", "", "d\\"));
}

TEST(ChildProcessTest, OurOwnProgramIsAFile) {
  std::ifstream program(PathOf(OwnProgramFile()), std::ios::binary);
  EXPECT_TRUE(program.is_open()) << OwnProgramFile();
}

TEST(ChildProcessTest, ReadsNothing) {
  const auto process = Start("read exit 0");
  const auto end = process->WaitFor(60s);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_code, 0);
}

TEST(ChildProcessTest, NamesTheCrashThatEndedIt) {
  const auto process = Start("crash");
  const auto end = process->WaitFor(60s);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->way, ProcessEnd::Way::kCrashed);
  EXPECT_THAT(end->ToString(),
              AnyOf("killed by signal 11 (SIGSEGV)", "crashed: access violation (0xC0000005)"));
}

TEST(ChildProcessTest, AnUnknownProgramIsASentence) {
  std::string error;
  EXPECT_EQ(ChildProcess::Start("/no/such/server --port 0", error), nullptr);
  EXPECT_EQ(error, "cannot start \"/no/such/server\": No such file or directory");
}

TEST(ChildProcessTest, DestroyingEndsIt) {
  std::int64_t pid = 0;
  {
    const auto process = Start("telling-child");
    WaitUntilRunning(*process);
    pid = process->pid();
    EXPECT_TRUE(ReadProcessStats(pid));
  }
  EXPECT_FALSE(ReadProcessStats(pid));
}

TEST(ChildProcessTest, ItsEndEndsWhatItStarted) {
  const auto process = Start("background telling-child pause 60000");
  WaitUntilRunning(*process);
  const std::vector<std::int64_t> processes = process->Processes();
  ASSERT_THAT(processes, SizeIs(Ge(3)));  // itself, a shell, its child
  process->Kill();
  const auto end = process->WaitFor(60s);
  ASSERT_TRUE(end);
  EXPECT_THAT(end->ToString(),
              AnyOf("killed by signal 9 (SIGKILL)", "killed (TerminateJobObject)"));
  for (const std::int64_t pid : processes) {
    while (ReadProcessStats(pid)) std::this_thread::yield();  // a test that hangs here has failed
  }
}

TEST(ProcessStatsTest, MeasuresThisProcess) {
  const auto stats = ReadProcessStats(OwnProcessId());
  ASSERT_TRUE(stats);
  EXPECT_GT(stats->memory_bytes, 0U);
  EXPECT_GE(stats->threads, 1);
  EXPECT_THAT(stats->descriptors, AnyOf(Ge(3), 0));  // Wine does not tell
}

TEST(ProcessStatsTest, AnEndedProcessHasNone) {
  const auto process = Start("exit 0");
  ASSERT_TRUE(process->WaitFor(60s));
  EXPECT_FALSE(ReadProcessStats(process->pid()));
}

}  // namespace
}  // namespace stressbot
