#include <gtest/gtest.h>

#include "tests/engine/SimRun.h"

/// Whose fault a delay is.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;

Program BusyChats() {
  Group group = Constant(LoginEnterChat(100ms), 50, 5s);
  return ProgramOf({group});
}

void AnswerSenders(SimRun& run) {
  run.server().on_packet = [](ScriptedServer::Peer& peer, std::string_view packet,
                              std::string_view text) {
    if (packet != "C_CHAT") return false;
    peer.SendPacket("S_CHAT", Wire().Number(1, 1).Text(2, text));
    return true;
  };
}

TEST(LatenessTest, AnIdleGeneratorIsOnTime) {
  SimRun run(BusyChats());
  AnswerSenders(run);
  run.Start();
  ASSERT_TRUE(run.Finish());
  const Histogram late = run.Trend("generator_lateness");
  EXPECT_GT(late.count(), 2'000U);
  EXPECT_EQ(late.max_ns(), 0);
}

TEST(LatenessTest, ASaturatedGeneratorSaysSo) {
  SimRun run(BusyChats());
  AnswerSenders(run);
  // 500 chats a second need two events each; it manages 400 events.
  run.world().SetCpu(run.shard(), {.per_turn = 0us, .per_event = 2500us});
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_GT(run.Trend("generator_lateness").Percentile(99), Nanoseconds(10ms).count());
  EXPECT_LT(run.Rate("load_delivered").passed, run.Rate("load_delivered").total);
  EXPECT_GT(run.Trend("request_duration", {{"step", "chat"}}).Percentile(50),
            Nanoseconds(10ms).count());
}

TEST(LatenessTest, WhatFollowsBranchesIsDueWhenTheLastOneShouldHaveEnded) {
  FlowBuilder flow(ChatProtocol());
  flow.Connect()
      .Parallel({[](FlowBuilder& branch) { branch.Think(Exactly(100ms)); },
                 [](FlowBuilder& branch) { branch.Think(Exactly(50ms)); }})
      .Request(Login())
      .Think(Exactly(1h));
  SimRun run(ProgramOf({Constant(flow.Build(), 1, 2s)}));
  run.Start();
  run.RunFor(20ms);
  run.world().Spend(run.shard(), 500ms);
  run.RunFor(1s);
  EXPECT_GT(run.Trend("request_duration").max_ns(), Nanoseconds(400ms).count());
}

TEST(LatenessTest, AServerThatStallsIsNotTheGeneratorsFault) {
  SimRun run(BusyChats());
  AnswerSenders(run);
  run.Start();
  run.RunFor(2s);
  run.world().Spend(run.server().shard(), 1s);
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Trend("generator_lateness").max_ns(), 0);
  EXPECT_GT(run.Trend("request_duration", {{"step", "chat"}}).max_ns(), Nanoseconds(990ms).count());
  EXPECT_LT(run.Rate("load_delivered").passed, run.Rate("load_delivered").total);
}

TEST(LatenessTest, ASlowServerIsNotTheGeneratorsFaultEither) {
  SimRun run(BusyChats());
  AnswerSenders(run);
  run.world().SetCpu(run.server().shard(), {.per_turn = 0us, .per_event = 3ms});
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Trend("generator_lateness").max_ns(), 0);
  EXPECT_GT(run.Trend("request_duration", {{"step", "chat"}}).Percentile(50),
            Nanoseconds(50ms).count());
}

}  // namespace
}  // namespace stressbot::testing
