#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/SimRun.h"

/// Answers of several packets, answers that nobody waits for, and answers told apart by order.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Peer = ScriptedServer::Peer;

Group Alone(FlowBuilder& flow, Nanoseconds duration = 10s) {
  return Constant(flow.Think(Exactly(1h)).Build(4), 1, duration);
}
Wire LoginReply() { return Wire().Number(1, 1).Message(2, Wire().Number(1, 1)); }
Wire ChatOf(std::uint64_t player, std::string_view text) {
  return Wire().Number(1, player).Text(2, text);
}

/// Answered by S_LOGIN, S_ENTER_GAME and an S_CHAT that says "welcome".
Asked LoginThatIsTold() {
  Asked asked{.packet = "C_LOGIN", .expect = "S_LOGIN", .check = {{"success", Literal(true)}}};
  asked.also = {
      {.packet = {},
       .expect = "S_ENTER_GAME",
       .check = {{"success", Literal(true)}, {"roomId", Literal(std::int64_t{7})}},
       .save = {{0, "roomId"}}},
      {.packet = {}, .expect = "S_CHAT", .where = {{"msg", Literal(std::string("welcome"))}}}};
  return asked;
}

void SendAfter(SimRun& run, Peer& peer, Nanoseconds time, std::string packet, const Wire& payload) {
  run.server().After(time, [&run, ref = peer.ref(), packet, payload] {
    run.server().SendTo(ref, packet, payload);
  });
}

TEST(RepliesTest, ARequestMayBeAnsweredBySeveralPacketsInAnyOrder) {
  FlowBuilder flow = Flow();
  flow.Connect().Request(LoginThatIsTold()).Send("C_CHAT", {{"msg", Variable(0)}});
  SimRun run(ProgramOf({Alone(flow)}));
  run.server().on_packet = [&](Peer& peer, std::string_view packet, std::string_view) {
    if (packet != "C_LOGIN") return true;
    SendAfter(run, peer, 10ms, "S_CHAT", ChatOf(1, "welcome"));
    SendAfter(run, peer, 20ms, "S_CHAT", ChatOf(1, "noise"));
    SendAfter(run, peer, 30ms, "S_CHAT", ChatOf(1, "welcome"));  // that part has arrived already
    SendAfter(run, peer, 40ms, "S_ENTER_GAME", Wire().Number(1, 1).Number(2, 7));
    SendAfter(run, peer, 50ms, "S_LOGIN", LoginReply());
    return true;
  };
  run.Start();
  run.RunFor(1s);
  EXPECT_EQ(run.Trend("request_duration").count(), 1U);
  EXPECT_EQ(run.Trend("request_duration").max_ns(), Nanoseconds(50ms + kRoundTrip).count());
  EXPECT_EQ(run.Rate("requests_failed").total, 1U);
  EXPECT_EQ(run.Rate("requests_failed").passed, 0U);
  EXPECT_EQ(run.Rate("checks", {{"check", "success"}}).passed, 2U);
  EXPECT_EQ(run.Rate("checks", {{"check", "roomId"}}).passed, 1U);
  EXPECT_EQ(run.Counter("packets_unhandled", {{"packet", "S_CHAT"}}), 2U);
  EXPECT_EQ(run.server().peer(0).texts.back(), "7");  // saved of a part
}

TEST(RepliesTest, APartThatIsMissingIsATimeOutAndIsLateWhenItComes) {
  FlowBuilder flow = Flow();
  Asked login = LoginThatIsTold();
  login.timeout = 1s;
  login.on_fail = OnFail::kContinue;
  flow.Connect().Request(login);
  SimRun run(ProgramOf({Alone(flow)}));
  run.server().on_packet = [&](Peer& peer, std::string_view, std::string_view) {
    SendAfter(run, peer, 1ms, "S_LOGIN", LoginReply());
    SendAfter(run, peer, 1200ms, "S_ENTER_GAME", Wire().Number(1, 1).Number(2, 7));
    SendAfter(run, peer, 1300ms, "S_LOGIN", LoginReply());  // of nobody: that part has arrived
    SendAfter(run, peer, 1400ms, "S_CHAT", ChatOf(1, "welcome"));
    SendAfter(run, peer, 1500ms, "S_CHAT", ChatOf(1, "welcome"));  // nothing is missing any more
    return true;
  };
  run.Start();
  run.RunFor(3s);
  EXPECT_EQ(run.Rate("requests_failed").passed, 1U);
  EXPECT_EQ(run.Trend("request_duration").lower_bounds(), 1U);
  EXPECT_EQ(run.Counter("packets_late"), 2U);
  EXPECT_EQ(run.Counter("packets_unhandled"), 2U);
}

TEST(RepliesTest, ARefusalEndsARequestOfSeveralAlsoBetweenItsParts) {
  FlowBuilder flow = Flow();
  Asked chat = Chat();
  chat.also = {{.packet = {}, .expect = "S_ENTER_GAME"}};
  chat.fail_on = {"S_LOGIN"};
  flow.Connect().Request(chat);
  SimRun run(ProgramOf({Alone(flow, 500ms)}));
  run.server().on_packet = [](Peer& peer, std::string_view, std::string_view text) {
    peer.SendPacket("S_CHAT", ChatOf(1, text));
    peer.SendPacket("S_LOGIN", LoginReply());
    return true;
  };
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Rate("requests_failed").passed, 1U);
  EXPECT_THAT(run.Failures("requests_failed"), ElementsAre(HasSubstr("answered by S_LOGIN")));
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "failed"}}), 1U);
}

TEST(RepliesTest, APartWithNothingToSaveFailsTheRequestAtOnce) {
  FlowBuilder flow = Flow();
  flow.Connect().Request(LoginThatIsTold());
  SimRun run(ProgramOf({Alone(flow, 500ms)}));
  run.server().on_packet = [](Peer& peer, std::string_view, std::string_view) {
    peer.SendBytes(std::string("\x08\x00\xEB\x03\x08\x01\x12\x7F", 8));  // S_ENTER_GAME, cut off
    return true;
  };
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Rate("requests_failed").passed, 1U);
  EXPECT_EQ(run.Counter("packets_invalid"), 1U);
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "failed"}}), 1U);
  EXPECT_EQ(run.Counter("requests_abandoned"), 0U);
}

/// A chat whose reply nobody waits for.
Asked ChatAlong() {
  Asked chat = Chat();
  chat.awaited = false;
  return chat;
}
/// Answers each chat after so long.
ScriptedServer::OnPacket AnswersAfter(SimRun& run, Nanoseconds time) {
  return [&run, time](Peer& peer, std::string_view packet, std::string_view text) {
    if (packet != "C_CHAT") return false;
    SendAfter(run, peer, time, "S_CHAT", ChatOf(1, text));
    return true;
  };
}

TEST(RepliesTest, AFlowGoesOnAtOnceWhenItDoesNotAwaitAndTheEndWaitsForAllReplies) {
  FlowBuilder flow = Flow();
  flow.Connect()
      .Repeat(Times(10), [](FlowBuilder& body) { body.Request(ChatAlong()).Think(Exactly(10ms)); })
      .Request(Login());
  Group group = Constant(flow.Build(), 1, 500ms);
  SimRun run(ProgramOf({group}));
  run.server().on_packet = AnswersAfter(run, 300ms);
  run.Start();
  ASSERT_TRUE(run.Finish());
  const Histogram chat = run.Trend("request_duration", {{"step", "chat"}});
  EXPECT_EQ(chat.count(), 20U);  // two iterations, each waits for its last reply
  EXPECT_EQ(chat.min_ns(), Nanoseconds(300ms + kRoundTrip).count());
  EXPECT_EQ(chat.max_ns(), chat.min_ns());
  EXPECT_EQ(run.Trend("request_duration", {{"step", "C_LOGIN"}}).max_ns(),
            Nanoseconds(kRoundTrip).count());
  EXPECT_EQ(run.Rate("requests_failed").passed, 0U);
  EXPECT_EQ(run.Counter("requests_abandoned"), 0U);
  EXPECT_EQ(run.Counter("packets_unhandled"), 0U);
  const auto& times = run.server().peer(0).times;
  EXPECT_EQ(times[9] - times[0], 90ms);  // never held up by a reply
  EXPECT_EQ(run.Trend("iteration_duration").max_ns(),
            Nanoseconds(90ms + 300ms + kRoundTrip + kRoundTrip).count());
}

TEST(RepliesTest, AnOrderlyDisconnectWaitsForRepliesAndAResetDoesNot) {
  for (const bool reset : {false, true}) {
    FlowBuilder flow = Flow();
    flow.Connect().Request(ChatAlong()).Request(Login()).Disconnect(0, reset);
    SimRun run(ProgramOf({Alone(flow)}));
    run.server().on_packet = AnswersAfter(run, 300ms);
    run.Start();
    run.RunFor(1s);
    EXPECT_EQ(run.Trend("request_duration", {{"step", "chat"}}).count(), reset ? 0U : 1U);
    EXPECT_EQ(run.Counter("requests_abandoned"), reset ? 1U : 0U);
    EXPECT_EQ(run.Rate("requests_failed").passed, 0U);
  }
}

TEST(RepliesTest, AReplyThatNobodyWaitedForTimesOutAndFailsByItsPolicy) {
  for (const bool goes_on : {false, true}) {
    FlowBuilder flow = Flow();
    Asked chat = ChatAlong();
    chat.timeout = 1s;
    if (goes_on) chat.on_fail = OnFail::kContinue;
    flow.Connect().Request(chat).Think(Exactly(3s));
    SimRun run(ProgramOf({Constant(flow.Build(), 1, 2500ms)}));
    run.server().on_packet = AnswersAfter(run, 1500ms);
    run.Start();
    ASSERT_TRUE(run.Finish());
    EXPECT_EQ(run.Rate("requests_failed").passed, goes_on ? 1U : 2U);
    EXPECT_EQ(run.Counter("packets_late"), goes_on ? 1U : 0U);
    EXPECT_EQ(run.Counter("iterations", {{"outcome", "completed"}}), goes_on ? 1U : 0U);
    EXPECT_EQ(run.Trend("request_duration").max_ns(), Nanoseconds(1s).count());
  }
}

TEST(RepliesTest, AtMostSixteenOfAStepAreOpenAndTheNextFails) {
  FlowBuilder flow = Flow();
  Asked chat = ChatAlong();
  chat.on_fail = OnFail::kContinue;
  flow.Connect().Repeat(Times(20), [&](FlowBuilder& body) { body.Request(chat); });
  SimRun run(ProgramOf({Alone(flow, 2s)}));
  run.server().on_packet = AnswersAfter(run, 500ms);
  run.Start();
  run.RunFor(1s);
  EXPECT_EQ(run.server().Count("C_CHAT"), 16U);
  EXPECT_EQ(run.Counter("requests"), 16U);
  EXPECT_EQ(run.Rate("requests_failed").passed, 4U);
  EXPECT_EQ(run.Rate("requests_failed").total, 20U);
  EXPECT_THAT(run.Failures("requests_failed"),
              Each(HasSubstr("not sent, 16 are unanswered already in step chat")));
}

TEST(RepliesTest, WhatIsOpenWhenTheConnectionIsLostFailsAndWhatWeCutDoesNot) {
  FlowBuilder lost = Flow();
  lost.Connect().Request(ChatAlong()).Request(ChatAlong());
  SimRun run(ProgramOf({Alone(lost)}));
  run.server().on_packet = [&](Peer& peer, std::string_view, std::string_view) {
    if (run.server().Count("C_CHAT") == 2) peer.Disconnect(servercore::CloseKind::kReset);
    return true;
  };
  run.Start();
  run.RunFor(1s);
  EXPECT_EQ(run.Rate("requests_failed").passed, 2U);
  EXPECT_EQ(run.Counter("bots_dropped"), 1U);

  FlowBuilder cut = Flow();
  cut.Connect().Request(ChatAlong()).Request(ChatAlong());
  SimRun stopped(ProgramOf({Alone(cut, 1h)}));
  stopped.server().on_packet = [](auto&&...) { return true; };
  stopped.Start();
  stopped.RunFor(500ms);
  stopped.load().RequestStop(0ns);
  ASSERT_TRUE(stopped.Finish());
  EXPECT_EQ(stopped.Counter("requests_abandoned"), 2U);
  EXPECT_EQ(stopped.Rate("requests_failed").total, 0U);
}

TEST(RepliesTest, InOrderTheNthPacketAnswersTheNthRequestAlsoAfterTimeOuts) {
  FlowBuilder flow = Flow();
  flow.Connect();
  constexpr int kRequests = 4;
  for (int i = 1; i <= kRequests; ++i) {  // nothing but their order tells the replies apart
    flow.Request({.packet = "C_CHAT",
                  .fields = {{"msg", Literal(std::string("same"))}},
                  .expect = "S_CHAT",
                  .check = {{"playerId", Literal(std::int64_t{i})}},
                  .timeout = 1s,
                  .on_fail = OnFail::kContinue,
                  .name = "chat" + std::to_string(i),
                  .awaited = false});
    // The first two time out before the others leave.
    flow.Think(Exactly(i == 2 ? 1500ms : 10ms));
  }
  SimRun run(ProgramOf({Alone(flow)}));
  run.server().on_packet = [&](Peer& peer, std::string_view, std::string_view) {
    const std::size_t number = run.server().Count("C_CHAT");
    if (number < kRequests) return true;
    for (std::uint64_t i = 1; i <= kRequests; ++i) peer.SendPacket("S_CHAT", ChatOf(i, "same"));
    return true;
  };
  run.Start();
  run.RunFor(3s);
  EXPECT_EQ(run.Counter("packets_late"), 2U);
  EXPECT_EQ(run.Rate("requests_failed").passed, 2U);
  EXPECT_EQ(run.Rate("checks", {{"step", "chat3"}}).passed, 1U);
  EXPECT_EQ(run.Rate("checks", {{"step", "chat4"}}).passed, 1U);
  EXPECT_EQ(run.Rate("checks").total, 2U);
  EXPECT_EQ(run.Trend("request_duration", {{"step", "chat4"}}).max_ns(),
            Nanoseconds(kRoundTrip).count());
}

TEST(RepliesTest, APacketOfFailOnEndsAnExpect) {
  FlowBuilder flow = Flow();
  flow.Connect()
      .Send("C_ENTER_GAME")
      .Expect({.packet = {}, .expect = "S_CHAT", .fail_on = {"S_LOGIN"}});
  SimRun run(ProgramOf({Alone(flow, 500ms)}));
  run.server().on_packet = [](Peer& peer, std::string_view, std::string_view) {
    peer.SendPacket("S_LOGIN", LoginReply());
    return true;
  };
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Rate("requests_failed", {{"step", "S_CHAT"}}).passed, 1U);
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "failed"}}), 1U);
  EXPECT_THAT(run.Failures("requests_failed"),
              ElementsAre(HasSubstr("received S_LOGIN in step S_CHAT")));
}

}  // namespace
}  // namespace stressbot::testing
