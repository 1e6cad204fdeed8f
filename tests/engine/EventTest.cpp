#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "StressBot/engine/ShareDraw.h"
#include "tests/engine/SimRun.h"

/// Events: what is dropped when, on whichever shards, and what comes of it.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

Event DropAt(Nanoseconds at, double share = 1, bool reset = true) {
  Event event;
  event.name = "storm";
  event.from = at;
  event.order = DropOrder{{}, share, reset, {}};
  return event;
}

/// The first packet of that name from 1 s on.
Event DropOn(std::string_view packet, std::uint32_t count, Nanoseconds cooldown) {
  Event event = DropAt(1s);
  event.on = PacketTrigger{0, ChatProtocol()->IndexOfName(packet), cooldown};
  event.count = count;
  return event;
}

/// Bots that log in and chat, each with itself, and a server that notes who was cut.
class EventRun {
 public:
  EventRun(std::vector<Event> events, std::uint32_t bots, std::size_t shards = 1,
           std::uint64_t seed = 1, Nanoseconds duration = 10s)
      : run_(With(std::move(events), bots, seed, duration), {.shards = shards}) {
    run_.server().on_packet = [](ScriptedServer::Peer& peer, std::string_view packet,
                                 std::string_view text) {
      if (packet != "C_CHAT") return false;
      peer.SendPacket("S_CHAT", Wire().Number(1, 1).Text(2, text));
      return true;
    };
    run_.Start();
  }
  static Program With(std::vector<Event> events, std::uint32_t bots, std::uint64_t seed,
                      Nanoseconds duration) {
    Program program = ProgramOf({Constant(LoginEnterChat(100ms), bots, duration)}, 1, seed);
    program.events = std::move(events);
    return program;
  }
  SimRun& operator*() { return run_; }
  SimRun* operator->() { return &run_; }

  /// The bots whose connection the server saw end by a reset so far.
  std::set<std::string> Reset() {
    std::set<std::string> names;
    for (const auto& peer : run_.server().peers()) {
      if (peer->reason == servercore::CloseReason::kPeerReset) names.insert(peer->texts.at(0));
    }
    return names;
  }
  std::vector<Occurrence> Occurred() { return run_.load().TakeOccurrences(); }

 private:
  SimRun run_;
};

TEST(EventTest, AShareIsExactAndTheSameOnAnyNumberOfShards) {
  std::set<std::string> first;
  for (const std::size_t shards : {1U, 2U, 3U}) {
    EventRun run({DropAt(2s, 0.3)}, 100, shards);
    run->RunFor(2s + 1ms);
    const std::set<std::string> dropped = run.Reset();
    EXPECT_EQ(dropped.size(), 30U) << shards << " shards";
    if (shards == 1) first = dropped;
    EXPECT_EQ(dropped, first) << shards << " shards";
    const std::vector<Occurrence> occurred = run.Occurred();
    ASSERT_EQ(occurred.size(), 1U);
    EXPECT_EQ(occurred[0].bots, 30U);
    EXPECT_EQ(occurred[0].at, 2s);
  }
  EventRun other({DropAt(2s, 0.3)}, 100, 1, 2);
  other->RunFor(2s + 1ms);
  EXPECT_EQ(other.Reset().size(), 30U);
  EXPECT_NE(other.Reset(), first);  // another seed
}

TEST(EventTest, EachFiringDrawsAnew) {
  Event storm = DropAt(1s, 0.5);
  storm.every = 2s;
  storm.count = 3;
  EventRun run({storm}, 40, 2);
  run->RunFor(1s + 1ms);
  const std::set<std::string> first = run.Reset();
  EXPECT_EQ(first.size(), 20U);
  run->RunFor(2s);
  EXPECT_GT(run.Reset().size(), first.size());
  ASSERT_TRUE(run->Finish());
  std::vector<Nanoseconds> times;
  for (const Occurrence& occurrence : run.Occurred()) {
    times.push_back(occurrence.at);
    EXPECT_EQ(occurrence.bots, 20U);
  }
  EXPECT_THAT(times, ElementsAre(1s, 3s, 5s));
  EXPECT_EQ(run->Counter("iterations", {{"outcome", "cut"}}), 60U);
  EXPECT_EQ(run->Counter("sessions_ended", {{"by", "us"}, {"how", "reset"}}), 60U);
  EXPECT_EQ(run->Counter("bots_dropped"), 0U);
  EXPECT_EQ(run->Rate("requests_failed").passed, 0U);
}

TEST(EventTest, UntilAndTheEndOfTheLoadEndAPeriod) {
  Event storm = DropAt(1s);
  storm.every = 1s;
  Event shorter = storm;
  shorter.until = 3s;
  EventRun run({storm, shorter}, 2, 1, 1, 5s);
  ASSERT_TRUE(run->Finish());
  std::vector<std::size_t> fired(2);
  for (const Occurrence& occurrence : run.Occurred()) ++fired[occurrence.firing.event];
  EXPECT_THAT(fired, ElementsAre(4, 2));  // 1, 2, 3, 4 s; 1, 2 s
}

TEST(EventTest, DroppedBotsComeBackAfterTheirTimeAwayAndTellHowLongItTook) {
  Event storm = DropAt(2s);
  std::get<DropOrder>(storm.order).away = Exactly(500ms);
  EventRun run({storm}, 10, 2);
  run->RunFor(2s + 400ms);
  EXPECT_TRUE(run->server().open().empty());
  ASSERT_TRUE(run->Finish());
  EXPECT_EQ(run->server().peers().size(), 20U);
  const Histogram recovery = run->Trend("recovery_duration");
  EXPECT_EQ(recovery.count(), 10U);
  // Away, a connect and a login.
  EXPECT_NEAR(static_cast<double>(recovery.max_ns()), 500.4e6, 0.5e6);
}

TEST(EventTest, AnOrderlyDropLeavesInOrder) {
  EventRun run({DropAt(2s, 1, false)}, 10);
  ASSERT_TRUE(run->Finish());
  EXPECT_TRUE(run.Reset().empty());
  EXPECT_EQ(run->Counter("iterations", {{"outcome", "cut"}}), 10U);
  EXPECT_EQ(run->Counter("sessions_ended", {{"by", "us"}, {"how", "orderly"}}), 20U);
}

TEST(EventTest, OnlyTheGroupIsDropped) {
  Program program = EventRun::With({DropAt(2s)}, 5, 1, 4s);
  std::get<DropOrder>(program.events[0].order).group = std::uint16_t{1};
  program.groups.push_back(program.groups[0]);
  program.groups[1].name = "others";
  SimRun run(program, {.shards = 2});
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "cut"}, {"group", "others"}}), 5U);
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "cut"}}), 5U);
}

TEST(EventTest, ABotWithoutAConnectionComesBackToo) {
  // Connecting when it is cut: nobody listens until later.
  FlowBuilder flow(ChatProtocol());
  flow.Think(Exactly(3s)).Connect().Request(Login());
  Program program = ProgramOf({Constant(flow.Build(), 3, 6s)});
  program.events = {DropAt(2s)};
  SimRun run(program);
  run.Start();
  run.RunFor(5500ms);
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "cut"}}), 3U);
  EXPECT_EQ(run.server().peers().size(), 3U);  // once each, at 5 s
  EXPECT_EQ(run.Trend("recovery_duration").count(), 0U);
}

TEST(EventTest, APacketDropsAllOfItsShardInThatTurnAndTheOthersWithTheirNext) {
  for (const std::size_t shards : {1U, 3U}) {
    EventRun run({DropOn("S_CHAT", 1, 1s)}, 30, shards);
    run->RunFor(1s);
    EXPECT_TRUE(run.Reset().empty());
    const std::uint64_t before = run->Counter("packets_received", {{"packet", "S_CHAT"}});
    run->RunFor(20ms);  // with 30 bots somebody hears one each 3 ms
    EXPECT_EQ(run.Reset().size(), 30U) << shards << " shards";
    const std::vector<Occurrence> occurred = run.Occurred();
    ASSERT_EQ(occurred.size(), 1U);
    EXPECT_EQ(occurred[0].bots, 30U);
    EXPECT_TRUE(occurred[0].bot);
    ASSERT_TRUE(run->Finish());
    EXPECT_GT(run->Counter("packets_received", {{"packet", "S_CHAT"}}), before);
    EXPECT_EQ(run->Counter("iterations", {{"outcome", "cut"}}), 30U);
  }
}

TEST(EventTest, ABroadcastIsSeenOnceAndResetsAllInTheSameTurn) {
  Program program = EventRun::With({DropOn("S_CHAT", 1, 1s)}, 50, 1, 4s);
  SimRun run(program);
  run.server().on_packet = [](ScriptedServer::Peer&, std::string_view packet, std::string_view) {
    return packet == "C_CHAT";  // not answered, but by the broadcast
  };
  run.Start();
  run.RunFor(2s);
  run.server().After(1ms, [&run] {
    for (ScriptedServer::Peer* peer : run.server().open())
      peer->SendPacket("S_CHAT", Wire().Number(1, 1).Text(2, "to all"));
  });
  run.RunFor(2ms);
  EXPECT_EQ(run.Counter("sessions_ended", {{"by", "us"}, {"how", "reset"}}), 0U);  // of this second
  ASSERT_TRUE(run.Finish());
  // Who was cut before its own copy was read never heard it: that is what a batch is.
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "cut"}}), 50U);
  EXPECT_LT(run.Counter("packets_received", {{"packet", "S_CHAT"}}), 50U);
}

TEST(EventTest, ItIsArmedAgainAfterItsCooldownAsOftenAsItCounts) {
  EventRun run({DropOn("S_CHAT", 20, 300ms)}, 20, 2, 1, 20s);
  ASSERT_TRUE(run->Finish());
  const std::vector<Occurrence> occurred = run.Occurred();
  ASSERT_EQ(occurred.size(), 20U);
  for (std::size_t i = 0; i < occurred.size(); ++i) {
    EXPECT_EQ(occurred[i].firing.number, i);
    EXPECT_EQ(occurred[i].bots, 20U) << "all are back in between";
    if (i > 0) {
      EXPECT_GE(occurred[i].at - occurred[i - 1].at, 300ms);
    }
  }
  EXPECT_EQ(run->Counter("iterations", {{"outcome", "cut"}}), 400U);
  EXPECT_EQ(run->Counter("iterations", {{"outcome", "failed"}}), 0U);
}

TEST(EventTest, NothingHappensBehindTheEndOfTheLoad) {
  EventRun run({DropAt(5s), DropOn("S_CHAT", 0, 10s)}, 5, 2, 1, 2s);
  run->load().RequestStop(5s);
  ASSERT_TRUE(run->Finish());
  EXPECT_TRUE(run.Occurred().empty());
  EXPECT_EQ(run->Counter("iterations", {{"outcome", "cut"}}), 0U);
}

TEST(EventTest, PacketsThatComeBehindTheLoadTriggerNothing) {
  Event late = DropOn("S_CHAT", 0, 1s);
  late.from = 2s;
  SimRun run(EventRun::With({late}, 5, 1, 2s));
  run.server().on_packet = [&run](ScriptedServer::Peer& peer, std::string_view packet,
                                  std::string_view text) {
    if (packet != "C_CHAT") return false;
    run.server().After(300ms, [&run, ref = peer.ref(), text = std::string(text)] {
      run.server().SendTo(ref, "S_CHAT", Wire().Number(1, 1).Text(2, text));
    });
    return true;
  };
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_TRUE(run.load().TakeOccurrences().empty());
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "completed"}}), 5U);
}

/// A server that resets everybody at that time.
void ResetAllAt(SimRun& run, Nanoseconds at) {
  run.server().After(at, [&run] {
    for (ScriptedServer::Peer* peer : run.server().open())
      peer->Disconnect(servercore::CloseKind::kReset);
  });
}

TEST(EventTest, EndingsAreExcusedInTheWindowAndShownApart) {
  Event expected;
  expected.name = "restart";
  expected.from = 2s;
  expected.excuses = 1s;
  EventRun run({expected}, 10, 2);
  ResetAllAt(*run, 2500ms);
  ResetAllAt(*run, 8s);
  run->RunFor(5s);
  EXPECT_EQ(run->Counter("drops_excused", {{"how", "reset"}}), 10U);
  EXPECT_EQ(run->Counter("bots_dropped"), 0U);
  EXPECT_EQ(run->Rate("requests_failed").passed, 0U);
  EXPECT_TRUE(run->Failures("bots_dropped").empty());
  EXPECT_EQ(run->Trend("recovery_duration").count(), 10U);
  ASSERT_TRUE(run->Finish());
  EXPECT_EQ(run->Counter("drops_excused"), 10U);
  EXPECT_EQ(run->Counter("bots_dropped"), 10U);
  EXPECT_EQ(run->Counter("sessions_ended", {{"by", "server"}, {"how", "reset"}}), 20U);
}

TEST(EventTest, AnOpenRequestOfAnExcusedEndingIsAbandonedNotFailed) {
  FlowBuilder flow(ChatProtocol());
  flow.Connect().Request(Login()).Request(Chat());
  Program program = ProgramOf({Constant(flow.Build(), 4, 5s)});
  Event expected;
  expected.from = 1s;
  expected.excuses = 2s;
  program.events = {expected};
  SimRun run(program);
  run.server().on_packet = [](ScriptedServer::Peer&, std::string_view packet, std::string_view) {
    return packet == "C_CHAT";
  };
  run.Start();
  ResetAllAt(run, 2s);
  run.RunFor(2500ms);
  run.load().RequestStop(0ns);
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Rate("requests_failed").passed, 0U);
  EXPECT_GE(run.Counter("requests_abandoned", {{"step", "chat"}}), 4U);
}

TEST(EventTest, RefusedConnectsInTheWindowAreExcusedToo) {
  Event expected;
  expected.from = 2s;
  expected.excuses = 3s;
  EventRun run({expected}, 5, 1, 1, 12s);
  run->server().After(2500ms, [&run] { run->server().StopListening(); });
  ResetAllAt(*run, 2500ms);
  run->RunFor(4900ms);
  EXPECT_GE(run->Counter("connects_excused"), 5U);
  EXPECT_EQ(run->Rate("connects_failed").passed, 0U);
  ASSERT_TRUE(run->Finish());
  EXPECT_GT(run->Rate("connects_failed").passed, 0U);
}

TEST(EventTest, WhatIsNoDropIsReportedOnce) {
  Event mark;
  mark.name = "lunch";
  mark.from = 1s;
  Event seen = mark;
  seen.on = PacketTrigger{0, ChatProtocol()->IndexOfName("S_CHAT"), 1s};
  seen.count = 2;
  EventRun run({mark, seen}, 10, 3, 1, 5s);
  ASSERT_TRUE(run->Finish());
  std::vector<std::uint32_t> events;
  for (const Occurrence& occurrence : run.Occurred()) {
    events.push_back(occurrence.firing.event);
    EXPECT_EQ(occurrence.bots, 0U);
  }
  EXPECT_THAT(events, ElementsAre(0, 1, 1));
  EXPECT_EQ(run->Counter("iterations", {{"outcome", "cut"}}), 0U);
}

TEST(EventTest, ACommandFromOutsideReachesAllShards) {
  EventRun run({}, 9, 3);
  run->RunFor(2s);
  run->load().Post(DropBots{{{}, 1, true, Exactly(100ms)}, Firing{Firing::kByHand, 4}});
  run->RunFor(1ms);
  EXPECT_EQ(run.Reset().size(), 9U);
  const std::vector<Occurrence> occurred = run.Occurred();
  ASSERT_EQ(occurred.size(), 1U);
  EXPECT_EQ(occurred[0].bots, 9U);
  EXPECT_EQ(occurred[0].firing, (Firing{Firing::kByHand, 4}));
}

TEST(EventTest, BotsFollowAServerThatMoved) {
  Program program = EventRun::With({DropAt(3s)}, 4, 1, 6s);
  SimRun run(program, {.shards = 2});
  ScriptedServer elsewhere(run.world());
  run.Start();
  run.RunFor(2s);
  run.load().Post(MoveServer{0, elsewhere.address()});
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.server().peers().size(), 4U);
  EXPECT_EQ(elsewhere.peers().size(), 4U);
  elsewhere.StopListening();
}

TEST(EventTest, AShareTakesExactlyThatManyByTheSeedAlone) {
  const auto taken = [](double share, std::uint32_t bots, std::uint32_t firing = 0) {
    const ShareDraw draw(7, {0, firing}, 0, bots, share);
    std::vector<std::uint32_t> numbers;
    for (std::uint32_t number = 0; number < bots; ++number) {
      if (draw.Takes(number)) numbers.push_back(number);
    }
    return numbers;
  };
  EXPECT_EQ(taken(0.25, 1'000).size(), 250U);
  EXPECT_EQ(taken(0.001, 10).size(), 1U);  // somebody
  EXPECT_EQ(taken(0, 10).size(), 0U);
  EXPECT_EQ(taken(1, 10).size(), 10U);
  EXPECT_EQ(taken(0.5, 100), taken(0.5, 100));
  EXPECT_NE(taken(0.5, 100), taken(0.5, 100, 1));
}

}  // namespace
}  // namespace stressbot::testing
