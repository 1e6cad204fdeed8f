// What belongs to the format but not to this version is refused in words, never ignored.
#include <gtest/gtest.h>

#include "ScenarioText.h"

namespace stressbot {
namespace {

TEST(NotYetTest, TheWholeTownIsRefusedPieceByPiece) {
  const Loaded loaded = LoadText(R"({
  "servers": {"game": {"protocol": "@", "target": "${env.TARGET:127.0.0.1:7777}"}},
  "description": "what it needs and is not there yet",
  "groups": {
    "players": {"executor": "ramping-bots", "flow": "player", "stages": [{"duration": "10s", "target": 10}],
      "churn": {"lifetime": "30s", "backoff": "2s"}},
    "visitors": {"executor": "constant-arrival-rate", "flow": "visitor", "rate": 50, "maxBots": 500,
      "duration": "10s"}
  },
  "flows": {
    "player": [{"connect": "game"},
      {"request": "C_LOGIN", "fields": {"name": "ann"}, "expect": "S_LOGIN"},
      {"join": "town"}],
    "visitor": [{"connect": "game"}]
  },
  "thresholds": {"fanout_delivered": ["rate==1"]}
})");
  std::vector<int> lines;
  for (const Diagnostic& error : loaded.errors.list()) {
    EXPECT_NE(error.message.find("not supported yet"), std::string::npos) << error.ToString();
    lines.push_back(error.line);
  }
  EXPECT_EQ(lines, (std::vector<int>{6})) << loaded.errors.ToString();
}

}  // namespace
}  // namespace stressbot
