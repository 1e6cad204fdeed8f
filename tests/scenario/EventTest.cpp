// What `events` of a scenario become, and how mistakes in them are refused.
#include <gtest/gtest.h>

#include "ScenarioText.h"
#include "StressBot/scenario/Needs.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;

constexpr int kFirstEventLine = 5;
constexpr const char* kOneServer = R"({"game": {"protocol": "@", "target": "127.0.0.1:1"}})";
constexpr const char* kTwoServers =
    R"({"login": {"protocol": "@", "target": "127.0.0.1:1"}, "game": {"protocol": "@", "target": "127.0.0.1:2"}})";

/// The first event stands on line kFirstEventLine.
Loaded LoadEvents(const std::string& events, const ScenarioOptions& options = {},
                  const std::string& servers = kOneServer) {
  return LoadText(R"({
  "servers": )" + servers +
                      R"(,
  "groups": {"players": {"executor": "constant-bots", "flow": "f", "bots": 10, "duration": "1m"}},
  "events": [
)" + events + R"(],
  "flows": {"f": [{"connect": "game"}]}
})",
                  options);
}

Event OnlyEvent(const std::string& text, const ScenarioOptions& options = {}) {
  const Loaded loaded = LoadEvents(text, options);
  if (loaded.scenario && loaded.program().events.size() == 1) return loaded.program().events[0];
  ADD_FAILURE() << text << "\n" << loaded.errors.ToString();
  return {};
}

TEST(ScenarioEventTest, ADropAtATime) {
  const Event event = OnlyEvent(
      R"({"at": "40s", "name": "storm", "drop": {"group": "players", "share": 0.5, "how": "orderly"},
          "away": "2s", "expect": {"drops": "20s"}})");
  EXPECT_EQ(event.name, "storm");
  EXPECT_EQ(event.from, 40s);
  EXPECT_FALSE(event.every || event.on);
  EXPECT_EQ(event.excuses, 20s);
  const auto& drop = std::get<DropOrder>(event.order);
  EXPECT_EQ(drop.group, std::uint16_t{0});
  EXPECT_EQ(drop.share, 0.5);
  EXPECT_FALSE(drop.reset);
  EXPECT_EQ(drop.away.a, 2e9);
}

TEST(ScenarioEventTest, AllBotsAreResetAtOnceUnlessSaidOtherwise) {
  const auto drop = std::get<DropOrder>(OnlyEvent(R"({"at": "1s", "drop": {}})").order);
  EXPECT_FALSE(drop.group);
  EXPECT_EQ(drop.share, 1);
  EXPECT_TRUE(drop.reset);
  EXPECT_EQ(drop.away.a, 0);
}

TEST(ScenarioEventTest, APeriodBeginsAfterItself) {
  const Event plain = OnlyEvent(R"({"every": "10s", "mark": "ten"})");
  EXPECT_EQ(plain.every, Nanoseconds(10s));
  EXPECT_EQ(plain.from, 10s);
  EXPECT_EQ(plain.name, "ten");
  EXPECT_TRUE(std::holds_alternative<MarkOrder>(plain.order));
  const Event limited =
      OnlyEvent(R"({"every": "10s", "from": "0s", "until": "30s", "count": 2, "mark": "ten"})");
  EXPECT_EQ(limited.from, 0s);
  EXPECT_EQ(limited.until, 30s);
  EXPECT_EQ(limited.count, 2U);
}

TEST(ScenarioEventTest, APacketTriggers) {
  const Loaded loaded = LoadEvents(
      R"({"on": {"packet": "S_CHAT", "by": "any"}, "from": "5s", "count": 20, "cooldown": "2s",
          "name": "cycle", "drop": {}})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  const Event& event = loaded.program().events[0];
  EXPECT_EQ(event.on->packet, loaded.program().servers[0].protocol->IndexOfName("S_CHAT"));
  EXPECT_EQ(event.on->cooldown, 2s);
  EXPECT_EQ(event.from, 5s);
  EXPECT_EQ(event.count, 20U);
}

TEST(ScenarioEventTest, OfSeveralServersTheOneThatIsNamed) {
  const Loaded loaded = LoadEvents(
      R"({"on": {"packet": "S_CHAT", "server": "game"}, "mark": "seen"})", {}, kTwoServers);
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  EXPECT_EQ(loaded.program().events[0].on->server, 1);
  EXPECT_EQ(loaded.program().events[0].on->cooldown, 1s);
}

TEST(ScenarioEventTest, WhatTheServerIsToldTo) {
  using Do = ServerOrder::Do;
  const auto order = [](const std::string& rest) {
    return std::get<ServerOrder>(OnlyEvent(R"({"at": "1s", "server": )" + rest + "}").order);
  };
  EXPECT_EQ(order("\"kill\"").what, Do::kKill);
  EXPECT_FALSE(order("\"kill\"").lasts);
  EXPECT_EQ(order("\"stop\", \"for\": \"3s\"").lasts, Nanoseconds(3s));
  EXPECT_EQ(order("\"pause\", \"for\": \"3s\"").what, Do::kPause);
  EXPECT_EQ(order("\"restart\"").lasts, Nanoseconds(0s));
  EXPECT_EQ(OnlyEvent(R"({"at": "1s", "server": "restart"})").name, "server restart");
}

TEST(ScenarioEventTest, TheDurationScalesTimesAndNotLengths) {
  const ScenarioOptions half{.duration = 30s};
  EXPECT_EQ(
      OnlyEvent(R"({"at": "40s", "server": "pause", "for": "2s", "expect": {"drops": "9s"}})", half)
          .from,
      20s);
  const Event event =
      OnlyEvent(R"({"every": "5s", "from": "10s", "until": "40s", "mark": "m"})", half);
  EXPECT_EQ(event.every, Nanoseconds(5s));
  EXPECT_EQ(event.from, 5s);
  EXPECT_EQ(event.until, 20s);
  EXPECT_EQ(OnlyEvent(R"({"every": "5s", "mark": "m"})", half).from, 5s);
}

TEST(ScenarioEventTest, AnEventBehindTheLoadIsWarnedOf) {
  const Loaded loaded =
      LoadEvents("{\"at\": \"30s\", \"mark\": \"a\"},\n{\"at\": \"60s\", \"mark\": \"b\"}");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  ASSERT_EQ(loaded.scenario->warnings.size(), 1U);
  EXPECT_EQ(loaded.scenario->warnings[0].line, kFirstEventLine + 1);
  EXPECT_NE(loaded.scenario->warnings[0].message.find("never happens"), std::string::npos);
}

struct EventMistake {
  std::string text, path, words;
};

void ExpectRefused(const EventMistake& mistake, const std::string& servers = kOneServer) {
  const Loaded loaded = LoadEvents(mistake.text, {}, servers);
  ASSERT_EQ(loaded.errors.list().size(), 1U) << mistake.text << "\n" << loaded.errors.ToString();
  const Diagnostic& error = loaded.errors.list().front();
  EXPECT_EQ(error.path, mistake.path) << error.ToString();
  EXPECT_NE(error.message.find(mistake.words), std::string::npos) << error.ToString();
  EXPECT_EQ(error.line, kFirstEventLine) << error.ToString();
}

TEST(ScenarioEventTest, MistakesAreToldAtTheirPlace) {
  for (const EventMistake& mistake : std::vector<EventMistake>{
           {R"({"drop": {}})", "events[0]", "does not say when"},
           {R"({"at": "1s", "every": "2s", "drop": {}})", "events[0]", "more than once when"},
           {R"({"at": "1s"})", "events[0]", "does not say what happens"},
           {R"({"at": "1s", "mark": "a", "drop": {}})", "events[0]", "more than once what"},
           {R"({"at": "1s", "dorp": {}, "mark": "a"})", "events[0].dorp", "did you mean \"drop\"?"},
           {R"({"at": 5, "mark": "a"})", "events[0].at", "unit"},
           {R"({"every": "1ms", "mark": "a"})", "events[0].every", "at least 10ms"},
           {R"({"at": "1s", "count": 3, "mark": "a"})", "events[0].count", "happens once"},
           {R"({"every": "2s", "until": "1s", "mark": "a"})", "events[0].until", "not behind"},
           {R"({"every": "2s", "cooldown": "1s", "mark": "a"})", "events[0].cooldown", "\"on\""},
           {R"({"on": {"packet": "S_CHTA"}, "mark": "a"})", "events[0].on.packet",
            "did you mean \"S_CHAT\"?"},
           {R"({"on": {"packet": "C_CHAT"}, "mark": "a"})", "events[0].on.packet",
            "none arrives from the server"},
           {R"({"on": {"packet": "S_CHAT", "by": "all"}, "mark": "a"})", "events[0].on.by",
            "only \"any\""},
           {R"({"on": {"packet": "S_CHAT", "server": "gmae"}, "mark": "a"})", "events[0].on.server",
            "did you mean \"game\"?"},
           {R"({"on": {}, "mark": "a"})", "events[0].on", "\"packet\" is missing"},
           {R"({"at": "1s", "drop": {"group": "player"}})", "events[0].drop.group",
            "did you mean \"players\"?"},
           {R"({"at": "1s", "drop": {"share": 50}})", "events[0].drop.share", "between 0 and 1"},
           {R"({"at": "1s", "drop": {"share": 0}})", "events[0].drop.share", "drops nobody"},
           {R"({"at": "1s", "drop": {"how": "rest"}})", "events[0].drop.how",
            "did you mean \"reset\"?"},
           {R"({"at": "1s", "drop": {"away": "1s"}})", "events[0].drop.away", "unknown key"},
           {R"({"at": "1s", "mark": "a", "away": "1s"})", "events[0].away", "belongs to \"drop\""},
           {R"({"at": "1s", "mark": "a", "name": "b"})", "events[0].name", "has its name already"},
           {R"({"at": "1s", "server": "reboot"})", "events[0].server", "must be \"kill\""},
           {R"({"at": "1s", "server": "pause"})", "events[0].server", "needs its length"},
           {R"({"at": "1s", "drop": {}, "for": "1s"})", "events[0].for", "belongs to \"server\""},
           {R"({"at": "1s", "mark": "a", "expect": {"drop": "1s"}})", "events[0].expect.drop",
            "did you mean \"drops\"?"},
       }) {
    ExpectRefused(mistake);
  }
  ExpectRefused({R"({"on": {"packet": "S_CHAT"}, "mark": "a"})", "events[0].on", "several servers"},
                kTwoServers);
}

TEST(ScenarioEventTest, OrderlyDropsNeedPorts) {
  const auto ports = [](const std::string& events) {
    const Loaded loaded = LoadEvents(events);
    EXPECT_TRUE(loaded.scenario) << loaded.errors.ToString();
    return loaded.scenario ? NeedsOf(loaded.program()).ports : 0;
  };
  EXPECT_EQ(ports(R"({"at": "9s", "drop": {"how": "reset"}})"), 10U);
  EXPECT_EQ(ports(R"({"at": "9s", "drop": {"how": "orderly"}})"), 10U + 10U);
  // In each minute six, and the one before them.
  EXPECT_EQ(ports(R"({"every": "10s", "drop": {"how": "orderly", "share": 0.5}})"), 10U + 35U);
  EXPECT_EQ(ports(R"({"every": "10s", "count": 2, "drop": {"how": "orderly"}})"), 10U + 20U);
}

TEST(ScenarioEventTest, CheckExplainsThem) {
  const Loaded loaded = LoadEvents(R"(
    {"at": "40s", "name": "storm", "drop": {"group": "players", "share": 0.5}, "away": "2s"},
    {"on": {"packet": "S_CHAT"}, "from": "5s", "count": 20, "name": "cycle", "drop": {}},
    {"every": "10s", "server": "pause", "for": "2s", "until": "50s"},
    {"at": "45s", "server": "restart", "expect": {"drops": "20s"}},
    {"at": "50s", "mark": "lunch"})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  const std::string text = Explain(*loaded.scenario);
  EXPECT_NE(text.find(R"(events
  storm         at 40 s: resets 50 % of players; away 2 s
  cycle         when a bot sees S_CHAT from 5 s on, at most 20 times, armed again after 1 s: resets all bots; back at once
  server pause  every 10 s from 10 s on until 50 s: pauses the server for 2 s
  server restart at 45 s: restarts the server; endings are excused for 20 s
  lunch         at 50 s: a mark on the time axis
in all
)"),
            std::string::npos)
      << text;
}

}  // namespace
}  // namespace stressbot
