#include <gtest/gtest.h>

#include "ScenarioText.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;

/// Two groups, of 60 and 40 bots, whose flows hold these rendezvous.
Loaded LoadMeeting(const std::string& first, const std::string& second,
                   const ScenarioOptions& options = {}) {
  return LoadText(R"({
  "servers": {"game": {"protocol": "@", "target": "127.0.0.1:7777"}},
  "groups": {
    "a": {"executor": "constant-bots", "flow": "a", "bots": 60, "duration": "10s"},
    "b": {"executor": "constant-bots", "flow": "b", "bots": 40, "duration": "10s"}},
  "flows": {
    "a": [{"connect": "game"}, )" +
                      first + R"(],
    "b": [{"connect": "game"}, )" +
                      second + R"(]}
})",
                  options);
}

TEST(RendezvousTest, WithoutANumberAllBotsMeetThatComeThere) {
  const Loaded loaded = LoadMeeting(
      R"({"rendezvous": "gate"}, {"rendezvous": "boss", "timeout": "30s", "onFail": "continue"})",
      R"({"rendezvous": "boss"})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  const Program& program = loaded.program();
  ASSERT_EQ(program.rendezvous.size(), 2U);
  EXPECT_EQ(program.rendezvous[0].name, "gate");
  EXPECT_EQ(program.rendezvous[0].bots, 60U);
  EXPECT_EQ(program.rendezvous[1].bots, 100U);
  EXPECT_EQ(program.groups[0].flow.rendezvous[0].timeout, std::nullopt);
  EXPECT_EQ(program.groups[0].flow.rendezvous[1].timeout, 30s);
  EXPECT_EQ(program.groups[0].flow.rendezvous[1].on_fail, OnFail::kContinue);
  EXPECT_EQ(program.groups[1].flow.rendezvous[0].point, 1);
}

TEST(RendezvousTest, ANumberScalesWithTheGroupsThatComeThere) {
  const auto bots = [](const ScenarioOptions& options) {
    const Loaded loaded =
        LoadMeeting(R"({"rendezvous": "gate", "bots": 50})", R"({"rendezvous": "gate"})", options);
    EXPECT_TRUE(loaded.scenario) << loaded.errors.ToString();
    return loaded.scenario ? loaded.program().rendezvous[0].bots : 0;
  };
  EXPECT_EQ(bots({}), 50U);
  EXPECT_EQ(bots({.bots = {{"", 10}}}), 5U);
  EXPECT_EQ(bots({.bots = {{"a", 160}}}), 100U);
  EXPECT_EQ(bots({.bots = {{"", 2}}}), 1U);
}

TEST(RendezvousTest, MistakesAreToldAtTheirPlace) {
  struct Mistake {
    std::string first, second, path, words;
  };
  const std::string plain = R"({"rendezvous": "gate"})";
  const std::vector<Mistake> mistakes = {
      {R"({"rendezvous": "gate", "bots": 101})", plain, "flows.a[1].bots",
       "the groups that come to \"gate\" have at most 100"},
      {R"({"rendezvous": "gate", "bots": 50})", R"({"rendezvous": "gate", "bots": 40})",
       "flows.b[1].bots", "50 bots meet at \"gate\" elsewhere"},
      {R"({"rendezvous": "gate", "bots": 0})", plain, "flows.a[1].bots", "at least 1"},
      {R"({"rendezvous": ""})", plain, "flows.a[1].rendezvous", "needs a name"},
      {R"({"rendezvous": "gate", "timeout": "0s"})", plain, "flows.a[1].timeout", "longer than"},
      {R"({"rendezvous": "gate", "tiemout": "1s"})", plain, "flows.a[1].tiemout",
       "did you mean \"timeout\"?"}};
  for (const Mistake& mistake : mistakes) {
    const Loaded loaded = LoadMeeting(mistake.first, mistake.second);
    ASSERT_EQ(loaded.errors.list().size(), 1U) << mistake.first << loaded.errors.ToString();
    EXPECT_EQ(loaded.errors.list()[0].path, mistake.path);
    EXPECT_NE(loaded.errors.list()[0].message.find(mistake.words), std::string::npos)
        << loaded.errors.ToString();
  }
}

}  // namespace
}  // namespace stressbot
