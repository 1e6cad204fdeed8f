#include "StressBot/dashboard/model/RunHost.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <fstream>
#include <mutex>

#include "tests/cli/WaitingRun.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using testing::AnyOf;
using testing::Contains;
using testing::Each;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using State = RunHost::State;

class RunHostTest : public testing::Test {
 protected:
  void Woken() {
    const std::scoped_lock lock(mutex_);
    ++wakes_;
    woken_.notify_all();
  }
  /// Whether it became true, looked at whenever the host said that something is new.
  template <typename Condition>
  bool Await(Condition&& condition) {
    const auto until = std::chrono::steady_clock::now() + 60s;
    int seen = -1;
    while (std::chrono::steady_clock::now() < until) {
      if (condition()) return true;
      std::unique_lock lock(mutex_);
      woken_.wait_until(lock, until, [&] { return wakes_ != seen; });
      seen = wakes_;
    }
    return false;
  }

  WaitingRun run_{R"("constant-bots", "duration": "10m")", "20m"};
  Options& options_ = run_.options;
  std::mutex mutex_;
  std::condition_variable woken_;
  int wakes_ = 0;
  RunHost host_{[this] { Woken(); }};
};

TEST_F(RunHostTest, RunsUntilItIsEndedByHandAndThenSavesReports) {
  EXPECT_EQ(host_.state(), State::kNone);
  host_.Start(options_);
  ASSERT_TRUE(Await([this] { return host_.view() != nullptr; }));
  EXPECT_EQ(host_.state(), State::kRunning);
  EXPECT_TRUE(host_.view()->has_metrics);
  EXPECT_FALSE(host_.view()->is_over);
  ASSERT_TRUE(host_.status().has_value());
  EXPECT_EQ(host_.status()->state, RunState::kRunning);
  EXPECT_THAT(host_.server_lines(), Contains(Field(&ServerLine::text, "open for all")));
  std::string error;
  const ReportFormat* json = FindReportFormat("json");
  EXPECT_FALSE(host_.Save(*json, run_.directory() / "run.json", error)) << "it is not over";

  EXPECT_TRUE(host_.Do(PauseCommand{}).done());
  EXPECT_TRUE(host_.Do(ResumeCommand{}).done());
  EXPECT_TRUE(host_.Do(AbortCommand{}).done());
  ASSERT_TRUE(Await([this] { return host_.state() == State::kOver; }));
  EXPECT_TRUE(host_.view()->is_over);
  EXPECT_EQ(host_.view()->result.verdict.code(), ExitCode::kAborted);
  EXPECT_FALSE(host_.Do(PauseCommand{}).done());

  ASSERT_TRUE(host_.Save(*json, run_.directory() / "run.json", error)) << error;
  RunHost other([] {});
  ASSERT_TRUE(other.Open(run_.directory() / "run.json", error)) << error;
  EXPECT_EQ(other.state(), State::kOver);
  EXPECT_EQ(other.view()->result.verdict.code(), ExitCode::kAborted);
  EXPECT_EQ(other.view()->points.size(), host_.view()->points.size());
  EXPECT_FALSE(other.status().has_value());
  other.SetLanguage(Language::kKorean);
  EXPECT_THAT(other.view()->charts, Contains(Field(&plot::Chart::title, HasSubstr("메모리"))));
}

TEST_F(RunHostTest, WhatIsWrongIsToldLineByLine) {
  std::ofstream(options_.scenario_file) << R"({"groups": 1})";
  host_.Start(options_);
  ASSERT_TRUE(Await([this] { return host_.state() == State::kRefused; }));
  EXPECT_THAT(host_.complaints(), Contains(HasSubstr("\"flows\" is missing")));
  EXPECT_THAT(host_.complaints(), Each(Not(HasSubstr("\uFFFD")))) << "a line is a line";
  EXPECT_EQ(host_.view(), nullptr);
}

TEST_F(RunHostTest, GivenUpWhileTheServerStarts) {
  options_.server_command = Child("print greetings wait");  // it never listens
  host_.Start(options_);
  ASSERT_TRUE(Await([this] { return !host_.server_lines().empty(); }));
  EXPECT_EQ(host_.server_lines()[0].text, "greetings");
  EXPECT_EQ(host_.state(), State::kPreparing);
  EXPECT_FALSE(host_.Do(PauseCommand{}).done());
  EXPECT_TRUE(host_.Do(StopCommand{}).done());
  ASSERT_TRUE(Await([this] { return !host_.is_going_on(); }));
  EXPECT_EQ(host_.view()->result.verdict.code(), ExitCode::kInterrupted);
  EXPECT_FALSE(host_.view()->has_metrics);
}

TEST_F(RunHostTest, ClosingEndsWhatGoesOn) {
  host_.Start(options_);
  ASSERT_TRUE(Await([this] { return host_.state() == State::kRunning; }));
  host_.Close();  // whether all bots ended in time depends on the machine
  EXPECT_EQ(host_.state(), State::kNone);
}

TEST_F(RunHostTest, WhatIsNoReportIsNotOpened) {
  std::string error;
  EXPECT_FALSE(host_.Open(options_.scenario_file, error));
  EXPECT_THAT(error, HasSubstr("wait.json"));
  EXPECT_EQ(host_.state(), State::kNone);
}

}  // namespace
}  // namespace stressbot
