// Connects that say where: `target` of a connect, and servers that have none of their own.
#include <gtest/gtest.h>

#include "ScenarioText.h"

namespace stressbot {
namespace {

Loaded LoadTwoServers(const std::string& second, const std::string& connects) {
  return LoadText(R"({
  "servers": {"login": {"protocol": "@", "target": "127.0.0.1:1"},
    "game": )" + second +
                  R"(},
  "groups": {"g": {"executor": "constant-bots", "flow": "f", "bots": 1, "duration": "1s"}},
  "flows": {"f": [{"connect": "login"},
    {"request": "C_LOGIN", "fields": {"name": "a"}, "expect": "S_LOGIN", "save": {"where": "players.0.name"}},
)" + connects + R"(
  ]}})");
}

TEST(TargetTest, AReplysFieldSaysWhereAServerIs) {
  const Loaded loaded =
      LoadTwoServers(R"({"protocol": "@"})", R"({"connect": "game", "target": "${where}:7777"})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  const Program& program = loaded.program();
  EXPECT_TRUE(program.servers[1].target.empty());
  const auto& connects = program.groups.front().flow.connects;
  EXPECT_FALSE(connects[0].target);
  ASSERT_TRUE(connects[1].target);
  EXPECT_EQ(connects[1].target->kind, Expression::Kind::kConcat);
  EXPECT_NE(Explain(*loaded.scenario).find("server game at what its connects say"),
            std::string::npos);
}

TEST(TargetTest, AServersOwnTargetHoldsForOtherConnects) {
  const Loaded loaded = LoadTwoServers(
      R"({"protocol": "@", "target": "127.0.0.1:2"})",
      R"({"connect": "game", "target": "[::1]:7777"}, {"disconnect": "reset"}, {"connect": "game"})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
}

TEST(TargetTest, WithoutAnyTheServerIsTheMistake) {
  for (const std::string connects :
       {R"({"connect": "game"})", R"({"think": "1s"})",
        R"({"connect": "game", "target": "a:1"}, {"disconnect": "reset"}, {"connect": "game"})"}) {
    const Loaded loaded = LoadTwoServers(R"({"protocol": "@"})", connects);
    ASSERT_EQ(loaded.errors.list().size(), 1u) << loaded.errors.ToString();
    EXPECT_EQ(loaded.errors.list().front().path, "servers.game");
    EXPECT_NE(loaded.errors.list().front().message.find("--target"), std::string::npos);
  }
}

TEST(TargetTest, OneThatIsWrittenOutIsJudgedAtOnce) {
  for (const std::string target : {"127.0.0.1", "127.0.0.1:0", "game port", ""}) {
    const Loaded loaded = LoadTwoServers(R"({"protocol": "@"})",
                                         R"({"connect": "game", "target": ")" + target + "\"}");
    ASSERT_EQ(loaded.errors.list().size(), 1u) << loaded.errors.ToString();
    EXPECT_NE(loaded.errors.list().front().message.find("HOST:PORT"), std::string::npos);
  }
  const Loaded unknown =
      LoadTwoServers(R"({"protocol": "@"})", R"({"connect": "game", "target": "${wher}:1"})");
  EXPECT_NE(unknown.errors.ToString().find("did you mean \"where\"?"), std::string::npos)
      << unknown.errors.ToString();
}

TEST(TargetTest, AProtocolFromTheCommandLineIsThatOfAllServers) {
  const std::string text = R"({
  "servers": {"game": {"protocol": "is.not.there.json", "target": "127.0.0.1:1"}},
  "groups": {"g": {"executor": "constant-bots", "flow": "f", "bots": 1, "duration": "1s"}},
  "flows": {"f": [{"connect": "game"}, {"send": "C_CHAT"}]}})";
  ScenarioOptions options;
  options.protocol_file = std::string(STRESSBOT_SCENARIO_DATA) + "/game.protocol.json";
  const Loaded loaded = LoadText(text, options);
  EXPECT_TRUE(loaded.scenario) << loaded.errors.ToString();
  options.protocol_file += "x";
  const Loaded missing = LoadText(text, options);
  ASSERT_EQ(missing.errors.list().size(), 1u) << missing.errors.ToString();
  EXPECT_NE(missing.errors.ToString().find("game.protocol.jsonx"), std::string::npos);
}

}  // namespace
}  // namespace stressbot
