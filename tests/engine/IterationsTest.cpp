#include <gtest/gtest.h>

#include "tests/engine/SimRun.h"

/// per-bot-iterations: each bot does what it has to do, and the run ends when all have.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;

FlowProgram OneVisit(Nanoseconds stay) {
  return Flow().Connect().Request(Login()).Think(Exactly(stay)).Disconnect().Build();
}

TEST(IterationsTest, EachBotDoesItsIterationsAndTheRunEnds) {
  SimRun run(ProgramOf({Iterating(OneVisit(100ms), 5, 7, 1h)}), {.shards = 2});
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "completed"}}), 35U);
  EXPECT_EQ(run.server().peers().size(), 35U);
  EXPECT_EQ(run.Counter("dropped_iterations"), 0U);
  EXPECT_EQ(run.Rate("load_delivered").passed, 35U);
  EXPECT_EQ(run.Rate("load_delivered").total, 35U);
  EXPECT_GT(run.load().Elapsed(), 700ms);
  EXPECT_LT(run.load().Elapsed(), 720ms);
}

TEST(IterationsTest, WhatThereWasNoTimeForIsCounted) {
  SimRun run(ProgramOf({Iterating(OneVisit(400ms), 3, 10, 1s)}));
  run.Start();
  ASSERT_TRUE(run.Finish());
  // Three begin within a second; the third ends in the grace.
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "completed"}}), 9U);
  EXPECT_EQ(run.Counter("dropped_iterations"), 21U);
  EXPECT_EQ(run.Rate("load_delivered").passed, 9U);
  EXPECT_EQ(run.Rate("load_delivered").total, 30U);
}

TEST(IterationsTest, AStopIsNobodysFault) {
  SimRun run(ProgramOf({Iterating(OneVisit(400ms), 3, 10, 1h)}));
  run.Start();
  run.RunFor(1s);
  run.load().RequestStop(10s);
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "completed"}}), 9U);
  EXPECT_EQ(run.Counter("dropped_iterations"), 0U);
}

TEST(IterationsTest, AFailedOneCountsAndWaitsForTheRetry) {
  Group group = Iterating(OneVisit(1ms), 1, 3, 1h);
  group.retry = {.after = 1s, .factor = 1, .max = 1s, .jitter = 0};
  SimRun run(ProgramOf({group}));
  run.server().on_packet = [](ScriptedServer::Peer& peer, auto&&...) {
    peer.Disconnect(servercore::CloseKind::kReset);
    return true;
  };
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "failed"}}), 3U);
  EXPECT_GT(run.load().Elapsed(), 2s);
  EXPECT_LT(run.load().Elapsed(), 2100ms);
}

TEST(IterationsTest, OneThatChurnCutCountsToo) {
  Group group = Iterating(LoginEnterChat(), 2, 4, 1h);
  group.churn = Churn{Exactly(500ms), 0, Exactly(250ms)};
  SimRun run(ProgramOf({group}));
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "cut"}}), 8U);
  EXPECT_LT(run.load().Elapsed(), 3s);
}

TEST(IterationsTest, OtherGroupsGoOn) {
  Group other = Constant(LoginEnterChat(100ms), 1, 5s);
  other.name = "others";
  SimRun run(ProgramOf({Iterating(OneVisit(1ms), 2, 2, 10s), other}));
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_GT(run.load().Elapsed(), 5s);
  EXPECT_LT(run.load().Elapsed(), 5100ms);
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "completed"}}), 5U);
}

}  // namespace
}  // namespace stressbot::testing
