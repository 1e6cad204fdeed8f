#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/engine/SimRun.h"

/// Misbehaviours, and what is made of what the server does about them.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Deed = HostileStep::Kind;
using Did = HostileOutcome;

HostileStep Bad(Deed kind, std::vector<Did> expected, PacketIndex reply = kUnknownPacket) {
  HostileStep step;
  step.name = "bad";
  step.kind = kind;
  step.check = "expected";
  step.timeout = 2s;
  step.reply = reply;
  for (const Did outcome : expected)
    step.expected |= static_cast<std::uint8_t>(1U << static_cast<unsigned>(outcome));
  return step;
}

HostileStep Raw(std::vector<int> bytes, std::vector<Did> expected) {
  HostileStep step = Bad(Deed::kBytes, std::move(expected));
  for (const int byte : bytes) step.bytes.push_back(static_cast<std::byte>(byte));
  return step;
}

HostileStep ChatsAs(Deed kind, std::uint32_t count, std::vector<Did> expected) {
  HostileStep step = Bad(kind, std::move(expected));
  step.send = Flow().MakeOutgoing("C_CHAT", {{"msg", Literal(std::string("hi"))}});
  step.count = count;
  return step;
}
constexpr std::uint64_t kChatBytes = 4 + 2 + 2;

/// Logs in, misbehaves, comes back on a new connection if the server closed, and stays.
FlowProgram Misbehaving(HostileStep step, bool comes_back) {
  FlowBuilder flow = Flow();
  flow.Connect().Request(Login()).Hostile(std::move(step));
  if (comes_back) flow.Connect();
  return flow.Request(Enter()).Think(Exactly(1h)).Build();
}

/// One bot, which does not come back when its iteration failed.
Group Alone(FlowProgram flow) {
  Group group = Constant(std::move(flow), 1, 30s);
  group.retry = {1h, 1, 1h, 0};
  return group;
}

struct HostileRun : SimRun {
  HostileRun(HostileStep step, bool comes_back, servercore::SimOptions network = ExactNetwork())
      : SimRun(ProgramOf({Alone(Misbehaving(std::move(step), comes_back))}), {.network = network}) {
  }
  std::uint64_t Outcomes(const char* outcome) const {
    return Counter("hostile_outcomes", {{"outcome", outcome}});
  }
  bool Passed() const { return Rate("checks", {{"step", "bad"}}).passed == 1; }
};

TEST(HostileTest, AnEndThatWasAskedForIsNoDropAndTheFlowGoesOnAtOnce) {
  HostileRun run(Raw({0, 0, 0, 0}, {Did::kClosed}), true);
  run.Start();
  run.RunFor(1100ms);
  EXPECT_TRUE(run.Passed());
  EXPECT_EQ(run.Outcomes("closed"), 1U);
  EXPECT_EQ(run.Counter("bots_dropped"), 0U);
  EXPECT_EQ(run.Counter("sessions_ended", {{"by", "server"}, {"how", "reset"}}), 1U);
  EXPECT_EQ(run.Counter("iterations"), 0U);
  EXPECT_EQ(run.server().peers().size(), 2U);
  EXPECT_EQ(run.Trend("connect_duration").max_ns(), Nanoseconds(kRoundTrip).count());
  EXPECT_EQ(run.server().Count("C_ENTER_GAME"), 1U);
  // Bytes, but no packet.
  EXPECT_EQ(run.Counter("packets_sent"), 2U);
  EXPECT_TRUE(run.Failures("bots_dropped").empty());
}

TEST(HostileTest, AServerThatDoesNotCloseFailsTheCheckAndIsResetByUs) {
  HostileRun run(Raw({0xFF}, {Did::kClosed}), true);
  run.Start();
  run.RunFor(1900ms);
  EXPECT_EQ(run.Rate("checks", {{"step", "bad"}}).total, 0U);
  run.RunFor(1200ms);
  EXPECT_FALSE(run.Passed());
  EXPECT_EQ(run.Rate("checks", {{"step", "bad"}}).total, 1U);
  EXPECT_EQ(run.Outcomes("ignored"), 1U);
  EXPECT_THAT(run.Failures("checks").at(0),
              HasSubstr("the server did nothing in step bad, expected: expected"));
  EXPECT_EQ(run.Counter("sessions_ended", {{"by", "us"}, {"how", "reset"}}), 1U);
  EXPECT_EQ(run.Counter("bots_dropped"), 0U);
  EXPECT_EQ(run.server().peers().size(), 2U);  // and the flow went on
}

TEST(HostileTest, ToBeIgnoredTakesTheWholeTimeAndTheConnectionGoesOn) {
  HostileRun run(ChatsAs(Deed::kPackets, 1, {Did::kIgnored}), false);
  run.server().on_packet = [](auto&, std::string_view packet, auto) { return packet == "C_CHAT"; };
  run.Start();
  run.RunFor(1900ms);
  EXPECT_EQ(run.server().Count("C_ENTER_GAME"), 0U);
  run.RunFor(1100ms);
  EXPECT_TRUE(run.Passed());
  EXPECT_EQ(run.Outcomes("ignored"), 1U);
  EXPECT_EQ(run.server().Count("C_ENTER_GAME"), 1U);
  const auto& enter = run.server().peer(0).times[2];
  EXPECT_EQ(enter - run.server().peer(0).times[1], 2s);
}

TEST(HostileTest, AReplyEndsTheStepAndIsNotUnhandled) {
  HostileRun run(ChatsAs(Deed::kPackets, 1, {Did::kReplied}), false);
  run.Start();
  run.RunFor(1100ms);
  EXPECT_TRUE(run.Passed());
  EXPECT_EQ(run.Outcomes("replied"), 1U);
  EXPECT_EQ(run.server().Count("C_ENTER_GAME"), 1U);
  EXPECT_EQ(run.Counter("packets_unhandled"), 0U);
}

TEST(HostileTest, ANamedReplyMustBeThatPacket) {
  HostileStep step = ChatsAs(Deed::kPackets, 1, {Did::kReplied});
  step.reply = ChatProtocol()->IndexOfName("S_LOGIN");
  HostileRun run(step, false);
  run.Start();
  run.RunFor(3100ms);
  EXPECT_FALSE(run.Passed());
  EXPECT_EQ(run.Outcomes("ignored"), 1U);
  EXPECT_EQ(run.Counter("packets_unhandled", {{"packet", "S_CHAT"}}), 1U);
  EXPECT_EQ(run.server().Count("C_ENTER_GAME"), 1U);  // a false check goes on
}

TEST(HostileTest, WhatAnotherStepWantsIsNoReply) {
  FlowBuilder flow = Flow();
  flow.Connect()
      .Listen({.packet = "", .expect = "S_CHAT"}, {})
      .Hostile(ChatsAs(Deed::kPackets, 1, {Did::kReplied, Did::kIgnored}))
      .Think(Exactly(1h));
  SimRun run(ProgramOf({Constant(flow.Build(), 1, 30s)}));
  run.Start();
  run.RunFor(3100ms);
  EXPECT_EQ(run.Counter("hostile_outcomes", {{"outcome", "ignored"}}), 1U);
  EXPECT_EQ(run.Rate("checks").passed, 1U);
}

TEST(HostileTest, AServerThatMayCloseMaySayWhyFirst) {
  HostileRun run(ChatsAs(Deed::kPackets, 1, {Did::kClosed, Did::kReplied}), true);
  run.server().on_packet = [&](ScriptedServer::Peer& peer, std::string_view packet, auto) {
    if (packet != "C_CHAT") return false;
    peer.SendPacket("S_CHAT");
    run.server().After(1s, [&run, ref = peer.ref()] {
      run.server().shard().FindSession(ref.id())->Disconnect(servercore::CloseKind::kOrderly);
    });
    return true;
  };
  run.Start();
  run.RunFor(2100ms);
  EXPECT_TRUE(run.Passed());
  EXPECT_EQ(run.Outcomes("closed"), 1U);
  EXPECT_EQ(run.Counter("bots_dropped"), 0U);
  EXPECT_EQ(run.server().Count("C_ENTER_GAME"), 1U);
}

TEST(HostileTest, AnEndThatWasNotAskedForIsADropAndAFailedCheck) {
  HostileRun run(Raw({0, 0, 0, 0}, {Did::kIgnored}), false);
  run.Start();
  run.RunFor(1100ms);
  EXPECT_EQ(run.Outcomes("closed"), 1U);
  EXPECT_FALSE(run.Passed());
  EXPECT_EQ(run.Counter("bots_dropped", {{"step", "bad"}, {"how", "reset"}}), 1U);
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "failed"}}), 1U);
}

TEST(HostileTest, WithoutAnExpectationNobodyWaitsAndAnEndIsADrop) {
  HostileRun run(Raw({0, 0, 0, 0}, {}), false);
  run.Start();
  run.RunFor(1100ms);
  EXPECT_EQ(run.Counter("bots_dropped", {{"step", "C_ENTER_GAME"}}), 1U);
}

TEST(HostileTest, GluedPacketsArriveInOnePiece) {
  HostileRun run(ChatsAs(Deed::kPackets, 20, {}), false);
  run.Start();
  run.RunFor(1100ms);
  const PeerRecord& peer = run.server().peer(0);
  ASSERT_EQ(run.server().Count("C_CHAT"), 20U);
  EXPECT_EQ(peer.times[1], peer.times[20]);
  EXPECT_EQ(run.Counter("packets_sent", {{"packet", "C_CHAT"}}), 20U);
}

TEST(HostileTest, CutIntoBytesItTakesAPauseEachAndIsOnePacket) {
  HostileStep step = ChatsAs(Deed::kByteByByte, 1, {Did::kReplied});
  step.pause = 10ms;
  HostileRun run(step, false);
  run.Start();
  run.RunFor(1500ms);
  EXPECT_TRUE(run.Passed());
  const PeerRecord& peer = run.server().peer(0);
  ASSERT_EQ(peer.packets.size(), 3U);
  EXPECT_EQ(peer.times[1] - peer.times[0], kRoundTrip + (kChatBytes - 1) * 10ms);
  EXPECT_EQ(run.Counter("packets_sent", {{"packet", "C_CHAT"}}), 1U);
}

TEST(HostileTest, ASlowReaderReadsNothingUntilItsTimeIsOver) {
  HostileStep step = Bad(Deed::kSlowReader, {Did::kReplied});
  step.pause = 5s;
  HostileRun run(step, false);
  run.server().on_packet = [&](ScriptedServer::Peer& peer, std::string_view packet, auto) {
    if (packet == "C_LOGIN") {
      run.server().After(1s, [&run, ref = peer.ref()] {
        for (int i = 0; i < 1'000; ++i) run.server().SendTo(ref, "S_CHAT", Wire());
      });
    }
    return false;
  };
  run.Start();
  run.RunFor(4900ms);
  EXPECT_EQ(run.Counter("packets_received"), 1U);
  run.RunFor(1200ms);
  EXPECT_EQ(run.Counter("packets_received"), 1'002U);
  EXPECT_TRUE(run.Passed());
  EXPECT_EQ(run.server().Count("C_ENTER_GAME"), 1U);
}

TEST(HostileTest, ASlowReaderLearnsOfAResetWhenItReadsAgain) {
  HostileStep step = Bad(Deed::kSlowReader, {Did::kClosed});
  step.pause = 5s;
  HostileRun run(step, true);
  run.server().on_packet = [&](ScriptedServer::Peer& peer, std::string_view packet, auto) {
    if (packet == "C_LOGIN") {
      run.server().After(1s, [&run, ref = peer.ref()] {
        auto* session = run.server().shard().FindSession(ref.id());
        if (session != nullptr) session->Disconnect(servercore::CloseKind::kReset);
      });
    }
    return false;
  };
  run.Start();
  run.RunFor(4100ms);
  EXPECT_EQ(run.Counter("sessions_ended"), 0U);
  run.RunFor(2100ms);
  EXPECT_TRUE(run.Passed());
  EXPECT_EQ(run.Counter("bots_dropped"), 0U);
  EXPECT_EQ(run.server().Count("C_ENTER_GAME"), 1U);
}

TEST(HostileTest, AHalfOpenConnectionIsClosedByAServerThatSeesTheEnd) {
  HostileRun run(Bad(Deed::kHalfOpen, {Did::kClosed}), true);
  run.Start();
  run.RunFor(1100ms);
  EXPECT_TRUE(run.Passed());
  EXPECT_EQ(run.server().peer(0).reason, servercore::CloseReason::kPeerClosed);
  EXPECT_EQ(run.Counter("sessions_ended", {{"by", "server"}, {"how", "orderly"}}), 1U);
  EXPECT_EQ(run.server().Count("C_ENTER_GAME"), 1U);
}

TEST(HostileTest, OnAHalfOpenConnectionNothingCanBeSentAnyMore) {
  HostileRun run(Bad(Deed::kHalfOpen, {}), false);
  run.Start();
  run.RunFor(1100ms);
  EXPECT_THAT(run.Failures("requests_failed"),
              ElementsAre(HasSubstr("not connected in step C_ENTER_GAME")));
}

TEST(HostileTest, AFloodSendsAllWhileTheServerTakesIt) {
  HostileRun run(ChatsAs(Deed::kFlood, 50'000, {}), false);
  run.server().on_packet = [](auto&, std::string_view packet, auto) { return packet == "C_CHAT"; };
  run.Start();
  run.RunFor(2100ms);
  EXPECT_EQ(run.server().Count("C_CHAT"), 50'000U);
  EXPECT_EQ(run.Counter("packets_sent", {{"packet", "C_CHAT"}}), 50'000U);
  EXPECT_EQ(run.server().Count("C_ENTER_GAME"), 1U);
}

TEST(HostileTest, AFloodThatTheServerDoesNotTakeEndsAfterItsTimeWithoutADrop) {
  servercore::SimOptions network = ExactNetwork();
  network.socket_buffer_bytes = 10'000;
  HostileRun run(ChatsAs(Deed::kFlood, 1'000'000, {Did::kIgnored}), false, network);
  run.server().on_packet = [](ScriptedServer::Peer& peer, std::string_view packet, auto) {
    if (packet == "C_CHAT") peer.PauseReading();
    return packet == "C_CHAT";
  };
  run.Start();
  run.RunFor(5100ms);  // 2 s to send, 2 s to see what comes
  EXPECT_TRUE(run.Passed());
  EXPECT_EQ(run.Counter("bots_dropped"), 0U);
  EXPECT_LT(run.Counter("packets_sent", {{"packet", "C_CHAT"}}), 100'000U);
}

TEST(HostileTest, WhatOtherBranchesAwaitedFromAConnectionThatWasToBeClosedIsCut) {
  Asked quiet = Chat();
  const auto misbehaves = [](FlowBuilder& flow) {
    flow.Think(Exactly(1s)).Hostile(Raw({0, 0, 0, 0}, {Did::kClosed}));
  };
  const auto waits = [&](FlowBuilder& flow) { flow.Request(quiet); };
  FlowBuilder flow = Flow();
  flow.Connect().Parallel({misbehaves, waits, waits}).Connect().Request(Login()).Think(Exactly(1h));
  SimRun run(ProgramOf({Constant(flow.Build(), 1, 30s)}));
  run.server().on_packet = [](auto&, std::string_view packet, auto) { return packet == "C_CHAT"; };
  run.Start();
  run.RunFor(3100ms);
  EXPECT_EQ(run.Counter("requests_abandoned"), 2U);
  EXPECT_EQ(run.Rate("requests_failed").passed, 0U);
  EXPECT_EQ(run.Counter("iterations"), 0U);
  EXPECT_EQ(run.server().Count("C_LOGIN"), 1U);
}

TEST(HostileTest, ChurnAndTheStopCutItWithoutATrace) {
  HostileStep slow = Bad(Deed::kSlowReader, {Did::kClosed});
  slow.pause = 1h;
  HostileStep bytes = ChatsAs(Deed::kByteByByte, 1, {});
  bytes.pause = 100ms;
  FlowBuilder flow = Flow();
  flow.Connect().Hostile(bytes).Hostile(slow);
  Group group = Constant(flow.Build(), 50, 20s);
  group.graceful_stop = 1s;
  group.churn = Churn{Between(100ms, 3s), 0.5, Exactly(100ms)};
  SimRun run(ProgramOf({group}), {.shards = 2});
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "failed"}}), 0U);
  EXPECT_EQ(run.Counter("hostile_outcomes"), 0U);
  EXPECT_EQ(run.Counter("bots_dropped"), 0U);
  EXPECT_GT(run.Counter("iterations", {{"outcome", "cut"}}), 200U);
}

}  // namespace
}  // namespace stressbot::testing
