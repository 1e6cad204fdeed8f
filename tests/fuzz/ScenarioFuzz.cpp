// Any bytes as a scenario file: it is refused with a sentence or compiled to a program that can be
// explained. What it names as protocol files is replaced, so that no path of the fuzzer's is
// opened.

#include <string>

#include "ServerCore/Assert.h"
#include "StressBot/scenario/ScenarioFile.h"
#include "tests/fuzz/FuzzInput.h"

namespace {

void NameOurProtocol(stressbot::JsonDocument::Json& scenario) {
  if (!scenario.is_object() || !scenario.contains("servers")) return;
  auto& servers = scenario["servers"];
  if (!servers.is_object()) return;
  for (auto& server : servers) {
    if (server.is_object() && server.contains("protocol") && server["protocol"].is_string()) {
      server["protocol"] = "game.protocol.json";
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace stressbot;
  Diagnostics errors;
  const auto read = JsonDocument::Parse(servercore::fuzz::AsText({data, size}), "read", errors);
  if (!read) return 0;
  JsonDocument::Json json = read->root();
  NameOurProtocol(json);
  const auto document =
      JsonDocument::Parse(json.dump(1), STRESSBOT_FUZZ_DATA "/scenario.json", errors);
  SC_ASSERT(document);

  ScenarioOptions options;
  options.environment = [](const std::string& name) {
    return name.starts_with('H') ? std::optional<std::string>("host") : std::nullopt;
  };
  const auto scenario = CompileScenario(*document, options, errors);
  SC_ASSERT(scenario.has_value() == errors.empty());
  if (!scenario) {
    SC_ASSERT(!errors.ToString().empty());
    return 0;
  }
  SC_ASSERT(!Explain(*scenario).empty());
  return 0;
}
