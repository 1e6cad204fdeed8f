#include "StressBot/system/ChildProcess.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "StressBot/system/ProcessStats.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

std::unique_ptr<ChildProcess> Start(const std::string& command) {
  std::string error;
  auto process = ChildProcess::Start(command, error);
  EXPECT_NE(process, nullptr) << error;
  return process;
}

TEST(ChildProcessTest, TellsExitCodeAndWhatItWrote) {
  const auto process = Start("/bin/sh -c 'echo out; echo err >&2; exit 3'");
  const auto end = process->WaitFor(60s);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->ToString(), "exited with code 3");
  EXPECT_THAT(process->LastLines(), ElementsAre("out", "err"));
}

TEST(ChildProcessTest, KeepsTheLastLinesOnly) {
  const auto process =
      Start("/bin/sh -c 'i=0; while [ $i -lt 120 ]; do i=$((i+1)); echo $i; done'");
  ASSERT_TRUE(process->WaitFor(60s));
  const auto lines = process->LastLines();
  ASSERT_EQ(lines.size(), ChildProcess::kLinesKept);
  EXPECT_EQ(lines.front(), "71");
  EXPECT_EQ(lines.back(), "120");
}

TEST(ChildProcessTest, ReadsNothing) {
  const auto process = Start("/bin/cat");
  const auto end = process->WaitFor(60s);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_code, 0);
}

TEST(ChildProcessTest, TerminateReachesTheWholeGroup) {
  const auto process = Start("/bin/sh -c 'sleep 600 & wait'");
  EXPECT_FALSE(process->TryWait());
  process->Terminate();
  const auto end = process->WaitFor(60s);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->ToString(), "killed by signal 15 (SIGTERM)");
}

TEST(ChildProcessTest, NamesTheSignalThatKilledIt) {
  const auto process = Start("/bin/sh -c 'kill -SEGV $$'");
  const auto end = process->WaitFor(60s);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->ToString(), "killed by signal 11 (SIGSEGV)");
}

TEST(ChildProcessTest, AnUnknownProgramIsASentence) {
  std::string error;
  EXPECT_EQ(ChildProcess::Start("/no/such/server --port 0", error), nullptr);
  EXPECT_EQ(error, "cannot start \"/no/such/server\": No such file or directory");
}

TEST(ChildProcessTest, DestroyingEndsIt) {
  std::int64_t pid = 0;
  {
    const auto process = Start("/bin/sleep 600");
    pid = process->pid();
    EXPECT_TRUE(ReadProcessStats(pid));
  }
  EXPECT_FALSE(ReadProcessStats(pid));
}

/// SIGCHLD ignored, as some shells and services leave it to the programs that they start.
class IgnoredChildrenTest : public testing::Test {
 protected:
  void Ignore() { std::signal(SIGCHLD, SIG_IGN); }
  void TearDown() override { std::signal(SIGCHLD, SIG_DFL); }
};

TEST_F(IgnoredChildrenTest, TheEndIsStillTold) {
  Ignore();
  const auto process = Start("/bin/sh -c 'exit 3'");
  const auto end = process->WaitFor(60s);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->ToString(), "exited with code 3");
}

TEST_F(IgnoredChildrenTest, AnEndThatTheSystemThrewAwayIsAnEndToo) {
  const auto process = Start("/bin/sleep 600");
  Ignore();
  process->Kill();
  const auto end = process->WaitFor(60s);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->ToString(), "ended in an unknown way");
}

TEST(ProcessStatsTest, MeasuresThisProcess) {
  const auto stats = ReadProcessStats(OwnProcessId());
  ASSERT_TRUE(stats);
  EXPECT_GT(stats->memory_bytes, 0U);
  EXPECT_GE(stats->threads, 1);
  EXPECT_GE(stats->descriptors, 3);
}

TEST(ProcessStatsTest, AnEndedProcessHasNone) {
  const auto process = Start("/bin/true");
  ASSERT_TRUE(process->WaitFor(60s));
  EXPECT_FALSE(ReadProcessStats(process->pid()));
}

}  // namespace
}  // namespace stressbot
