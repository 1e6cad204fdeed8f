#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/engine/SimRun.h"

/// What is sent to audiences and whether their members hear it.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using Peer = ScriptedServer::Peer;

constexpr std::uint16_t kRoom = 0;  // a variable

/// Rooms by the number of the connection. What enters is told to nobody; what chats, to its room.
class Rooms {
 public:
  explicit Rooms(SimRun& run, std::size_t rooms = 1) : run_(run), rooms_(rooms) {
    run.server().on_packet = [this](Peer& peer, std::string_view packet, std::string_view text) {
      if (packet == "C_ENTER_GAME") Enter(peer);
      if (packet == "C_CHAT") Chat(peer, text);
      return packet != "C_LOGIN";
    };
  }
  /// True when this delivery is lost. Not asked for the sender's own.
  std::function<bool()> loses = [] { return false; };
  /// How much later than at once it is delivered.
  std::function<Nanoseconds(Peer& from, Peer& to)> late = [](Peer&, Peer&) { return 0ns; };
  bool tells_sender = true;
  std::uint64_t lost() const { return lost_; }
  std::uint64_t delivered() const { return delivered_; }

 private:
  std::uint64_t RoomOf(Peer& peer) const { return peer.record().number % rooms_; }
  void Enter(Peer& peer) {
    // A second entering is a leaving.
    if (!inside_.insert(peer.record().number).second) inside_.erase(peer.record().number);
    peer.SendPacket("S_ENTER_GAME", Wire()
                                        .Number(1, 1)
                                        .Number(2, RoomOf(peer))
                                        .Message(3, Wire().Number(1, peer.record().number)));
  }
  void Chat(Peer& from, std::string_view text) {
    const Wire chat = Wire().Number(1, from.record().number).Text(2, text);
    for (Peer* to : run_.server().open()) {
      if (!inside_.contains(to->record().number) || RoomOf(*to) != RoomOf(from)) continue;
      if (to == &from && !tells_sender) continue;
      if (to != &from && loses()) {
        ++lost_;
        continue;
      }
      ++delivered_;
      const Nanoseconds wait = late(from, *to);
      if (wait == 0ns) {
        to->SendPacket("S_CHAT", chat);
      } else {
        run_.server().After(
            wait, [this, ref = to->ref(), chat] { run_.server().SendTo(ref, "S_CHAT", chat); });
      }
    }
  }

  SimRun& run_;
  const std::size_t rooms_;
  std::set<std::size_t> inside_;
  std::uint64_t lost_ = 0, delivered_ = 0;
};

Asked EnterRoom() {
  return {.packet = "C_ENTER_GAME", .expect = "S_ENTER_GAME", .save = {{kRoom, "roomId"}}};
}
Asked ChatToRoom() {
  Asked chat = Chat();
  chat.audience = Variable(kRoom);
  return chat;
}

FanOut ChatFanOut() {
  FanOut fanout;
  fanout.step = "chat";
  fanout.packet = ChatProtocol()->IndexOfName("S_CHAT");
  fanout.field = Flow().Path("S_CHAT", "msg");
  fanout.within = 2s;
  return fanout;
}

Program Fanned(std::vector<Group> groups, FanOut fanout = ChatFanOut()) {
  Program program = ProgramOf(std::move(groups));
  program.fanouts = {std::move(fanout)};
  return program;
}

FlowProgram Chatting(Nanoseconds every) {
  return Flow()
      .Connect()
      .Request(EnterRoom())
      .Join(Variable(kRoom))
      .Repeat(UntilStop(every), [](FlowBuilder& body) { body.Request(ChatToRoom()); })
      .Disconnect()
      .Build(1);
}

TEST(FanOutTest, OneDeliveryLostInAThousandIsFoundExactlyAndFromAnyNumberOfShards) {
  constexpr std::uint64_t kRooms = 3, kBots = 30, kPerSecond = 10;
  constexpr std::uint64_t kDeliveriesPerSecond = kBots * kPerSecond * kBots / kRooms;
  std::vector<std::uint64_t> delivered, found;
  for (const std::size_t shards : {1U, 3U}) {
    SimRunOptions options;
    options.shards = shards;
    SimRun run(Fanned({Constant(Chatting(100ms), kBots, 20500ms)}), options);
    Rooms rooms(run, kRooms);
    std::uint64_t deliveries = 0;
    bool is_measured = false;  // not while bots come and go
    rooms.loses = [&] { return is_measured && ++deliveries % 1'000 == 0; };
    run.Start();
    run.RunFor(3s);
    is_measured = true;
    run.RunFor(12s);
    is_measured = false;
    ASSERT_TRUE(run.Finish());
    const auto rate = run.Rate("fanout_delivered", {{"step", "chat"}, {"group", "players"}});
    EXPECT_GT(rooms.lost(), 30U);
    EXPECT_EQ(rate.total - rate.passed, rooms.lost());
    EXPECT_EQ(rate.total,
              16 * kDeliveriesPerSecond);  // from the third second on, but the last ones
    EXPECT_EQ(run.Trend("fanout_delay").count(), rooms.delivered());
    EXPECT_EQ(run.Trend("fanout_delay").max_ns(), Nanoseconds(kRoundTrip).count());
    EXPECT_EQ(run.Counter("fanout_unjudged"), rooms.delivered() - rate.passed);
    EXPECT_EQ(run.Counter("packets_unhandled", {{"packet", "S_CHAT"}}), 0U);
    EXPECT_THAT(run.Failures("fanout_delivered"), SizeIs(5));
    EXPECT_THAT(run.Failures("fanout_delivered").front(),
                HasSubstr("of 100 did not arrive, sent in step chat to audience"));
    delivered.push_back(rate.passed);
    found.push_back(rate.total);
  }
  EXPECT_EQ(found[0], found[1]);
  EXPECT_EQ(delivered[0], delivered[1]);
}

TEST(FanOutTest, ComingGoingAndPulledPlugsAreNoLoss) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    Group group = Constant(Chatting(50ms), 60, 10s);
    group.churn = Churn{{Distribution::Kind::kExponential, 6e9, 0}, 0.5, Between(0s, 1s)};
    SimRunOptions options;
    options.shards = 3;
    options.network.seed = seed;
    options.network.latency_min = 100us;
    options.network.latency_max = 40ms;  // much is on its way whenever a plug is pulled
    SimRun run(Fanned({group}), options);
    Rooms rooms(run, 12);
    run.Start();
    ASSERT_TRUE(run.Finish());
    const auto rate = run.Rate("fanout_delivered");
    EXPECT_EQ(rate.passed, rate.total);
    EXPECT_GT(rate.total, 1'000U);
    EXPECT_GT(run.Counter("fanout_unjudged"), 0U);
    EXPECT_GT(run.Counter("requests_abandoned"), 0U);
    EXPECT_THAT(run.Failures("fanout_delivered"), SizeIs(0));
  }
}

TEST(FanOutTest, WhoLeavesAnAudienceIsNotMissedThere) {
  const FlowProgram guest = Flow()
                                .Connect()
                                .Request(EnterRoom())
                                .Join(Variable(kRoom))
                                .Think(Exactly(6s))
                                .Leave(Variable(kRoom))
                                .Request(EnterRoom())  // it goes out
                                .Think(Exactly(1h))
                                .Build(1);
  Group leaving = Constant(guest, 3, 20s);
  leaving.name = "guests";
  SimRun run(Fanned({Constant(Chatting(100ms), 2, 20s), leaving}));
  Rooms rooms(run);
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Rate("fanout_delivered").passed, run.Rate("fanout_delivered").total);
  EXPECT_EQ(run.Rate("fanout_delivered", {{"group", "guests"}}).total, 3U * 2 * 10 * 2);
  EXPECT_EQ(run.Counter("packets_unhandled", {{"packet", "S_CHAT"}}), 0U);
}

TEST(FanOutTest, WhatComesTooLateIsNotDeliveredAndItsDelayIsKnown) {
  SimRun run(Fanned({Constant(Chatting(1s), 2, 15s)}));
  Rooms rooms(run);
  int chats = 0;
  rooms.late = [&](Peer& from, Peer& to) -> Nanoseconds {
    if (&from == &to) return 0s;
    ++chats;
    return chats == 10 ? 2500ms : chats == 12 ? 1500ms : 0ms;
  };
  run.Start();
  ASSERT_TRUE(run.Finish());
  const auto rate = run.Rate("fanout_delivered");
  EXPECT_EQ(rate.total - rate.passed, 1U);
  EXPECT_EQ(run.Trend("fanout_delay").max_ns(), Nanoseconds(2500ms + kRoundTrip).count());
}

TEST(FanOutTest, TheDelayCountsFromWhenTheSendWasDue) {
  FlowBuilder sender = Flow();
  RepeatStep aligned = UntilStop(1s);
  aligned.align = true;
  sender.Connect().Request(EnterRoom()).Repeat(aligned, [](FlowBuilder& body) {
    body.Request(ChatToRoom());
  });
  FlowBuilder listener = Flow();
  listener.Connect().Request(EnterRoom()).Join(Variable(kRoom)).Think(Exactly(1h));
  Group others = Constant(listener.Build(1), 1, 4500ms);
  others.name = "listeners";
  SimRun run(Fanned({Constant(sender.Build(1), 1, 4500ms), others}));
  Rooms rooms(run);
  int replies = 0;
  rooms.late = [&](Peer& from, Peer& to) -> Nanoseconds {  // blocks the sender from 2 s to 3.25 s
    return &from == &to && ++replies == 2 ? 1250ms : 0ms;
  };
  run.Start();
  ASSERT_TRUE(run.Finish());
  const Histogram delay = run.Trend("fanout_delay", {{"group", "listeners"}});
  EXPECT_EQ(delay.count(), 4U);
  EXPECT_EQ(delay.min_ns(), Nanoseconds(kRoundTrip).count());
  // Sent late, and from then on the network's way: what counts is when it was due.
  EXPECT_NEAR(static_cast<double>(delay.max_ns()), 250e6 + 2 * 200e3, 300e3);
}

TEST(FanOutTest, ASendMayLeaveItsSenderOut) {
  FanOut fanout = ChatFanOut();
  fanout.to_sender = false;
  const auto flow = [] {
    return Flow()
        .Connect()
        .Request(EnterRoom())
        .Join(Variable(kRoom))
        .Repeat(UntilStop(100ms),
                [](FlowBuilder& body) {
                  body.SendTo(Variable(kRoom), "C_CHAT",
                              {{"msg", Join({Literal(std::string("x")), Stamp()})}});
                })
        .Build(1);
  };
  for (const bool tells_sender : {false, true}) {
    SimRun run(Fanned({Constant(flow(), 4, 10500ms)}, fanout));
    Rooms rooms(run);
    rooms.tells_sender = tells_sender;
    run.Start();
    ASSERT_TRUE(run.Finish());
    const auto rate = run.Rate("fanout_delivered");
    EXPECT_EQ(rate.passed, rate.total);
    EXPECT_EQ(rate.total, 6U * 10 * 4 * 3);
  }
}

TEST(FanOutTest, SendsOfWhoPullsThePlugAreInDoubt) {
  Group group = Constant(Flow()
                             .Connect()
                             .Request(EnterRoom())
                             .Join(Variable(kRoom))
                             .Repeat(UntilStop(20ms),
                                     [](FlowBuilder& body) {
                                       body.SendTo(Variable(kRoom), "C_CHAT", {{"msg", Stamp()}});
                                     })
                             .Build(1),
                         24, 30s);
  group.churn = Churn{{Distribution::Kind::kExponential, 8e9, 0}, 0.5, Between(0s, 1s)};
  SimRunOptions options;
  options.shards = 2;
  options.network.latency_min = 100us;
  options.network.latency_max = 60ms;
  SimRun run(Fanned({group}), options);
  Rooms rooms(run, 8);
  run.Start();
  ASSERT_TRUE(run.Finish());
  const auto rate = run.Rate("fanout_delivered");
  EXPECT_EQ(rate.passed, rate.total);
  EXPECT_GT(rate.total, 1'000U);
}

TEST(FanOutTest, ARequestThatTimesOutWasLostForAll) {
  Group group = Constant(Chatting(1s), 3, 12s);
  SimRun run(Fanned({group}));
  Rooms rooms(run);
  const auto serve = run.server().on_packet;
  int chats = 0;
  run.server().on_packet = [&](Peer& peer, std::string_view packet, std::string_view text) {
    if (packet == "C_CHAT" && ++chats == 10) return true;  // the server swallows it
    return serve(peer, packet, text);
  };
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Rate("requests_failed").passed, 1U);
  const auto rate = run.Rate("fanout_delivered");
  EXPECT_EQ(rate.total - rate.passed, 3U);
}

TEST(FanOutTest, WhatHasNoStampIsNobodys) {
  SimRun run(Fanned({Constant(Chatting(1s), 1, 5s)}));
  Rooms rooms(run);
  const auto serve = run.server().on_packet;
  run.server().on_packet = [&](Peer& peer, std::string_view packet, std::string_view text) {
    if (packet == "C_CHAT") {
      peer.SendPacket("S_CHAT", Wire().Number(1, 1).Text(2, "nobody said this"));
      peer.SendPacket("S_CHAT", Wire().Number(1, 1).Text(2, "000000010000010000000000000z"));
      // As if sent an hour ago, or in an hour.
      peer.SendPacket("S_CHAT", Wire().Number(1, 1).Text(2, "0000000100000179999999000000"));
      peer.SendPacket("S_CHAT", Wire().Number(1, 1).Text(2, "00000001000001ff000000000000"));
    }
    return serve(peer, packet, text);
  };
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Rate("fanout_delivered").passed, run.Rate("fanout_delivered").total);
  EXPECT_EQ(run.Trend("fanout_delay").count(),
            run.Trend("request_duration", {{"step", "chat"}}).count());
  EXPECT_LT(run.Trend("fanout_delay").max_ns(), Nanoseconds(1ms).count());
}

}  // namespace
}  // namespace stressbot::testing
