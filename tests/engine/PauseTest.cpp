#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/engine/SimRun.h"

/// A load that stands still for a while: nothing of ours goes out, nothing is lost, and it goes on
/// where it was.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;
using servercore::Clock;
using ::testing::ElementsAre;

/// A run that is paused for a while, and what the server heard.
class PausedRun {
 public:
  explicit PausedRun(Program program, std::size_t shards = 1)
      : run_(std::move(program), {.shards = shards}) {
    run_.server().on_packet = [](ScriptedServer::Peer& peer, std::string_view packet,
                                 std::string_view text) {
      if (packet != "C_CHAT") return false;
      peer.SendPacket("S_CHAT", Wire().Number(1, 1).Text(2, text));
      return true;
    };
    started_at_ = run_.world().Now();
    run_.Start();
  }
  SimRun& operator*() { return run_; }
  SimRun* operator->() { return &run_; }

  void Pause() { run_.load().Post(PauseLoad{run_.load().Elapsed()}); }
  void Resume() { run_.load().Post(ResumeLoad{run_.load().Elapsed()}); }
  /// Runs until `from` and stands still for `length`.
  void PauseAt(Nanoseconds from, Nanoseconds length) {
    run_.RunFor(from - run_.load().Elapsed());
    Pause();
    run_.RunFor(length);
    Resume();
  }
  /// When the server read that packet, of all connections.
  std::vector<Nanoseconds> TimesOf(std::string_view packet) {
    std::vector<Nanoseconds> times;
    for (const auto& peer : run_.server().peers()) {
      for (std::size_t i = 0; i < peer->packets.size(); ++i) {
        if (peer->packets[i] == packet) times.push_back(peer->times[i] - started_at_);
      }
    }
    std::sort(times.begin(), times.end());
    return times;
  }
  std::size_t CountWithin(std::string_view packet, Nanoseconds from, Nanoseconds to) {
    const std::vector<Nanoseconds> times = TimesOf(packet);
    return static_cast<std::size_t>(std::count_if(
        times.begin(), times.end(), [&](Nanoseconds time) { return time >= from && time < to; }));
  }

 private:
  SimRun run_;
  Clock::time_point started_at_;
};

Program Chatting(std::uint32_t bots, Nanoseconds duration) {
  return ProgramOf({Constant(LoginEnterChat(100ms), bots, duration)});
}

TEST(PauseTest, NothingIsSentNobodyLeavesAndTheGridGoesOnWithoutAStorm) {
  for (const std::size_t shards : {1U, 3U}) {
    PausedRun run(Chatting(20, 6s), shards);
    run.PauseAt(2s, 5s);
    EXPECT_EQ(run->server().open().size(), 20U);
    EXPECT_EQ(run.CountWithin("C_CHAT", 2s + kRoundTrip, 7s), 0U);
    run->RunFor(1s);
    EXPECT_NEAR(static_cast<double>(run.CountWithin("C_CHAT", 7s, 8s)), 200, 1);
    EXPECT_LE(run.CountWithin("C_CHAT", 7s, 7s + 10ms), 25U) << "a tenth of a period";
    ASSERT_TRUE(run->Finish());
    EXPECT_NEAR(static_cast<double>(run->load().Elapsed() / 1ms), 11'000, 150);
    EXPECT_NEAR(static_cast<double>(run->Counter("requests", {{"step", "chat"}})), 20 * 60, 20);
    EXPECT_EQ(run->Counter("requests_omitted"), 0U);
    const MetricsFrame::RateCount delivered = run->Rate("load_delivered");
    EXPECT_EQ(delivered.passed, delivered.total);
    EXPECT_LE(run->Trend("request_duration").max_ns(), Nanoseconds(1ms).count());
    EXPECT_EQ(run->Trend("generator_lateness").max_ns(), 0);
    EXPECT_EQ(run->Rate("requests_failed").passed, 0U);
    EXPECT_EQ(run->Counter("sessions_ended"), 20U);
  }
}

TEST(PauseTest, ASecondPauseAndAResumeTooManyDoNoHarm) {
  PausedRun run(Chatting(5, 4s), 2);
  run.Resume();
  run.PauseAt(1s, 1s);
  run.Resume();
  run.PauseAt(3s, 500ms);
  run->RunFor(500ms);
  run.Pause();
  run.Pause();
  run->RunFor(500ms);
  run.Resume();
  ASSERT_TRUE(run->Finish());
  EXPECT_NEAR(static_cast<double>(run->load().Elapsed() / 1ms), 6'000, 150);
  EXPECT_NEAR(static_cast<double>(run->Counter("requests", {{"step", "chat"}})), 5 * 40, 5);
  EXPECT_EQ(run->Counter("requests_omitted"), 0U);
}

TEST(PauseTest, ListensGoOnAnswering) {
  FlowBuilder flow = Flow();
  ListenAction pong;
  pong.send = flow.MakeOutgoing("C_CHAT", {{"msg", Literal(std::string("pong"))}});
  PausedRun run(ProgramOf({Constant(flow.Connect()
                                        .Listen({.packet = {}, .expect = "S_CHAT"}, {pong})
                                        .Request(Login())
                                        .Think(Exactly(10s))
                                        .Build(),
                                    4, 10s)}));
  run->server().on_packet = [](ScriptedServer::Peer&, std::string_view packet, std::string_view) {
    return packet == "C_CHAT";
  };
  run->RunFor(1s);
  run.Pause();
  run->RunFor(1s);
  for (ScriptedServer::Peer* peer : run->server().open())
    peer->SendPacket("S_CHAT", Wire().Number(1, 9).Text(2, "ping"));
  run->RunFor(10ms);
  EXPECT_EQ(run.CountWithin("C_CHAT", 2s, 2s + 10ms), 4U);
}

TEST(PauseTest, WhatIsInFlightEndsAndTimesOutAsAlways) {
  Asked slow = Chat();
  slow.timeout = 2s;
  slow.on_fail = OnFail::kContinue;
  PausedRun run(
      ProgramOf({Constant(Flow()
                              .Connect()
                              .Request(Login())
                              .Repeat(UntilStop(), [&](auto& body) { body.Request(slow); })
                              .Build(),
                          2, 4s)}));
  run->server().on_packet = [&run](ScriptedServer::Peer& peer, std::string_view packet,
                                   std::string_view text) {
    if (packet != "C_CHAT") return false;
    if (peer.record().number == 1) return true;  // never answered
    run->server().After(1s, [&run, ref = peer.ref(), text = std::string(text)] {
      run->server().SendTo(ref, "S_CHAT", Wire().Number(1, 1).Text(2, text));
    });
    return true;
  };
  run.PauseAt(500ms, 4s);  // both have one open
  EXPECT_EQ(run.CountWithin("C_CHAT", 500ms, 4500ms), 0U);
  run->RunFor(2ms);
  EXPECT_EQ(run.CountWithin("C_CHAT", 4500ms, 4502ms), 2U);
  run->RunFor(498ms);
  // The one at its true second, the other at its time-out.
  EXPECT_EQ(run->Rate("requests_failed").passed, 1U);
  EXPECT_NEAR(static_cast<double>(run->Trend("request_service_time").max_ns()), 2e9, 1e6);
  run->load().RequestStop(0ns);
  ASSERT_TRUE(run->Finish());
}

TEST(PauseTest, ThinksAndIterationsGoOnWhereTheyWere) {
  PausedRun run(ProgramOf({Iterating(
      Flow().Connect().Request(Login()).Think(Exactly(1s)).Request(Enter()).Build(), 3, 1, 30s)}));
  run.PauseAt(600ms, 5s);
  ASSERT_TRUE(run->Finish());
  const auto entered = run.TimesOf("C_ENTER_GAME");
  ASSERT_EQ(entered.size(), 3U);
  EXPECT_NEAR(static_cast<double>(entered.front() / 1us), 6'000'500, 500);
  EXPECT_NEAR(static_cast<double>(run->Trend("iteration_duration").max_ns()), 1e9, 5e6);
}

TEST(PauseTest, NobodyArrivesAndNobodyIsMissed) {
  const FlowProgram visit = Flow().Connect().Request(Login()).Think(Exactly(10ms)).Build();
  PausedRun run(ProgramOf({Arriving(visit, 10, 3s, 4)}), 2);
  run.PauseAt(1050ms, 10s);
  EXPECT_EQ(run.CountWithin("C_LOGIN", 1050ms, 11050ms), 0U);
  ASSERT_TRUE(run->Finish());
  EXPECT_EQ(run.CountWithin("C_LOGIN", 11050ms, 12055ms), 10U);
  EXPECT_EQ(run->Counter("iterations", {{"outcome", "completed"}}), 30U);
  EXPECT_EQ(run->Counter("dropped_iterations"), 0U);
}

TEST(PauseTest, ARampGoesOnWhereItWas) {
  Group group = Constant(LoginEnterChat(100ms), 0, 0s);
  group.stages = {{10s, 100}, {5s, 0}};
  PausedRun run(ProgramOf({group}), 2);
  run.PauseAt(3s, 20s);
  EXPECT_EQ(run.CountWithin("C_LOGIN", 0s, 23s), 30U);
  run->RunFor(100ms);
  EXPECT_LE(run.CountWithin("C_LOGIN", 23s, 24s), 2U);
  run->RunFor(6880ms);
  EXPECT_EQ(run->server().open().size(), 100U);
  ASSERT_TRUE(run->Finish());
  EXPECT_NEAR(static_cast<double>(run->load().Elapsed() / 1ms), 35'000, 150);
}

TEST(PauseTest, ChurnStandsStillToo) {
  Group group = Constant(LoginEnterChat(100ms), 5, 6s);
  group.churn = Churn{Exactly(1s), 1, Exactly(500ms)};
  PausedRun run(ProgramOf({group}));
  run.PauseAt(1300ms, 4s);  // all are away
  EXPECT_EQ(run->server().peers().size(), 5U);
  run->RunFor(300ms);
  EXPECT_EQ(run->server().peers().size(), 10U);
  run.PauseAt(5800ms, 4s);  // all are there
  EXPECT_EQ(run->server().open().size(), 5U);
  ASSERT_TRUE(run->Finish());
}

TEST(PauseTest, EventsComeByTheClockOfTheLoad) {
  Program program = Chatting(10, 6s);
  Event storm;
  storm.name = "storm";
  storm.from = 1s;
  storm.every = 2s;
  storm.order = DropOrder{};
  program.events = {storm};
  PausedRun run(program, 3);
  run.PauseAt(2s, 10s);
  ASSERT_TRUE(run->Finish());
  std::vector<Nanoseconds> times;
  for (const Occurrence& occurrence : run->load().TakeOccurrences()) times.push_back(occurrence.at);
  EXPECT_THAT(times, ElementsAre(1s, 13s, 15s));
}

TEST(PauseTest, WarmUpAndMeasuredPartAreAsLongAsWithout) {
  Program program = Chatting(4, 5s);
  program.warmup = 2s;
  PausedRun run(program, 2);
  run.PauseAt(1500ms, 3200ms);
  ASSERT_TRUE(run->Finish());
  Nanoseconds warmup{}, load{};
  for (const SimRun::Interval& interval : run->intervals()) {
    if (interval.phase == Phase::kWarmup) warmup += interval.to - interval.from;
    if (interval.phase == Phase::kLoad) load += interval.to - interval.from;
  }
  EXPECT_EQ(warmup, 2s + 3200ms);
  EXPECT_EQ(load, 3s);
}

TEST(PauseTest, WhoLosesItsConnectionComesBackAfterIt) {
  PausedRun run(Chatting(6, 8s));
  run->RunFor(2s);
  run.Pause();
  run->RunFor(1s);
  for (ScriptedServer::Peer* peer : run->server().open())
    peer->Disconnect(servercore::CloseKind::kReset);
  run->RunFor(10s);
  EXPECT_EQ(run->server().peers().size(), 6U);
  run.Resume();
  run->RunFor(400ms);  // the first retry comes after a second, give or take a half
  EXPECT_EQ(run->server().peers().size(), 6U);
  ASSERT_TRUE(run->Finish());
  EXPECT_EQ(run->server().peers().size(), 12U);
  EXPECT_EQ(run->Counter("bots_dropped"), 6U);
  EXPECT_EQ(run->Counter("requests_omitted"), 0U);
  EXPECT_LE(run->Trend("recovery_duration").max_ns(), Nanoseconds(1600ms).count());
}

TEST(PauseTest, WhoIsDroppedByHandIsAwayByTheClockOfTheLoad) {
  PausedRun run(Chatting(10, 5s), 2);
  run->RunFor(1s);
  run.Pause();
  run->load().Post(DropBots{{{}, 0.5, true, Exactly(300ms)}, Firing{Firing::kByHand, 0}});
  run->RunFor(2s);
  EXPECT_EQ(run->server().open().size(), 5U);
  run.Resume();
  run->RunFor(200ms);
  EXPECT_EQ(run->server().open().size(), 5U);
  run->RunFor(110ms);
  EXPECT_EQ(run->server().open().size(), 10U);
  ASSERT_TRUE(run->Finish());
}

TEST(PauseTest, AStopEndsIt) {
  PausedRun run(Chatting(10, 60s), 2);
  run->RunFor(1s);
  run.Pause();
  run->RunFor(1s);
  run->load().RequestStop(std::nullopt);
  ASSERT_TRUE(run->Finish());
  EXPECT_LE(run->load().Elapsed(), 2s + 300ms);
  EXPECT_EQ(run->Counter("iterations", {{"outcome", "completed"}}), 10U);
  EXPECT_EQ(run->Counter("iterations"), 10U);
}

TEST(PauseTest, NobodyPausesALoadThatIsOver) {
  PausedRun run(Chatting(3, 2s));
  run->RunFor(1990ms);
  run->load().RequestStop(5s);
  run->RunFor(1ms);
  run.Pause();
  ASSERT_TRUE(run->Finish());
  EXPECT_EQ(run->Counter("iterations", {{"outcome", "completed"}}), 3U);
}

}  // namespace
}  // namespace stressbot::testing
