#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "tests/engine/SimRun.h"

/// What metrics tell beside their count: why, which packet, in which step.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::array<const char*, kRequestFailures> kFailures{"timeout",     "fail-on", "lost",
                                                              "undecodable", "missing", "not-sent"};

/// S_LOGIN, whose list says that it has 255 bytes, and ends.
constexpr std::string_view kUndecodable("\x08\x00\xE9\x03\x08\x01\x12\xFF", 8);

Group OneLogin(const Asked& login, Nanoseconds duration = 900ms) {
  FlowBuilder flow = Flow();
  Group group = Constant(flow.Connect().Request(login).Think(Exactly(1h)).Build(1), 1, duration);
  group.retry = {.after = 1h, .factor = 1, .max = 1h, .jitter = 0};
  return group;
}

/// The only reason for which requests failed, and that they all did.
std::string ReasonOf(const Asked& login, ScriptedServer::OnPacket on_packet) {
  SimRun run(ProgramOf({OneLogin(login)}));
  run.server().on_packet = std::move(on_packet);
  run.Start();
  EXPECT_TRUE(run.Finish());
  std::string reason;
  for (const char* name : kFailures) {
    const MetricsFrame::RateCount rate = run.Rate("requests_failed", {{"reason", name}});
    EXPECT_EQ(rate.total, 1U);  // that of all reasons
    if (rate.passed == 1) reason += name;
  }
  EXPECT_EQ(run.Rate("requests_failed").passed, 1U);
  EXPECT_EQ(run.Rate("requests_failed").total, 1U);
  return reason;
}

TEST(ReasonsTest, EachFailureOfARequestHasItsOwn) {
  Asked login = Login();
  login.timeout = 300ms;
  login.fail_on = {"S_ENTER_GAME"};
  using Peer = ScriptedServer::Peer;
  EXPECT_EQ(ReasonOf(login, [](auto&&...) { return true; }), "timeout");
  EXPECT_EQ(ReasonOf(login,
                     [](Peer& peer, auto&&...) {
                       peer.SendPacket("S_ENTER_GAME", Wire().Number(1, 1));
                       return true;
                     }),
            "fail-on");
  EXPECT_EQ(ReasonOf(login,
                     [](Peer& peer, auto&&...) {
                       peer.Disconnect(servercore::CloseKind::kReset);
                       return true;
                     }),
            "lost");
  EXPECT_EQ(ReasonOf(login,
                     [](Peer& peer, auto&&...) {
                       peer.SendBytes(kUndecodable);
                       return true;
                     }),
            "undecodable");
  login.save = {{0, "players.3.id"}};
  EXPECT_EQ(ReasonOf(login, [](auto&&...) { return false; }), "missing");
}

TEST(ReasonsTest, WhoNeverConnectedCouldNotSend) {
  FlowBuilder flow = Flow();
  Group group = Constant(flow.Request(Login()).Build(), 1, 900ms);
  group.retry = {.after = 1h, .factor = 1, .max = 1h, .jitter = 0};
  SimRun run(ProgramOf({group}));
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Rate("requests_failed", {{"reason", "not-sent"}}).passed, 1U);
}

TEST(ReasonsTest, WhatSucceedsHasNone) {
  SimRun run(ProgramOf({OneLogin(Login())}));
  run.Start();
  ASSERT_TRUE(run.Finish());
  for (const char* name : kFailures) {
    EXPECT_EQ(run.Rate("requests_failed", {{"reason", name}}).passed, 0U);
    EXPECT_EQ(run.Rate("requests_failed", {{"reason", name}}).total, 1U);
  }
}

/// How often a connection ended for that reason, and how often in all.
void ExpectEndings(const SimRun& run, const char* reason, std::uint64_t count) {
  EXPECT_EQ(run.Counter("sessions_ended", {{"reason", reason}}), count) << reason;
  EXPECT_EQ(run.Counter("sessions_ended"), count) << reason;
}

TEST(ReasonsTest, EndingsOfConnectionsTellWhyWeEndedThem) {
  const auto once = [](FlowBuilder& flow, const char* reason) {
    Group group = Constant(flow.Build(), 1, 900ms);
    group.retry = {.after = 1h, .factor = 1, .max = 1h, .jitter = 0};
    SimRun run(ProgramOf({group}));
    run.server().on_packet = [](auto&&...) { return true; };
    run.Start();
    EXPECT_TRUE(run.Finish());
    ExpectEndings(run, reason, 1);
  };
  Asked login = Login();
  login.timeout = 300ms;
  once(Flow().Connect().Request(login), "failure");
  once(Flow().Connect().Disconnect().Think(Exactly(2s)), "step");
  once(Flow().Connect().Think(Exactly(1h)), "stop");
  once(Flow().Connect().Think(Exactly(1s)), "end");
}

TEST(ReasonsTest, ChurnCuts) {
  Group group = Constant(Flow().Connect().Think(Exactly(1h)).Build(), 1, 2500ms);
  group.churn = Churn{Exactly(1s), 1, Exactly(1h)};
  SimRun run(ProgramOf({group}));
  run.Start();
  ASSERT_TRUE(run.Finish());
  ExpectEndings(run, "cut", 1);
  EXPECT_EQ(run.Counter("sessions_ended", {{"by", "us"}, {"how", "reset"}}), 1U);
}

TEST(ReasonsTest, WhatTheServerEndsHasNoReasonOfOurs) {
  SimRun run(ProgramOf({OneLogin(Login())}));
  run.server().on_packet = [](ScriptedServer::Peer& peer, auto&&...) {
    peer.Disconnect(servercore::CloseKind::kOrderly);
    return true;
  };
  run.Start();
  ASSERT_TRUE(run.Finish());
  ExpectEndings(run, "-", 1);
}

TEST(ReasonsTest, LateAndInvalidPacketsHaveNames) {
  Asked login = Login();
  login.timeout = 100ms;
  login.on_fail = OnFail::kContinue;
  SimRun run(ProgramOf({OneLogin(login)}));
  run.server().on_packet = [&run](ScriptedServer::Peer& peer, auto&&...) {
    peer.SendBytes(std::string_view("\x05\x00\x67\x12x", 5));  // an id that nobody knows
    run.server().After(300ms, [&run, ref = peer.ref()] {
      run.server().SendTo(ref, "S_LOGIN", Wire().Number(1, 1));
    });
    return true;
  };
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Counter("packets_late", {{"packet", "S_LOGIN"}}), 1U);
  EXPECT_EQ(run.Counter("packets_late"), 1U);
  EXPECT_EQ(run.Counter("packets_invalid", {{"packet", "-"}}), 1U);
  EXPECT_EQ(run.Counter("packets_invalid"), 1U);
}

TEST(ReasonsTest, AnUndecodablePacketIsNamed) {
  SimRun run(ProgramOf({OneLogin(Login())}));
  run.server().on_packet = [](ScriptedServer::Peer& peer, auto&&...) {
    peer.SendBytes(kUndecodable);
    return true;
  };
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Counter("packets_invalid", {{"packet", "S_LOGIN"}}), 1U);
  EXPECT_EQ(run.Counter("packets_invalid"), 1U);
}

TEST(ReasonsTest, EachBotIsCountedOnceInItsStateAndActiveOnesInTheStepThatWaits) {
  FlowBuilder flow = Flow();
  flow.Connect().Request(Login()).Request(Enter()).Think(Exactly(60s));
  Group group = Constant(flow.Build(), 10, 20s);
  group.retry = {.after = 60s, .factor = 1, .max = 60s, .jitter = 0};
  SimRun run(ProgramOf({group}));
  int logins = 0;
  int enters = 0;
  run.server().on_packet = [&](ScriptedServer::Peer&, std::string_view packet, auto&&...) {
    if (packet == "C_LOGIN") return ++logins > 7;  // true: it stays without an answer
    return ++enters > 5;
  };
  run.Start();
  run.RunFor(3'500ms);
  const auto in = [&run](const char* step) { return run.Gauge("bots", {{"step", step}}); };
  EXPECT_EQ(in("C_LOGIN"), 3);
  EXPECT_EQ(in("C_ENTER_GAME"), 2);
  EXPECT_EQ(in("-"), 5);
  EXPECT_EQ(run.Gauge("bots", {{"state", "active"}}), 10);
  run.RunFor(4s);  // the time-outs of 5 s are over
  EXPECT_EQ(run.Gauge("bots", {{"state", "away"}}), 5);
  EXPECT_EQ(in("-"), 5);
  EXPECT_EQ(run.Gauge("bots"), 10);
}

TEST(ReasonsTest, SilentBotsAreCountedInTheStepThatWaits) {
  FlowBuilder flow = Flow();
  Asked enter = Enter();
  enter.timeout = 30s;
  flow.Connect().Request(Login()).Request(enter);
  SimRun run(ProgramOf({Constant(flow.Build(), 3, 20s)}));
  run.server().on_packet = [](auto&, std::string_view packet, auto&&...) {
    return packet == "C_ENTER_GAME";
  };
  run.Start();
  run.RunFor(7s);
  EXPECT_EQ(run.Gauge("bots_silent", {{"step", "C_ENTER_GAME"}}), 3);
  EXPECT_EQ(run.Gauge("bots_silent", {{"step", "C_LOGIN"}}), 0);
}

}  // namespace
}  // namespace stressbot::testing
