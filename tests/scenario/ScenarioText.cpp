#include "ScenarioText.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>

namespace stressbot {
namespace {

/// Removes the directory with all that is in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::random_device random;
    path_ = std::filesystem::temp_directory_path() /
            ("stressbot_scenario_" + std::to_string(random()) + std::to_string(random()));
    std::filesystem::create_directories(path_);
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

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
