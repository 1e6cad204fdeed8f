#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/SimRun.h"

/// Connections that do not come about, and those that are lost.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

RetryPolicy Steady(Nanoseconds after) {
  return {.after = after, .factor = 2, .max = 8s, .jitter = 0};
}

Group Logins(std::uint32_t bots, Nanoseconds duration) {
  FlowBuilder flow(ChatProtocol());
  Group group =
      Constant(flow.Connect(0, 2s).Request(Login()).Think(Exactly(1h)).Build(), bots, duration);
  group.retry = Steady(1s);
  return group;
}

TEST(ConnectionTest, ARefusedOneIsTriedAgainWithGrowingWaits) {
  SimRun run(ProgramOf({Logins(1, 30s)}));
  run.server().StopListening();
  run.Start();
  // It is refused at 0, 1, 3, 7, 15 and 23 s, each a round trip after the try.
  const std::vector<std::pair<Nanoseconds, std::uint64_t>> expected{
      {900ms, 1},   {1100ms, 2},  {2900ms, 2},  {3100ms, 3},  {6900ms, 3}, {7100ms, 4},
      {14900ms, 4}, {15100ms, 5}, {22900ms, 5}, {23100ms, 6}, {30900ms, 6}};
  for (const auto& [at, failed] : expected) {
    run.world().RunFor(at - run.load().Elapsed());
    run.RunFor(Nanoseconds(0));
    EXPECT_EQ(run.load().failures().Entries().size(), std::min<std::uint64_t>(failed, 5));
  }
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Rate("connects_failed").passed, 6U);
  EXPECT_EQ(run.Rate("connects_failed").total, 6U);
  EXPECT_EQ(run.Trend("connect_duration").count(), 0U);
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "failed"}}), 6U);
  // The simulated network has the words of the C library, which are Windows' last choice.
  const std::string refused = std::make_error_code(std::errc::connection_refused).message();
  EXPECT_THAT(run.Failures("connects_failed")[0],
              HasSubstr("bot 0 at 0.0 s, connect to game failed: " + refused));
}

TEST(ConnectionTest, JitterSpreadsTheRetriesOfManyBots) {
  Group group = Logins(200, 30s);
  group.retry.jitter = 0.5;
  SimRun run(ProgramOf({group}));
  run.server().StopListening();
  run.Start();
  const auto tries_until = [&](Nanoseconds at) {
    run.RunFor(at - run.load().Elapsed());
    return run.Rate("connects_failed").total;
  };
  tries_until(500ms);  // metrics come at the end of a second
  EXPECT_NEAR(static_cast<double>(tries_until(1s)), 300, 30);
  EXPECT_EQ(run.world().Now() - (run.world().Now() - run.load().Elapsed()), 1s);
  EXPECT_GE(tries_until(2s), 400U);
}

TEST(ConnectionTest, OneThatIsNeverAnsweredTimesOutAtItsAge) {
  SimRun run(ProgramOf({Logins(1, 2500ms)}));
  run.world().network().CutOff(run.server().address());
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Rate("connects_failed").passed, 1U);
  const Histogram connect = run.Trend("connect_duration");
  EXPECT_EQ(connect.max_ns(), Nanoseconds(2s).count());
  EXPECT_EQ(connect.lower_bounds(), 1U);
  EXPECT_EQ(run.Counter("sessions_ended"), 0U);
  EXPECT_THAT(run.Failures("connects_failed"), ElementsAre(HasSubstr("failed: timed out")));
}

TEST(ConnectionTest, AFailedConnectMayBeIgnored) {
  FlowBuilder flow(ChatProtocol());
  flow.Connect(0, 2s, OnFail::kContinue).Connect(1).Think(Exactly(1h));
  SimRun run(ProgramOf({Constant(flow.Build(), 1, 1s)}, 2));
  run.server(0).StopListening();
  run.Start();
  run.RunFor(1s);
  EXPECT_EQ(run.server(1).peers().size(), 1U);
  EXPECT_EQ(run.Rate("connects_failed", {{"server", "game"}}).passed, 1U);
  EXPECT_EQ(run.Rate("connects_failed", {{"server", "game1"}}).passed, 0U);
}

TEST(ConnectionTest, WaitingForOurOwnConnectLimitIsTheGeneratorsLateness) {
  SimRunOptions options;
  options.load.connects_in_flight_max = 1;
  SimRun run(ProgramOf({Logins(10, 1s)}), options);
  run.Start();
  run.RunFor(1s);
  EXPECT_EQ(run.Trend("connect_duration").max_ns(), Nanoseconds(10 * kRoundTrip).count());
  EXPECT_EQ(run.Trend("generator_lateness").max_ns(), Nanoseconds(9 * kRoundTrip).count());
}

TEST(ConnectionTest, SuccessResetsTheWait) {
  Asked login = Login();
  login.on_fail = OnFail::kEndIteration;
  FlowBuilder flow(ChatProtocol());
  Group group = Constant(flow.Connect().Request(login).Build(), 1, 30s);
  group.retry = Steady(1s);
  SimRun run(ProgramOf({group}));
  std::vector<Nanoseconds> at;
  run.server().on_packet = [&](ScriptedServer::Peer& peer, std::string_view, std::string_view) {
    at.push_back(run.load().Elapsed());
    const std::size_t number = peer.record().number;
    if (number == 2) return false;  // the third succeeds
    peer.SendPacket("S_LOGIN", {});
    return true;
  };
  run.Start();
  run.RunFor(8s);
  const auto whole = [](Nanoseconds time) {
    return std::chrono::round<std::chrono::milliseconds>(time).count() / 100;
  };
  std::vector<std::int64_t> tenths;
  for (const Nanoseconds time : at) tenths.push_back(whole(time));
  EXPECT_THAT(tenths, ElementsAre(0, 10, 30, 30, 40, 60));
}

/// One bot, logged in, waits for a reply that the server drops it for.
class DropTest : public ::testing::Test {
 protected:
  DropTest() : run_(MakeProgram()) {
    run_.server().on_packet = [this](ScriptedServer::Peer& peer, std::string_view packet,
                                     std::string_view) {
      if (packet != "C_ENTER_GAME") return false;
      if (peer.record().number > 0) return false;
      peer.Disconnect(how_);
      return true;
    };
  }
  static Program MakeProgram() {
    FlowBuilder flow(ChatProtocol());
    Group group = Constant(
        flow.Connect().Request(Login()).Request(Enter()).Think(Exactly(1h)).Build(), 1, 5s);
    group.retry = Steady(1s);
    return ProgramOf({group});
  }
  void RunAndExpect(const Tags& how, const char* text) {
    run_.Start();
    run_.RunFor(4s);
    Tags tags{{"step", "C_ENTER_GAME"}};
    tags.insert(tags.end(), how.begin(), how.end());
    EXPECT_EQ(run_.Counter("bots_dropped", tags), 1U);
    EXPECT_EQ(run_.Counter("bots_dropped"), 1U);
    EXPECT_EQ(run_.Rate("requests_failed", {{"step", "C_ENTER_GAME"}}).passed, 1U);
    EXPECT_EQ(run_.Rate("requests_failed", {{"step", "C_ENTER_GAME"}}).total, 2U);
    EXPECT_EQ(run_.Counter("requests_abandoned"), 0U);
    EXPECT_EQ(run_.Counter("iterations", {{"outcome", "failed"}}), 1U);
    EXPECT_THAT(run_.Failures("bots_dropped"), ElementsAre(HasSubstr(text)));
    // Drop, wait, connect, first answer.
    const Histogram recovery = run_.Trend("recovery_duration");
    EXPECT_EQ(recovery.count(), 1U);
    EXPECT_EQ(recovery.max_ns(), Nanoseconds(1s + 2 * kRoundTrip).count());
  }

  servercore::CloseKind how_ = servercore::CloseKind::kOrderly;
  SimRun run_;
};

TEST_F(DropTest, ClosedByTheServer) {
  RunAndExpect({{"how", "closed"}}, "closed by the server in step C_ENTER_GAME");
  EXPECT_EQ(run_.Counter("sessions_ended", {{"by", "server"}, {"how", "orderly"}}), 1U);
}

TEST_F(DropTest, ResetByTheServer) {
  how_ = servercore::CloseKind::kReset;
  RunAndExpect({{"how", "reset"}}, "reset by the server in step C_ENTER_GAME");
  EXPECT_EQ(run_.Counter("sessions_ended", {{"by", "server"}, {"how", "reset"}}), 1U);
}

TEST(ConnectionTest, AServerThatDoesNotReadDropsTheBotAtOurQueueLimit) {
  FlowBuilder flow(ChatProtocol());
  const std::string large(60'000, 'x');
  flow.Connect().Repeat(Times(100), [&](FlowBuilder& body) {
    body.Send("C_CHAT", {{"msg", Literal(large)}}).Think(Exactly(1ms));
  });
  SimRunOptions options;
  options.network.socket_buffer_bytes = 4'096;
  SimRun run(ProgramOf({Constant(flow.Build(), 1, 1s)}), options);
  run.server().on_connected = [&](ScriptedServer::Peer&) {
    run.world().Spend(run.server().shard(), 2s);
  };
  run.Start();
  run.RunFor(900ms);
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Counter("bots_dropped", {{"how", "timeout"}}), 1U);
  EXPECT_EQ(run.Counter("sessions_ended", {{"by", "none"}, {"how", "timeout"}}), 1U);
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "failed"}}), 1U);
  EXPECT_THAT(run.Failures("bots_dropped"),
              ElementsAre(HasSubstr("dropped, since the server does not read in step C_CHAT")));
}

TEST(ConnectionTest, AServerThatVanishesIsClosedByUsAfterTheDrain) {
  SimRun run(ProgramOf({Logins(1, 1s)}));
  run.Start();
  run.RunFor(500ms);
  run.world().network().CutOff(run.server().address());
  run.load().RequestStop(0ns);
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.load().Elapsed(), 2500ms);
  EXPECT_EQ(run.Counter("sessions_ended", {{"by", "us"}, {"how", "timeout"}}), 1U);
  EXPECT_EQ(run.Counter("bots_dropped"), 0U);
}

TEST(ConnectionTest, BranchesThatCloseTheSameConnectionBothGoOn) {
  FlowBuilder flow(ChatProtocol());
  flow.Connect()
      .Parallel({[](FlowBuilder& branch) { branch.Disconnect(); },
                 [](FlowBuilder& branch) { branch.Disconnect(); }})
      .Connect()
      .Request(Login())
      .Think(Exactly(1h));
  SimRun run(ProgramOf({Constant(flow.Build(), 1, 1s)}));
  run.Start();
  run.RunFor(1s);
  EXPECT_EQ(run.server().Count("C_LOGIN"), 1U);
}

TEST(ConnectionTest, AConnectThatABranchCutsIsNoFailure) {
  FlowBuilder flow(ChatProtocol());
  flow.Parallel({[](FlowBuilder& branch) { branch.Connect(); },
                 [](FlowBuilder& branch) { branch.Think(Exactly(50us)).Disconnect(); }})
      .Connect()
      .Request(Login())
      .Think(Exactly(1h));
  SimRun run(ProgramOf({Constant(flow.Build(), 1, 1s)}));
  run.Start();
  run.RunFor(1s);
  EXPECT_EQ(run.server().Count("C_LOGIN"), 1U);
  EXPECT_EQ(run.Rate("connects_failed").passed, 0U);
  EXPECT_EQ(run.Rate("connects_failed").total, 1U);
  EXPECT_TRUE(run.load().failures().Entries().empty());
}

TEST(ConnectionTest, WhatABranchAwaitsIsAbandonedWhenAnotherClosesItsConnection) {
  Asked enter = Enter();
  enter.timeout = 1s;
  FlowBuilder flow(ChatProtocol());
  flow.Connect()
      .Parallel({[&](FlowBuilder& branch) { branch.Request(enter).Think(Exactly(1ms)); },
                 [](FlowBuilder& branch) {
                   branch.Expect({.packet = {}, .expect = "S_CHAT", .timeout = 1s});
                 },
                 [](FlowBuilder& branch) {
                   branch.Think(Exactly(10ms)).Disconnect().Connect().Request(Chat());
                 }})
      .Request(Login())
      .Think(Exactly(1h));
  SimRun run(ProgramOf({Constant(flow.Build(), 1, 3s)}));
  run.server().on_packet = [](ScriptedServer::Peer& peer, std::string_view packet,
                              std::string_view) {
    // To the second connection it says at once what the first one waited for.
    if (packet == "C_CHAT") peer.SendPacket("S_ENTER_GAME", Wire().Number(1, 1));
    return packet == "C_ENTER_GAME";
  };
  run.Start();
  run.RunFor(3s);
  EXPECT_EQ(run.server().Count("C_LOGIN"), 1U);
  EXPECT_EQ(run.Counter("requests_abandoned", {{"step", "C_ENTER_GAME"}}), 1U);
  EXPECT_EQ(run.Rate("requests_failed").passed, 0U);
  EXPECT_EQ(run.Trend("request_duration", {{"step", "C_ENTER_GAME"}}).count(), 0U);
  EXPECT_EQ(run.Counter("packets_unhandled", {{"packet", "S_ENTER_GAME"}}), 1U);
  EXPECT_TRUE(run.load().failures().Entries().empty());
}

}  // namespace
}  // namespace stressbot::testing
