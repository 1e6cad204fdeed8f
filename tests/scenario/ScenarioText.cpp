#include "ScenarioText.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/TemporaryDirectory.h"
#include "tests/schema/SchemaAgreement.h"

namespace stressbot {
namespace {

const std::string kBegin = R"({
  "servers": {"game": {"protocol": "@", "target": "127.0.0.1:7777"}},
  "variables": {"text": {"pick": ["hi", "gg"]}, "five": 5},
  "groups": {"players": {"executor": "constant-bots", "flow": "main", "bots": 10, "duration": "10s"}},
)";

}  // namespace

Loaded LoadText(std::string text, const ScenarioOptions& options) {
  const std::string protocol = std::string(STRESSBOT_SCENARIO_DATA) + "/game.protocol.json";
  for (std::size_t at = 0; (at = text.find('@', at)) != std::string::npos; at += protocol.size())
    text.replace(at, 1, protocol);
  const TemporaryDirectory directory;
  const auto file = directory.path() / "test.json";
  std::ofstream(file) << text;
  Loaded loaded;
  loaded.scenario = LoadScenario(file, options, loaded.errors);
  ExpectSchemaAgrees(SchemaFile::kScenario, text, loaded.scenario.has_value(), loaded.errors);
  return loaded;
}

std::string FlowText(const std::string& steps) {
  return kBegin + "  \"flows\": {\"main\": [\n    {\"connect\": \"game\"},\n" + steps + "\n  ]}}\n";
}

std::string BareFlowText(const std::string& steps) {
  return kBegin + "  \"flows\": {\n    \"main\": [\n" + steps + "\n  ]}}\n";
}

Loaded LoadSteps(const std::string& steps) { return LoadText(FlowText(steps)); }

}  // namespace stressbot
