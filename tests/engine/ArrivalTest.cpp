#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/engine/SimRun.h"

/// The open model: arrivals come by the clock, whatever becomes of those before.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using Kind = Expression::Kind;

/// When the server reads the login of a visitor that is due now: a way to connect and back, and one
/// for the packet.
constexpr auto kLoginAfter = kRoundTrip * 3 / 2;

FlowProgram Visit(Nanoseconds stay) {
  return FlowBuilder(ChatProtocol())
      .Connect()
      .Request(Login())
      .Think(Exactly(stay))
      .Disconnect()
      .Build();
}

/// When each visitor was due, from when its login came.
std::vector<Nanoseconds> DueTimes(SimRun& run, servercore::Clock::time_point started_at) {
  std::vector<Nanoseconds> times;
  for (const auto& peer : run.server().peers())
    times.push_back(peer->times.at(0) - started_at - kLoginAfter);
  std::sort(times.begin(), times.end());
  return times;
}

struct Seen {
  std::vector<Nanoseconds> due;
  std::uint64_t dropped = 0;
};
Seen RunToEnd(SimRun& run) {
  const auto started_at = run.world().Now();
  run.Start();
  EXPECT_TRUE(run.Finish());
  return {DueTimes(run, started_at), run.Counter("dropped_iterations")};
}

TEST(ArrivalTest, ArrivalsDoNotWaitForThoseBefore) {
  SimRun run(ProgramOf({Arriving(Visit(1500ms), 4, 2s, 8)}));
  const Seen seen = RunToEnd(run);
  EXPECT_THAT(seen.due, ElementsAre(0ms, 250ms, 500ms, 750ms, 1000ms, 1250ms, 1500ms, 1750ms));
  EXPECT_EQ(seen.dropped, 0U);
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "completed"}}), 8U);
  EXPECT_EQ(run.Rate("load_delivered").passed, 8U);
  EXPECT_EQ(run.Rate("load_delivered").total, 8U);
  EXPECT_EQ(run.Trend("generator_lateness").max_ns(), 0);
  EXPECT_EQ(run.Gauge("bots", {{"state", "dormant"}}), 8);
}

TEST(ArrivalTest, WithoutAFreeBotAnArrivalIsDroppedAndCountedAndTheNextIsOnTime) {
  // A visit takes a little over 300 ms.
  SimRun run(ProgramOf({Arriving(Visit(300ms), 10, 1s, 2)}));
  const Seen seen = RunToEnd(run);
  EXPECT_THAT(seen.due, ElementsAre(0ms, 100ms, 400ms, 500ms, 800ms, 900ms));
  EXPECT_EQ(seen.dropped, 4U);
  EXPECT_EQ(run.Rate("load_delivered").passed, 6U);
  EXPECT_EQ(run.Rate("load_delivered").total, 10U);
}

TEST(ArrivalTest, TheBotThatRestedLongestTakesTheNext) {
  SimRun run(ProgramOf({Arriving(Visit(10ms), 10, 600ms, 3)}));
  RunToEnd(run);
  std::vector<std::string> names;
  for (const auto& peer : run.server().peers()) names.push_back(peer->texts[0]);
  EXPECT_THAT(names, ElementsAre("bot-0", "bot-1", "bot-2", "bot-0", "bot-1", "bot-2"));
}

TEST(ArrivalTest, RampsGoUpAndDownOverFractions) {
  Group group = Arriving(Visit(10ms), 0, 0s, 50);
  group.arrivals->stages = {{4s, 2}, {4s, 2}, {4s, 0}};  // 4 + 8 + 4
  SimRun run(ProgramOf({group}));
  const Seen seen = RunToEnd(run);
  ASSERT_EQ(seen.due.size(), 16U);
  EXPECT_EQ(seen.due[1], 2s);  // t^2 / 4
  EXPECT_EQ(seen.due[4], 4s);
  EXPECT_EQ(seen.due[5], 4500ms);
  EXPECT_EQ(seen.due[12], 8s);
  EXPECT_EQ(seen.due[15], 10s);
}

TEST(ArrivalTest, AStallIsInTheTailAsLongAsEachVisitorWaited) {
  // 100 a second; the server does nothing for a second, in which 100 arrive.
  SimRun run(ProgramOf({Arriving(Visit(1ms), 100, 5s, 200)}));
  run.Start();
  run.RunFor(2s);
  run.world().Spend(run.server().shard(), 1s);
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Counter("dropped_iterations"), 0U);
  const Histogram waited = run.Trend("request_duration");
  EXPECT_EQ(waited.count(), 500U);
  // They waited from a second down to nothing: of 500, 25 longer than 750 ms.
  EXPECT_NEAR(static_cast<double>(waited.Percentile(95)), 750e6, 15e6);
  EXPECT_NEAR(static_cast<double>(waited.Percentile(90)), 500e6, 15e6);
  EXPECT_NEAR(static_cast<double>(waited.max_ns()), 1000e6, 11e6);
  EXPECT_EQ(run.Trend("generator_lateness").max_ns(), 0);
}

TEST(ArrivalTest, ClosedBotsShowTheSameStallInTheirOmittedPasses) {
  Asked login = Login();
  login.name = "asked";
  const FlowProgram flow =
      FlowBuilder(ChatProtocol())
          .Connect()
          .Repeat(UntilStop(10ms), [&](FlowBuilder& body) { body.Request(login); })
          .Build();
  SimRun run(ProgramOf({Constant(flow, 1, 5s)}));
  run.Start();
  run.RunFor(2s);
  run.world().Spend(run.server().shard(), 1s);
  ASSERT_TRUE(run.Finish());
  EXPECT_NEAR(static_cast<double>(run.Counter("requests_omitted")), 99, 1);
  const Histogram waited = run.Trend("request_duration");
  EXPECT_NEAR(static_cast<double>(waited.Percentile(95)), 750e6, 15e6);
}

TEST(ArrivalTest, ALateShardMakesAllArrivalsLateAndSaysThatItWas) {
  SimRun run(ProgramOf({Arriving(Visit(1ms), 100, 3s, 100)}));
  run.Start();
  run.RunFor(1s);
  run.world().Spend(run.shard(), 300ms);
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "completed"}}), 300U);
  EXPECT_EQ(run.Counter("dropped_iterations"), 0U);
  EXPECT_NEAR(static_cast<double>(run.Trend("generator_lateness").max_ns()), 300e6, 10e6);
  // Whoever was late is late from when it was due.
  EXPECT_NEAR(static_cast<double>(run.Trend("connect_duration").max_ns()), 300e6, 10e6);
}

TEST(ArrivalTest, ShardsShareTheArrivalsByNumberAndNoneIsLost) {
  SimRun run(ProgramOf({Constant(LoginEnterChat(), 1, 1s), Arriving(Visit(10ms), 30, 2s, 3)}),
             {.shards = 8});
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Counter("dropped_iterations"), 0U);
  std::vector<std::string> names;
  for (const auto& peer : run.server().peers()) {
    if (peer->texts[0] != "bot-0") names.push_back(peer->texts[0]);
  }
  ASSERT_EQ(names.size(), 60U);
  for (std::size_t i = 0; i < names.size(); ++i)
    EXPECT_EQ(names[i], "bot-" + std::to_string(1 + i % 3));
}

TEST(ArrivalTest, GroupsArriveFromTheirStartTimesOn) {
  Group later = Arriving(Visit(1ms), 2, 1s, 4);
  later.name = "later";
  later.start_time = 3s;
  SimRun run(ProgramOf({Arriving(Visit(1ms), 1, 2s, 4), later}), {.shards = 2});
  const Seen seen = RunToEnd(run);
  EXPECT_THAT(seen.due, ElementsAre(0s, 1s, 3s, 3500ms));
  EXPECT_LT(run.load().Elapsed(), 4010ms);
}

TEST(ArrivalTest, AfterAStopNobodyArrivesAndNobodyIsMissed) {
  SimRun run(ProgramOf({Arriving(Visit(500ms), 10, 1h, 20)}), {.shards = 3});
  run.Start();
  run.RunFor(1050ms);
  run.load().RequestStop(10s);
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.server().peers().size(), 11U);
  EXPECT_EQ(run.Counter("dropped_iterations"), 0U);
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "completed"}}), 11U);
  EXPECT_LT(run.load().Elapsed(), 1600ms);
}

TEST(ArrivalTest, TheEndLetsVisitorsLeaveAndInterruptsThemAfterTheGrace) {
  Group leaving = Arriving(LoginEnterChat(100ms), 1, 3s, 5);
  SimRun polite(ProgramOf({leaving}));
  polite.Start();
  ASSERT_TRUE(polite.Finish());
  EXPECT_EQ(polite.Counter("iterations", {{"outcome", "completed"}}), 3U);
  EXPECT_LT(polite.load().Elapsed(), 3100ms);

  Group staying = Arriving(Visit(1h), 1, 3s, 5);
  staying.graceful_stop = 2s;
  SimRun cut(ProgramOf({staying}));
  cut.Start();
  ASSERT_TRUE(cut.Finish());
  EXPECT_EQ(cut.Counter("iterations", {{"outcome", "interrupted"}}), 3U);
  EXPECT_EQ(cut.load().Elapsed(), 5s + kRoundTrip);
}

TEST(ArrivalTest, ChurnCutsVisitsAndNobodyComesBack) {
  Group group = Arriving(LoginEnterChat(), 10, 10s, 8);
  group.churn = Churn{Exactly(500ms), 0.5, {}};
  SimRun run(ProgramOf({group}));
  const Seen seen = RunToEnd(run);
  EXPECT_EQ(seen.due.size(), 100U);
  EXPECT_EQ(seen.due[57], 5700ms);
  EXPECT_EQ(run.Counter("dropped_iterations"), 0U);
  // Those of the last half second see the end come first.
  EXPECT_NEAR(static_cast<double>(run.Counter("iterations", {{"outcome", "cut"}})), 95, 1);
  EXPECT_GT(run.Counter("sessions_ended", {{"by", "us"}, {"how", "reset"}}), 30U);
}

TEST(ArrivalTest, AVisitThatFailedKeepsNobodyWaiting) {
  SimRun run(ProgramOf({Arriving(Visit(1h), 10, 1s, 1)}));
  run.server().on_packet = [](ScriptedServer::Peer& peer, auto&&...) {
    peer.Disconnect(servercore::CloseKind::kReset);
    return true;
  };
  const Seen seen = RunToEnd(run);
  EXPECT_EQ(seen.due.size(), 10U);
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "failed"}}), 10U);
  EXPECT_EQ(run.Counter("bots_dropped"), 10U);
  EXPECT_EQ(run.Trend("recovery_duration").count(), 0U);  // each is somebody else
}

TEST(ArrivalTest, WhenAllBotsHaveStoppedTheArrivalsToComeAreDroppedAtOnce) {
  Asked login = Login();
  login.fail_on = {"S_ENTER_GAME"};
  login.on_fail = OnFail::kStopBot;
  SimRun run(ProgramOf({Arriving(Flow().Connect().Request(login).Build(), 10, 10s, 3)}),
             {.shards = 2});
  run.server().on_packet = [](ScriptedServer::Peer& peer, auto&&...) {
    peer.SendPacket("S_ENTER_GAME");
    return true;
  };
  const Seen seen = RunToEnd(run);
  EXPECT_EQ(seen.due.size(), 3U);
  EXPECT_EQ(seen.dropped, 97U);
  EXPECT_EQ(run.load().failures().bots_stopped(), 3U);
  EXPECT_LT(run.load().Elapsed(), 1s);
}

TEST(ArrivalTest, AnArrivalDecidesTheSameWhicheverBotTakesIt) {
  const auto decide = [](std::size_t shards, std::uint32_t bots) {
    Asked login = Login();
    login.fields = {{"name", Join({Of(Kind::kIteration), Literal(std::string(" ")),
                                   DrawUniform(0, 1'000'000, true)})}};
    SimRun run(ProgramOf({Arriving(Flow().Connect().Request(login).Build(), 20, 2s, bots)}),
               {.shards = shards});
    RunToEnd(run);
    std::vector<std::string> names;
    for (const auto& peer : run.server().peers()) names.push_back(peer->texts[0]);
    std::sort(names.begin(), names.end());
    return names;
  };
  const std::vector<std::string> names = decide(1, 5);
  EXPECT_EQ(names.size(), 40U);
  EXPECT_TRUE(std::any_of(names.begin(), names.end(),
                          [](const std::string& name) { return name.starts_with("39 "); }));
  EXPECT_EQ(decide(3, 7), names);
}

}  // namespace
}  // namespace stressbot::testing
