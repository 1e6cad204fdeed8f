#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/SimRun.h"

/// Beginnings and ends: churn, ramps, the stop, and the phases of a run.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

/// A server that answers chats after so long, to their sender alone.
void AnswerChatsAfter(SimRun& run, Nanoseconds time) {
  run.server().on_packet = [&run, time](ScriptedServer::Peer& peer, std::string_view packet,
                                        std::string_view text) {
    if (packet != "C_CHAT") return false;
    run.server().After(time, [&run, ref = peer.ref(), text = std::string(text)] {
      run.server().SendTo(ref, "S_CHAT", Wire().Number(1, 1).Text(2, text));
    });
    return true;
  };
}

TEST(LifeTest, ChurnCutsBotsAtTheirLifetimeAndBringsThemBack) {
  Group group = Constant(LoginEnterChat(), 100, 30s);
  group.churn = Churn{Exactly(1s), 0.3, Exactly(500ms)};
  SimRun run(ProgramOf({group}));
  AnswerChatsAfter(run, 0ns);
  run.Start();
  ASSERT_TRUE(run.Finish());
  // Each life takes a connect, 1 s, and 0.5 s away (after the close, if it was orderly).
  const auto cut = static_cast<double>(run.Counter("iterations", {{"outcome", "cut"}}));
  EXPECT_NEAR(cut, 100 * 20, 100);
  const auto resets =
      static_cast<double>(run.Counter("sessions_ended", {{"by", "us"}, {"how", "reset"}}));
  EXPECT_NEAR(resets / cut, 0.3, 0.03);
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "failed"}}), 0U);
  EXPECT_EQ(run.Counter("bots_dropped"), 0U);
  EXPECT_EQ(run.Rate("requests_failed").passed, 0U);
  double reset_at_server = 0;
  for (const auto& peer : run.server().peers()) {
    if (peer->reason == servercore::CloseReason::kPeerReset) ++reset_at_server;
  }
  EXPECT_EQ(reset_at_server, resets);
}

TEST(LifeTest, TheLoadsEndLetsPassesAndWhatFollowsThemFinish) {
  FlowBuilder flow(ChatProtocol());
  Asked farewell = Chat();
  farewell.name = "farewell";
  flow.Connect()
      .Repeat(UntilStop(), [](FlowBuilder& body) { body.Request(Chat()); })
      .Request(farewell)
      .Disconnect();
  SimRun run(ProgramOf({Constant(flow.Build(), 1, 2s)}));
  AnswerChatsAfter(run, 300ms);
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "completed"}}), 1U);
  EXPECT_EQ(run.Counter("iterations"), 1U);
  EXPECT_EQ(run.Counter("requests", {{"step", "farewell"}}), 1U);
  EXPECT_EQ(run.Counter("requests_abandoned"), 0U);
  EXPECT_GT(run.load().Elapsed(), 2300ms);
  EXPECT_LT(run.load().Elapsed(), 2700ms);
}

TEST(LifeTest, WhoWaitsForTheNextPassLeavesAtOnce) {
  SimRun run(ProgramOf({Constant(LoginEnterChat(10s), 5, 25s)}));
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.load().Elapsed(), 25s + kRoundTrip);
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "completed"}}), 5U);
}

Group Hanging(Nanoseconds duration) {
  FlowBuilder flow(ChatProtocol());
  Asked login = Login();
  login.timeout = 60s;
  Group group = Constant(flow.Connect().Request(login).Build(), 1, duration);
  group.graceful_stop = 3s;
  return group;
}

TEST(LifeTest, WhatIsLeftAfterTheGracefulStopIsInterrupted) {
  SimRun run(ProgramOf({Hanging(2s)}));
  run.server().on_packet = [](auto&&...) { return true; };
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.load().Elapsed(), 5s + kRoundTrip);
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "interrupted"}}), 1U);
  EXPECT_EQ(run.Counter("requests_abandoned"), 1U);
  EXPECT_EQ(run.Rate("requests_failed").total, 0U);
}

TEST(LifeTest, ASecondStopShortensTheFirstAndNeverLengthensIt) {
  SimRun run(ProgramOf({Hanging(1h)}));
  run.server().on_packet = [](auto&&...) { return true; };
  run.Start();
  run.RunFor(1s);
  run.load().RequestStop(10s);
  run.RunFor(1s);
  run.load().RequestStop(2s);
  run.RunFor(1s);
  run.load().RequestStop(20s);
  EXPECT_TRUE(run.load().stopping());
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.load().Elapsed(), 4s + kRoundTrip);
}

TEST(LifeTest, AStopBeforeAnyBotBeganEndsAtOnce) {
  Group group = Constant(LoginEnterChat(), 10, 10s);
  group.start_time = 5s;
  SimRun run(ProgramOf({group}), {.shards = 3});
  run.Start();
  run.RunFor(1s);
  run.load().RequestStop(10s);
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.load().Elapsed(), 1s);
  EXPECT_TRUE(run.server().peers().empty());
}

TEST(LifeTest, ARunThatIsStoppedAtItsVeryBeginningEndsToo) {
  SimRun run(ProgramOf({Constant(LoginEnterChat(), 10, 10s)}), {.shards = 2});
  run.Start();
  run.load().RequestStop(0ns);
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "completed"}}), 0U);
}

TEST(LifeTest, RampsUpAndDownBeginAndEndBotsOneByOne) {
  Group group = Constant(LoginEnterChat(), 0, 0s);
  group.start_time = 3s;
  group.stages = {{10s, 10}, {2s, 10}, {5s, 5}, {0s, 8}, {2s, 8}};
  SimRun run(ProgramOf({group}));
  std::vector<Nanoseconds> begins;
  run.server().on_connected = [&](auto&&...) { begins.push_back(run.load().Elapsed()); };
  run.Start();
  const auto bots_after = [&](Nanoseconds at) {
    run.RunFor(at - run.load().Elapsed());
    return run.Gauge("bots", {{"state", "active"}});
  };
  EXPECT_EQ(bots_after(3s), 0);
  EXPECT_EQ(bots_after(3500ms), 0);  // told at the end of a second
  EXPECT_EQ(bots_after(8s), 5);
  EXPECT_EQ(bots_after(14s), 10);
  EXPECT_EQ(bots_after(18s), 8);  // bot 9 left at 16 s, bot 8 at 17 s, bot 7 does now
  EXPECT_EQ(bots_after(21s), 8);
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.load().Elapsed(), 22s + kRoundTrip);
  ASSERT_EQ(begins.size(), 13U);
  for (int bot = 0; bot < 10; ++bot)
    EXPECT_EQ(begins[static_cast<std::size_t>(bot)], 3s + bot * 1s + kRoundTrip / 2);
  EXPECT_EQ(begins[10], 20s + kRoundTrip / 2);
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "completed"}}), 13U);
}

std::vector<std::tuple<Phase, int, int>> Milliseconds(const std::vector<SimRun::Interval>& all) {
  std::vector<std::tuple<Phase, int, int>> list;
  const auto ms = [](Nanoseconds time) {
    return static_cast<int>(std::chrono::floor<std::chrono::milliseconds>(time).count());
  };
  for (const SimRun::Interval& interval : all)
    list.emplace_back(interval.phase, ms(interval.from), ms(interval.to));
  return list;
}

TEST(LifeTest, IntervalsAreOneSecondLongAndCutWhereThePhaseChanges) {
  Program program = ProgramOf({Constant(LoginEnterChat(), 4, 4200ms)});
  program.warmup = 1500ms;
  SimRun run(program, {.shards = 3});
  run.Start();
  ASSERT_TRUE(run.Finish());
  using enum Phase;
  EXPECT_THAT(Milliseconds(run.intervals()),
              ElementsAre(std::tuple(kWarmup, 0, 1000), std::tuple(kWarmup, 1000, 1500),
                          std::tuple(kLoad, 1500, 2000), std::tuple(kLoad, 2000, 3000),
                          std::tuple(kLoad, 3000, 4000), std::tuple(kLoad, 4000, 4200),
                          std::tuple(kStop, 4200, 4200)));
  EXPECT_EQ(run.metrics().measured_time(), 2700ms);
  // Four bots chat once a second; which of them fell into these 2.7 s depends on their phases.
  const auto chats =
      Select(run.catalog(), run.metrics().measured(), "requests", {{"step", "chat"}}).count;
  EXPECT_GE(chats, 8U);
  EXPECT_LE(chats, 12U);
}

TEST(LifeTest, AStopEndsTheMeasuredPartThere) {
  SimRun run(ProgramOf({Hanging(1h)}), {.shards = 2});
  run.server().on_packet = [](auto&&...) { return true; };
  run.Start();
  run.RunFor(1300ms);
  run.load().RequestStop(1500ms);
  ASSERT_TRUE(run.Finish());
  using enum Phase;
  EXPECT_THAT(Milliseconds(run.intervals()),
              ElementsAre(std::tuple(kLoad, 0, 1000), std::tuple(kLoad, 1000, 1300),
                          std::tuple(kStop, 1300, 2000), std::tuple(kStop, 2000, 2800)));
}

TEST(LifeTest, GroupsHaveTimesOfTheirOwn) {
  Group early = Constant(LoginEnterChat(), 2, 2s);
  Group late = Constant(LoginEnterChat(), 3, 2s);
  late.name = "late";
  late.start_time = 5s;
  SimRun run(ProgramOf({early, late}), {.shards = 2});
  run.Start();
  run.RunFor(4s);
  EXPECT_EQ(run.server().peers().size(), 2U);
  EXPECT_TRUE(run.server().open().empty());
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.server().peers().size(), 5U);
  EXPECT_EQ(run.Counter("iterations", {{"group", "late"}, {"outcome", "completed"}}), 3U);
  EXPECT_EQ(run.load().Elapsed(), 7s + kRoundTrip);
}

TEST(LifeTest, AnIterationThatCompletesIsFollowedByTheNextAtOnce) {
  FlowBuilder flow(ChatProtocol());
  flow.Connect().Request(Login()).Disconnect();
  SimRun run(ProgramOf({Constant(flow.Build(), 1, 1s)}));
  run.Start();
  ASSERT_TRUE(run.Finish());
  // Connect, log in, close: three round trips.
  const auto completed = run.Counter("iterations", {{"outcome", "completed"}});
  EXPECT_NEAR(static_cast<double>(completed), 1s / (3 * kRoundTrip), 1);
  EXPECT_EQ(run.Trend("iteration_duration").max_ns(), Nanoseconds(3 * kRoundTrip).count());
}

}  // namespace
}  // namespace stressbot::testing
