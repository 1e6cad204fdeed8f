#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/engine/SimRun.h"

/// What flows do, told by what the server sees.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;
using Kind = Expression::Kind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Asked ChatOf(Expression text) {
  Asked asked = Chat();
  asked.fields = {{"msg", std::move(text)}};
  return asked;
}
Expression Text(std::string text) { return Literal(std::move(text)); }

/// The texts of all chats that the first connection sent.
std::vector<std::string> Chats(SimRun& run, std::size_t peer = 0) {
  std::vector<std::string> texts;
  const PeerRecord& record = run.server().peer(peer);
  for (std::size_t i = 0; i < record.packets.size(); ++i) {
    if (record.packets[i] == "C_CHAT") texts.push_back(record.texts[i]);
  }
  return texts;
}

TEST(FlowTest, ABotLogsInEntersChatsEachSecondAndLeavesInOrder) {
  SimRun run(ProgramOf({Constant(LoginEnterChat(), 1, 10s)}));
  run.Start();
  ASSERT_TRUE(run.Finish());

  ASSERT_EQ(run.server().peers().size(), 1U);
  const PeerRecord& peer = run.server().peer(0);
  EXPECT_EQ(peer.packets[0], "C_LOGIN");
  EXPECT_EQ(peer.texts[0], "bot-0");
  EXPECT_EQ(peer.packets[1], "C_ENTER_GAME");
  EXPECT_EQ(Chats(run).size(), 10U);
  EXPECT_EQ(peer.reason, servercore::CloseReason::kPeerClosed);

  EXPECT_EQ(run.Counter("iterations", {{"outcome", "completed"}}), 1U);
  EXPECT_EQ(run.Counter("iterations"), 1U);
  EXPECT_EQ(run.Counter("requests"), 12U);
  EXPECT_EQ(run.Rate("requests_failed").passed, 0U);
  EXPECT_EQ(run.Rate("requests_failed").total, 12U);
  EXPECT_EQ(run.Rate("checks").passed, 4U);
  EXPECT_EQ(run.Rate("checks").total, 4U);
  EXPECT_EQ(run.Rate("load_delivered").passed, 10U);
  EXPECT_EQ(run.Rate("load_delivered").total, 10U);
  EXPECT_EQ(run.Counter("sessions_ended", {{"by", "us"}, {"how", "orderly"}}), 1U);
  EXPECT_EQ(run.Counter("bots_dropped"), 0U);
  EXPECT_EQ(run.Counter("packets_sent"), 12U);
  EXPECT_EQ(run.Counter("packets_received"), 12U);
  EXPECT_EQ(run.Counter("packets_unhandled"), 0U);

  const Histogram chat = run.Trend("request_duration", {{"step", "chat"}});
  EXPECT_EQ(chat.min_ns(), Nanoseconds(kRoundTrip).count());
  EXPECT_EQ(chat.max_ns(), Nanoseconds(kRoundTrip).count());
  EXPECT_EQ(run.Trend("connect_duration").max_ns(), Nanoseconds(kRoundTrip).count());
  EXPECT_TRUE(run.load().failures().Entries().empty());
}

TEST(FlowTest, CountsEachCheckAndGoesOn) {
  SimRun run(
      ProgramOf({Constant(Flow()
                              .Connect()
                              .Request({.packet = "C_LOGIN",
                                        .fields = {{"name", Text("x")}},
                                        .expect = "S_LOGIN",
                                        .check = {{"success", Literal(false)},
                                                  {"players.0.id", Literal(std::int64_t{1})},
                                                  {"players.5.id", Literal(std::int64_t{1})}}})
                              .Request(Enter())
                              .Think(Exactly(1h))
                              .Build(),
                          1, 1s)}));
  run.Start();
  run.RunFor(1s);
  EXPECT_EQ(run.Rate("checks", {{"check", "success"}, {"step", "C_LOGIN"}}).passed, 0U);
  EXPECT_EQ(run.Rate("checks", {{"check", "players.0.id"}}).passed, 1U);
  EXPECT_EQ(run.Rate("checks", {{"check", "players.5.id"}}).passed, 0U);
  EXPECT_EQ(run.Rate("requests_failed").passed, 0U);
  EXPECT_EQ(run.server().Count("C_ENTER_GAME"), 1U);
  EXPECT_THAT(run.Failures("checks")[0],
              HasSubstr("bot 0 at 0.0 s, check success failed in step C_LOGIN"));
}

TEST(FlowTest, ACheckMayEndTheIteration) {
  Asked login = Login();
  login.check = {{"success", Literal(false)}};
  login.on_fail = OnFail::kEndIteration;
  SimRun run(
      ProgramOf({Constant(Flow().Connect().Request(login).Request(Enter()).Build(), 1, 500ms)}));
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.server().Count("C_ENTER_GAME"), 0U);
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "failed"}}), 1U);
  EXPECT_EQ(run.Rate("requests_failed").passed, 0U);
}

TEST(FlowTest, SavesSetsAndCalculates) {
  Asked login = Login();
  login.save = {{0, "players.0.id"}, {1, "players.0.name"}};
  SimRun run(ProgramOf({Constant(
      Flow()
          .Connect()
          .Request(login)
          .Set(2, Combine(Kind::kMul, Combine(Kind::kAdd, Variable(0), Literal(std::int64_t{4})),
                          Literal(std::int64_t{3})))
          .Set(2, Combine(Kind::kMod, Variable(2), Literal(std::int64_t{10})))
          .Set(3, Combine(Kind::kSub, Literal(0.5), Variable(2)))
          .Request(ChatOf(Join({Variable(1), Text(" "), Variable(2), Text(" "), Variable(3),
                                Text(" "), Of(Kind::kIteration)})))
          .Think(Exactly(400ms))
          .Build(4),
      1, 500ms)}));
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_THAT(Chats(run, 0), ElementsAre("bot-0 5 -4.5 0"));
  EXPECT_THAT(Chats(run, 1), ElementsAre("bot-0 8 -7.5 1"));
}

TEST(FlowTest, AMissingSaveFailsTheRequest) {
  Asked login = Login();
  login.save = {{0, "players.3.id"}};
  SimRun run(
      ProgramOf({Constant(Flow().Connect().Request(login).Request(Enter()).Build(1), 1, 500ms)}));
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Rate("requests_failed").passed, 1U);
  EXPECT_EQ(run.server().Count("C_ENTER_GAME"), 0U);
  EXPECT_THAT(run.Failures("requests_failed")[0], HasSubstr("nothing to save in step C_LOGIN"));
}

TEST(FlowTest, ThinkCountsTheNextStepFromItsEnd) {
  SimRun run(ProgramOf(
      {Constant(Flow().Connect().Think(Exactly(300ms)).Request(Login()).Think(Exactly(10s)).Build(),
                1, 1s)}));
  run.Start();
  run.RunFor(2s);
  const auto start = run.server().peer(0).times[0];
  EXPECT_EQ(start - (run.world().Now() - 2s), 300ms + kRoundTrip + kRoundTrip / 2);
  EXPECT_EQ(run.Trend("request_duration").max_ns(), Nanoseconds(kRoundTrip).count());
}

TEST(FlowTest, ParallelBranchesHavePositionsOfTheirOwnAndEndTogether) {
  SimRun run(ProgramOf(
      {Constant(Flow()
                    .Connect()
                    .Parallel({[](FlowBuilder& branch) {
                                 branch.Think(Exactly(300ms)).Request(ChatOf(Text("slow")));
                               },
                               [](FlowBuilder& branch) {
                                 branch.Repeat(Times(3), [](FlowBuilder& body) {
                                   body.Request(ChatOf(Join({Text("fast "), Of(Kind::kLoop)})))
                                       .Think(Exactly(50ms));
                                 });
                               }})
                    .Request(ChatOf(Text("after")))
                    .Think(Exactly(10s))
                    .Build(),
                1, 1s)}));
  run.Start();
  run.RunFor(2s);
  EXPECT_THAT(Chats(run), ElementsAre("fast 0", "fast 1", "fast 2", "slow", "after"));
  EXPECT_EQ(run.Rate("requests_failed").passed, 0U);
}

TEST(FlowTest, ParallelsNest) {
  const auto chat = [](std::string text, Nanoseconds wait) {
    return [=](FlowBuilder& branch) { branch.Think(Exactly(wait)).Request(ChatOf(Text(text))); };
  };
  SimRun run(ProgramOf(
      {Constant(Flow()
                    .Connect()
                    .Repeat(Times(2),
                            [&](FlowBuilder& body) {
                              body.Parallel({[&](FlowBuilder& branch) {
                                               branch.Parallel({chat("a", 1ms), chat("b", 2ms)})
                                                   .Request(ChatOf(Text("ab")));
                                             },
                                             chat("c", 10ms)});
                              body.Request(ChatOf(Text("abc")));
                            })
                    .Think(Exactly(10s))
                    .Build(),
                1, 1s)}));
  run.Start();
  run.RunFor(1s);
  EXPECT_THAT(Chats(run), ElementsAre("a", "b", "ab", "c", "abc", "a", "b", "ab", "c", "abc"));
}

TEST(FlowTest, RepeatsNest) {
  SimRun run(ProgramOf({Constant(
      Flow()
          .Connect()
          .Repeat(
              Times(2),
              [](FlowBuilder& outer) {
                outer.Repeat(Times(2), [](FlowBuilder& inner) {
                  inner.Request(ChatOf(Join({Of(Kind::kLoop, 0), Text("."), Of(Kind::kLoop, 1)})));
                });
              })
          .Repeat(Times(0), [](FlowBuilder& none) { none.Request(ChatOf(Text("never"))); })
          .Think(Exactly(10s))
          .Build(),
      1, 1s)}));
  run.Start();
  run.RunFor(1s);
  EXPECT_THAT(Chats(run), ElementsAre("0.0", "0.1", "1.0", "1.1"));
}

TEST(FlowTest, ARepeatMayLastForATime) {
  SimRun run(ProgramOf(
      {Constant(Flow()
                    .Connect()
                    .Repeat(For(1s),
                            [](FlowBuilder& body) {
                              body.Request(ChatOf(Text("x"))).Think(Exactly(100ms - kRoundTrip));
                            })
                    .Think(Exactly(10s))
                    .Build(),
                1, 5s)}));
  run.Start();
  run.RunFor(3s);
  EXPECT_EQ(Chats(run).size(), 10U);
}

TEST(FlowTest, ExpectWaitsForAPacketThatNobodyAskedFor) {
  SimRun run(ProgramOf({Constant(Flow()
                                     .Connect()
                                     .Expect({.packet = {},
                                              .expect = "S_CHAT",
                                              .where = {{"msg", Text("go")}},
                                              .save = {{0, "playerId"}}})
                                     .Request(ChatOf(Join({Text("went "), Variable(0)})))
                                     .Think(Exactly(10s))
                                     .Build(1),
                                 1, 1s)}));
  run.server().on_connected = [&](ScriptedServer::Peer& peer) {
    peer.SendPacket("S_CHAT", Wire().Number(1, 3).Text(2, "wait"));
    run.server().After(100ms, [&run, ref = peer.ref()] {
      run.server().SendTo(ref, "S_CHAT", Wire().Number(1, 42).Text(2, "go"));
    });
  };
  run.Start();
  run.RunFor(1s);
  EXPECT_THAT(Chats(run), ElementsAre("went 42"));
  EXPECT_EQ(run.Counter("packets_unhandled"), 1U);
  EXPECT_EQ(run.Rate("requests_failed", {{"step", "S_CHAT"}}).passed, 0U);
  EXPECT_EQ(run.Rate("requests_failed", {{"step", "S_CHAT"}}).total, 1U);
}

TEST(FlowTest, AnExpectThatGetsNothingTimesOut) {
  SimRun run(ProgramOf(
      {Constant(Flow().Connect().Expect({.packet = {}, .expect = "S_CHAT", .timeout = 1s}).Build(),
                1, 1500ms)}));
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Rate("requests_failed", {{"step", "S_CHAT"}}).passed, 1U);
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "failed"}}), 1U);
  EXPECT_THAT(run.Failures("requests_failed")[0],
              HasSubstr("at 1.0 s, nothing received in time in step S_CHAT"));
}

TEST(FlowTest, AListenerAnswersWhileARequestIsOpenAndEndsWithItsConnection) {
  FlowBuilder flow = Flow();
  ListenAction pong;
  Expression of_packet = Of(Kind::kPacketField);
  of_packet.field = flow.Path("S_CHAT", "msg");
  pong.send = flow.MakeOutgoing("C_CHAT", {{"msg", Join({Text("pong "), of_packet})}});
  ListenAction count;
  count.set = Assignment{0, Combine(Kind::kAdd, Variable(0), Literal(std::int64_t{1}))};
  ListenAction keep;
  keep.save = Save{1, flow.Path("S_CHAT", "playerId")};
  SimRun run(ProgramOf({Constant(
      flow.Connect()
          .Set(0, Literal(std::int64_t{0}))
          .Listen(
              {.packet = {}, .expect = "S_CHAT", .where = {{"playerId", Literal(std::int64_t{9})}}},
              {pong, count, keep})
          .Request(Login())
          .Request(ChatOf(Join({Text("heard "), Variable(0), Text(" of "), Variable(1)})))
          .Disconnect()
          .Connect()
          .Think(Exactly(10s))
          .Build(2),
      1, 3s)}));
  run.server().on_packet = [&](ScriptedServer::Peer& peer, std::string_view packet,
                               std::string_view text) {
    if (packet == "C_CHAT" && text.starts_with("pong")) return true;
    if (packet != "C_LOGIN") return false;
    peer.SendPacket("S_CHAT", Wire().Number(1, 9).Text(2, "ping1"));
    peer.SendPacket("S_CHAT", Wire().Number(1, 9).Text(2, "ping2"));
    run.server().After(1s, [&run, ref = peer.ref()] {
      run.server().SendTo(ref, "S_LOGIN", Wire().Number(1, 1).Message(2, Wire().Number(1, 1)));
    });
    return true;
  };
  run.server().on_connected = [&](ScriptedServer::Peer& peer) {
    if (peer.record().number == 1) peer.SendPacket("S_CHAT", Wire().Number(1, 9).Text(2, "ping3"));
  };
  run.Start();
  run.RunFor(2s);
  EXPECT_THAT(Chats(run, 0), ElementsAre("pong ping1", "pong ping2", "heard 2 of 9"));
  ASSERT_EQ(run.server().peers().size(), 2U);
  EXPECT_THAT(Chats(run, 1), ElementsAre());  // the new connection has no listener
  EXPECT_EQ(run.Counter("packets_unhandled"), 1U);
  EXPECT_EQ(run.Trend("request_duration", {{"step", "C_LOGIN"}}).max_ns(),
            Nanoseconds(1s + kRoundTrip).count());
}

TEST(FlowTest, ABotHoldsSeveralConnections) {
  Asked second = ChatOf(Join({Text("to the second "), Variable(0)}));
  second.server = 1;
  Asked login = Login();
  login.save = {{0, "players.0.id"}};
  SimRun run(ProgramOf({Constant(Flow()
                                     .Connect(0)
                                     .Connect(1)
                                     .Request(login)
                                     .Request(second)
                                     .Disconnect(0)
                                     .Request(second)
                                     .Disconnect(1)
                                     .Think(Exactly(10s))
                                     .Build(1),
                                 1, 1s)},
                       2));
  run.Start();
  run.RunFor(1s);
  EXPECT_EQ(run.server(0).Count("C_LOGIN"), 1U);
  EXPECT_EQ(run.server(1).Count("C_CHAT"), 2U);
  EXPECT_EQ(run.server(1).peer(0).texts[0], "to the second 1");
  EXPECT_EQ(run.Counter("packets_sent", {{"server", "game"}}), 1U);
  EXPECT_EQ(run.Counter("packets_sent", {{"server", "game1"}}), 2U);
  EXPECT_EQ(run.Counter("sessions_ended", {{"how", "orderly"}}), 2U);
}

TEST(FlowTest, ABotMayBeStoppedOrTheRunAbortedByAFailure) {
  Asked stops = Login();
  stops.check = {{"success", Literal(false)}};
  stops.on_fail = OnFail::kStopBot;
  SimRun run(ProgramOf({Constant(Flow().Connect().Request(stops).Build(), 2, 10s)}));
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_LT(run.load().Elapsed(), 1s);  // both were stopped: nothing is left to run
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "failed"}}), 2U);
  EXPECT_FALSE(run.load().abort_requested());

  stops.on_fail = OnFail::kAbortRun;
  SimRun aborted(ProgramOf({Constant(Flow().Connect().Request(stops).Build(), 1, 10s)}));
  aborted.Start();
  aborted.RunFor(100ms);
  EXPECT_TRUE(aborted.load().abort_requested());
}

}  // namespace
}  // namespace stressbot::testing
