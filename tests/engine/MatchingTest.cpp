#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/SimRun.h"

/// Which packet answers which request.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Wire LoginReply(bool success) {
  return Wire().Number(1, success ? 1 : 0).Message(2, Wire().Number(1, 1));
}
/// A request that goes on after a failure.
Asked Patient(Asked asked, Nanoseconds timeout) {
  asked.timeout = timeout;
  asked.on_fail = OnFail::kContinue;
  return asked;
}
Group Once(FlowBuilder& flow, Nanoseconds duration = 10s) {
  return Constant(flow.Think(Exactly(1h)).Build(), 1, duration);
}

TEST(MatchingTest, EachFindsItsOwnChatAmongThoseOfTheRoom) {
  constexpr std::uint64_t kBots = 10;
  SimRun run(ProgramOf({Constant(LoginEnterChat(), kBots, 10s)}));
  run.Start();
  ASSERT_TRUE(run.Finish());
  const Histogram chat = run.Trend("request_duration", {{"step", "chat"}});
  EXPECT_EQ(chat.count(), 10 * kBots);
  EXPECT_EQ(chat.min_ns(), Nanoseconds(kRoundTrip).count());
  EXPECT_EQ(chat.max_ns(), Nanoseconds(kRoundTrip).count());
  EXPECT_EQ(run.Rate("requests_failed").passed, 0U);
  const std::uint64_t received = run.Counter("packets_received", {{"packet", "S_CHAT"}});
  EXPECT_EQ(run.Counter("packets_unhandled", {{"packet", "S_CHAT"}}), received - chat.count());
  EXPECT_GT(received, 8 * chat.count());
}

TEST(MatchingTest, WhatWasReadBeforeTheRequestLeftDoesNotAnswerIt) {
  FlowBuilder flow = Flow();
  flow.Connect().Expect({.packet = {}, .expect = "S_CHAT"}).Request(Login());
  SimRun run(ProgramOf({Once(flow)}));
  run.server().on_connected = [](ScriptedServer::Peer& peer) {
    // Both are read at once; the bot's request waits for the end of that turn.
    peer.SendPacket("S_CHAT", Wire().Number(1, 1).Text(2, "hi"));
    peer.SendPacket("S_LOGIN", LoginReply(false));
  };
  run.Start();
  run.RunFor(1s);
  EXPECT_EQ(run.Rate("checks", {{"check", "success"}}).passed, 1U);
  EXPECT_EQ(run.Counter("packets_unhandled", {{"packet", "S_LOGIN"}}), 1U);
  EXPECT_EQ(run.Trend("request_duration").min_ns(), Nanoseconds(kRoundTrip).count());
}

TEST(MatchingTest, ALateReplyIsChargedToTheRequestThatTimedOut) {
  FlowBuilder flow = Flow();
  flow.Connect().Request(Patient(Login(), 1s)).Request(Patient(Login(), 1s));
  SimRun run(ProgramOf({Once(flow)}));
  std::vector<Nanoseconds> takes{1500ms, 800ms};
  run.server().on_packet = [&](ScriptedServer::Peer& peer, std::string_view, std::string_view) {
    const bool is_late = takes.size() == 2;
    run.server().After(takes.front(), [&run, ref = peer.ref(), is_late] {
      run.server().SendTo(ref, "S_LOGIN", LoginReply(!is_late));
    });
    takes.erase(takes.begin());
    return true;
  };
  run.Start();
  run.RunFor(5s);
  EXPECT_EQ(run.Counter("packets_late"), 1U);
  EXPECT_EQ(run.Counter("packets_unhandled"), 0U);
  EXPECT_EQ(run.Rate("requests_failed").passed, 1U);
  EXPECT_EQ(run.Rate("requests_failed").total, 2U);
  const Histogram duration = run.Trend("request_duration");
  EXPECT_EQ(duration.min_ns(), Nanoseconds(800ms + kRoundTrip).count());
  EXPECT_EQ(duration.max_ns(), Nanoseconds(1s).count());
  EXPECT_EQ(run.Rate("checks", {{"check", "success"}}).passed, 1U);  // the second one's reply
}

TEST(MatchingTest, WithAKeyOfItsOwnALateReplyTakesNobodyElses) {
  FlowBuilder flow = Flow();
  flow.Connect().Request(Patient(Chat(), 1s)).Request(Patient(Chat(), 1s));
  SimRun run(ProgramOf({Once(flow)}));
  int chats = 0;
  run.server().on_packet = [&](ScriptedServer::Peer& peer, std::string_view,
                               std::string_view text) {
    if (++chats == 2) return false;
    run.server().After(3s, [&run, ref = peer.ref(), text = std::string(text)] {
      run.server().SendTo(ref, "S_CHAT", Wire().Number(1, 1).Text(2, text));
    });
    return true;
  };
  run.Start();
  run.RunFor(5s);
  EXPECT_EQ(run.Counter("packets_late"), 1U);
  EXPECT_EQ(run.Trend("request_duration").min_ns(), Nanoseconds(kRoundTrip).count());
  EXPECT_EQ(run.Rate("requests_failed").passed, 1U);
}

TEST(MatchingTest, ALateReplyCountsAsLateAlsoWhileTheConnectionCloses) {
  FlowBuilder flow = Flow();
  Asked login = Login();
  login.timeout = 1s;
  flow.Connect().Request(login);
  SimRun run(ProgramOf({Once(flow, 1500ms)}));
  run.server().on_packet = [&](ScriptedServer::Peer& peer, std::string_view, std::string_view) {
    run.server().After(1s - kRoundTrip / 4, [&run, ref = peer.ref()] {
      run.server().SendTo(ref, "S_LOGIN", LoginReply(true));
    });
    return true;
  };
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Counter("packets_late"), 1U);
  EXPECT_EQ(run.Counter("packets_unhandled"), 0U);
}

TEST(MatchingTest, APacketOfFailOnFailsTheRequest) {
  FlowBuilder flow = Flow();
  Asked login = Login();
  login.fail_on = {"S_ENTER_GAME"};
  flow.Connect().Request(login);
  SimRun run(ProgramOf({Once(flow, 500ms)}));
  run.server().on_packet = [](ScriptedServer::Peer& peer, std::string_view, std::string_view) {
    peer.SendPacket("S_ENTER_GAME", Wire().Number(1, 1));
    return true;
  };
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Rate("requests_failed").passed, 1U);
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "failed"}}), 1U);
  EXPECT_EQ(run.Trend("request_duration").count(), 1U);  // it was answered, and how fast is known
  EXPECT_THAT(run.Failures("requests_failed"),
              ElementsAre(HasSubstr("answered by S_ENTER_GAME in step C_LOGIN")));
}

std::string Framed(std::uint16_t id, std::string_view payload) {
  const auto size = static_cast<std::uint16_t>(payload.size() + 4);
  std::string bytes{static_cast<char>(size & 0xFF), static_cast<char>(size >> 8),
                    static_cast<char>(id & 0xFF), static_cast<char>(id >> 8)};
  return bytes.append(payload);
}

struct BadReply {
  const char* name;
  bool has_where;
  bool has_check;
};
class UndecodableTest : public ::testing::TestWithParam<BadReply> {};

TEST_P(UndecodableTest, FailsTheRequestWhetherSomebodyLooksIntoItOrNot) {
  FlowBuilder flow = Flow();
  Asked login{.packet = "C_LOGIN", .expect = "S_LOGIN"};
  if (GetParam().has_where) login.where = {{"success", Literal(true)}};
  if (GetParam().has_check) login.check = {{"success", Literal(true)}};
  flow.Connect().Request(login);
  SimRun run(ProgramOf({Once(flow, 500ms)}));
  run.server().on_packet = [](ScriptedServer::Peer& peer, std::string_view, std::string_view) {
    peer.SendBytes(Framed(1001, "\x08\x01\x12\xFF"));  // its list says 255 bytes and ends
    return true;
  };
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Rate("requests_failed").passed, 1U);
  EXPECT_EQ(run.Counter("packets_invalid"), 1U);
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "failed"}}), 1U);
  EXPECT_THAT(run.Failures("requests_failed"), ElementsAre(HasSubstr("undecodable reply")));
}
INSTANTIATE_TEST_SUITE_P(Requests, UndecodableTest,
                         ::testing::Values(BadReply{"Bare", false, false},
                                           BadReply{"Checked", false, true},
                                           BadReply{"Matched", true, false}),
                         [](const auto& tested) { return tested.param.name; });

TEST(MatchingTest, APackedReplyIsJudgedByItsOwnCodec) {
  const auto invalid_after = [](std::string_view payload) {
    FlowBuilder flow(PackedProtocol());
    flow.Connect().Request({.packet = "C_LOGIN", .expect = "S_LOGIN"});
    Program program = ProgramOf({Once(flow, 500ms)});
    program.servers.front().protocol = PackedProtocol();
    SimRun run(std::move(program));
    run.server().on_packet = [&](ScriptedServer::Peer& peer, std::string_view, std::string_view) {
      peer.SendBytes(Framed(1001, payload));
      return true;
    };
    run.Start();
    EXPECT_TRUE(run.Finish());
    EXPECT_EQ(run.Rate("requests_failed").total, 1U);
    return run.Counter("packets_invalid");
  };
  using namespace std::string_view_literals;
  EXPECT_EQ(invalid_after("\1\x09\0\1\0a\0"sv), 0U);    // one unit of UTF-16 at 9
  EXPECT_EQ(invalid_after("\1\x09\0\2\0a\0"sv), 1U);    // of two there is one
  EXPECT_EQ(invalid_after("\1\x09\0\1\0a\xD8"sv), 1U);  // half a character
  EXPECT_EQ(invalid_after("\1\0\0"sv), 1U);             // breaks off
}

TEST(MatchingTest, AnUnknownPacketIsCountedAndAnImpossibleOneEndsTheConnection) {
  FlowBuilder flow = Flow();
  flow.Connect().Request(Login()).Request(Enter());
  SimRun run(ProgramOf({Once(flow, 500ms)}));
  run.server().on_packet = [](ScriptedServer::Peer& peer, std::string_view packet,
                              std::string_view) {
    if (packet == "C_LOGIN") {
      peer.SendBytes(Framed(4711, "x"));
      return false;
    }
    peer.SendBytes(std::string_view("\x02\x00\x01\x00", 4));  // shorter than its own header
    return true;
  };
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Counter("packets_invalid"), 2U);
  EXPECT_EQ(run.Rate("requests_failed", {{"step", "C_LOGIN"}}).passed, 0U);
  EXPECT_EQ(run.Rate("requests_failed", {{"step", "C_ENTER_GAME"}}).passed, 1U);
  EXPECT_EQ(run.Counter("bots_dropped"), 0U);
  EXPECT_THAT(run.Failures("packets_invalid"),
              ElementsAre(HasSubstr("unknown packet id 4711 from game"),
                          HasSubstr("impossible packet from game")));
}

TEST(MatchingTest, ATimeOutEntersTheHistogramAtItsAgeAsALowerBound) {
  FlowBuilder flow = Flow();
  flow.Connect().Think(Exactly(100ms)).Request(Patient(Login(), 1s));
  SimRun run(ProgramOf({Once(flow)}));
  run.server().on_packet = [](auto&&...) { return true; };
  run.Start();
  run.RunFor(3s);
  const Histogram duration = run.Trend("request_duration");
  EXPECT_EQ(duration.count(), 1U);
  EXPECT_EQ(duration.max_ns(), Nanoseconds(1s).count());
  EXPECT_TRUE(duration.IsLowerBound(50));
  EXPECT_EQ(run.Trend("request_service_time").lower_bounds(), 1U);
  EXPECT_THAT(run.Failures("requests_failed"),
              ElementsAre(HasSubstr("bot 0 at 1.1 s, no reply in time in step C_LOGIN")));
}

TEST(MatchingTest, WhatWeCutIsAbandonedAndEntersNoHistogram) {
  FlowBuilder flow = Flow();
  flow.Connect().Request(Login());
  SimRun run(ProgramOf({Once(flow)}));
  run.server().on_packet = [](auto&&...) { return true; };
  run.Start();
  run.RunFor(1s);
  run.load().RequestStop(0ns);
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Counter("requests_abandoned"), 1U);
  EXPECT_EQ(run.Rate("requests_failed").total, 0U);
  EXPECT_EQ(run.Trend("request_duration").count(), 0U);
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "interrupted"}}), 1U);
}

TEST(MatchingTest, ABotIsSilentWhileAReplyIsMissingForOverFiveSeconds) {
  FlowBuilder flow = Flow();
  Asked login = Login();
  login.timeout = 30s;
  flow.Connect().Request(login);
  SimRun run(ProgramOf({Once(flow, 20s)}));
  run.server().on_packet = [&](ScriptedServer::Peer& peer, std::string_view, std::string_view) {
    run.server().After(8500ms, [&run, ref = peer.ref()] {
      run.server().SendTo(ref, "S_LOGIN", LoginReply(true));
    });
    return true;
  };
  run.Start();
  run.RunFor(5s);
  EXPECT_EQ(run.Gauge("bots_silent"), 0);
  run.RunFor(1s);
  EXPECT_EQ(run.Gauge("bots_silent"), 1);
  run.RunFor(3s);
  EXPECT_EQ(run.Gauge("bots_silent"), 0);
}

TEST(MatchingTest, AReplyIsKnownAlsoWhileLaterPacketsStillWaitToBeSent) {
  FlowBuilder flow = Flow();
  const std::string large(60'000, 'x');
  flow.Connect().Parallel({[](FlowBuilder& branch) { branch.Request(Login()); },
                           [&](FlowBuilder& branch) {
                             branch.Send("C_CHAT", {{"msg", Literal(large)}});
                           }});
  SimRunOptions options;
  options.network.socket_buffer_bytes = 1'000;  // 60 round trips for the large one
  SimRun run(ProgramOf({Once(flow)}), options);
  run.server().on_packet = [](ScriptedServer::Peer&, std::string_view packet, std::string_view) {
    return packet == "C_CHAT";
  };
  run.Start();
  run.RunFor(1s);
  EXPECT_EQ(run.server().Count("C_CHAT"), 1U);
  EXPECT_EQ(run.Rate("requests_failed").passed, 0U);
  EXPECT_EQ(run.Trend("request_duration").max_ns(), Nanoseconds(kRoundTrip).count());
}

TEST(MatchingTest, APacketThatCannotBeMadeFailsItsStep) {
  FlowBuilder flow = Flow();
  Asked too_large = Chat();
  too_large.fields = {{"msg", Literal(std::string(70'000, 'x'))}};
  too_large.on_fail = OnFail::kContinue;
  flow.Connect().Request(too_large).Send("C_ENTER_GAME",
                                         {{"playerIndex", Literal(std::string("no number"))}});
  SimRun run(ProgramOf({Once(flow, 500ms)}));
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Rate("requests_failed", {{"step", "chat"}}).passed, 1U);
  EXPECT_EQ(run.Rate("requests_failed", {{"step", "C_ENTER_GAME"}}).passed, 1U);
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "failed"}}), 1U);
}

TEST(MatchingTest, WhereNothingIsRequestedTheSendsAreTheSamples) {
  const auto send = [](FlowBuilder& flow, std::string text) {
    return flow.Connect()
        .Repeat(Times(3),
                [&](FlowBuilder& body) {
                  body.Send("C_CHAT", {{"msg", Literal(std::move(text))}});
                })
        .Think(Exactly(1h))
        .Build();
  };
  FlowBuilder good = Flow();
  SimRun run(ProgramOf({Constant(send(good, "x"), 1, 1s)}));
  run.Start();
  run.RunFor(1s);
  EXPECT_EQ(run.Rate("requests_failed").passed, 0U);
  EXPECT_EQ(run.Rate("requests_failed").total, 3U);

  FlowBuilder asking = Flow();
  asking.Connect().Request(Login());
  Group other = Once(asking);
  other.name = "asking";
  FlowBuilder bad = Flow();
  SimRun mixed(ProgramOf({Constant(send(bad, "x"), 1, 1s), other}));
  mixed.Start();
  mixed.RunFor(1s);
  EXPECT_EQ(mixed.Rate("requests_failed").total, 1U);  // the request, which no send hides
}

TEST(MatchingTest, AnUndecodablePacketFailsTheExpectThatLooksIntoIt) {
  FlowBuilder flow = Flow();
  const Asked expected{.packet = {}, .expect = "S_LOGIN", .where = {{"success", Literal(true)}}};
  flow.Connect().Listen(expected, {}).Listen(expected, {}).Send("C_ENTER_GAME").Expect(expected);
  SimRun run(ProgramOf({Once(flow, 500ms)}));
  run.server().on_packet = [](ScriptedServer::Peer& peer, std::string_view, std::string_view) {
    peer.SendBytes(Framed(1001, "\x08\x01\x12\xFF"));
    return true;
  };
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Rate("requests_failed").passed, 1U);
  EXPECT_EQ(run.Counter("packets_invalid"), 1U);
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "failed"}}), 1U);
  EXPECT_THAT(run.Failures("requests_failed"), ElementsAre(HasSubstr("undecodable packet")));
}

TEST(MatchingTest, WhatAListenCannotSendFails) {
  FlowBuilder flow = Flow();
  ListenAction too_large;
  too_large.send = flow.MakeOutgoing("C_CHAT", {{"msg", Literal(std::string(70'000, 'x'))}});
  flow.Connect().Listen({.packet = {}, .expect = "S_LOGIN"}, {too_large}).Send("C_ENTER_GAME");
  SimRun run(ProgramOf({Once(flow, 500ms)}));
  run.server().on_packet = [](ScriptedServer::Peer& peer, std::string_view, std::string_view) {
    peer.SendPacket("S_LOGIN", LoginReply(true));
    return true;
  };
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Rate("requests_failed", {{"step", "S_LOGIN"}}).passed, 1U);
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "failed"}}), 1U);
}

}  // namespace
}  // namespace stressbot::testing
