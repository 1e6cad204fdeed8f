#include "StressBot/cli/RunSession.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "ServerCore/io/StopSignals.h"
#include "tests/cli/WaitingRun.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// Notes what it is told, and looks at the run at each interval.
class Follower : public RunObserver {
 public:
  void OnBegin() override { ++begins; }
  void OnLook() override { ++looks; }
  void OnInterval(const MetricsInterval&, const ByHand&) override {
    so_far.push_back(session->SoFar());
    for (const OutputLine& line : session->ServerLines(0)) server_lines.push_back(line.text);
    if (stop_at_first) session->control().Do(StopCommand{});
  }
  void OnNews(const std::string& line) override { news.push_back(line); }

  RunSession* session = nullptr;
  bool stop_at_first = false;
  int begins = 0;
  int looks = 0;
  std::vector<RunResult> so_far;
  std::vector<std::string> server_lines, news;
};

class RunSessionTest : public testing::Test {
 protected:
  std::unique_ptr<RunPlan> Prepare() {
    return PrepareRun(options_, [this](const std::string& line) { told_.push_back(line); });
  }

  WaitingRun run_{R"("per-bot-iterations", "iterations": 1, "maxDuration": "1100ms")", "1050ms"};
  Options& options_ = run_.options;
  servercore::StopSignals signals_;
  std::vector<std::string> told_;
};

TEST_F(RunSessionTest, AnObserverSeesTheRunAsIfItEndedNow) {
  auto plan = Prepare();
  ASSERT_NE(plan, nullptr) << testing::PrintToString(told_);
  RunSession session(options_, std::move(plan), signals_);
  Follower follower;
  follower.session = &session;
  const RunResult result = session.Run(&follower);
  ASSERT_TRUE(session.all_ended());
  EXPECT_EQ(follower.begins, 1);
  EXPECT_GE(follower.looks, 1);
  ASSERT_FALSE(follower.so_far.empty());
  const RunResult& first = follower.so_far.front();
  ASSERT_THAT(first.servers, SizeIs(1));
  EXPECT_TRUE(first.servers[0].alive);
  EXPECT_NE(first.servers[0].target, "127.0.0.1:0");
  EXPECT_EQ(first.verdict.code(), ExitCode::kPassed) << first.verdict.reasons[0].text;
  EXPECT_THAT(follower.server_lines, Contains("open for all"));
  EXPECT_EQ(
      Select(session.plan().catalog, result.metrics->whole(), "connect_duration", {}).trend.count(),
      2);
  EXPECT_EQ(result.verdict.code(), ExitCode::kPassed);
}

TEST_F(RunSessionTest, WhatSteersItWorksWhileItRuns) {
  auto plan = Prepare();
  ASSERT_NE(plan, nullptr) << testing::PrintToString(told_);
  RunSession session(options_, std::move(plan), signals_);
  Follower follower;
  follower.session = &session;
  follower.stop_at_first = true;
  const RunResult result = session.Run(&follower);
  EXPECT_TRUE(result.changed_by_hand);
  EXPECT_THAT(follower.news, Contains(HasSubstr("ended by hand")));
}

TEST_F(RunSessionTest, AServerThatCannotStartIsTheResult) {
  options_.server_command = "./no-such-server";
  auto plan = Prepare();
  ASSERT_NE(plan, nullptr);
  RunSession session(options_, std::move(plan), signals_);
  Follower follower;
  const RunResult result = session.Run(&follower);
  EXPECT_EQ(result.verdict.code(), ExitCode::kCouldNotBegin);
  EXPECT_EQ(result.metrics, nullptr);
  EXPECT_EQ(follower.begins, 0);
}

TEST_F(RunSessionTest, AServerThatEndsBeforeItListensIsNotAlive) {
  options_.server_command = Child("print taken exit 3");
  auto plan = Prepare();
  ASSERT_NE(plan, nullptr);
  RunSession session(options_, std::move(plan), signals_);
  const RunResult result = session.Run(nullptr);
  EXPECT_EQ(result.verdict.code(), ExitCode::kCouldNotBegin);
  ASSERT_THAT(result.servers, SizeIs(1));
  EXPECT_FALSE(result.servers[0].alive);
  EXPECT_FALSE(result.servers[0].ended_badly);
  EXPECT_EQ(result.servers[0].ending, "exited with code 3");
}

TEST_F(RunSessionTest, MistakesAreToldLineByLine) {
  std::ofstream(options_.scenario_file) << R"({"groups": 1})";
  EXPECT_EQ(Prepare(), nullptr);
  ASSERT_FALSE(told_.empty());
  EXPECT_THAT(told_.back(), HasSubstr("nothing was started"));
}

}  // namespace
}  // namespace stressbot
