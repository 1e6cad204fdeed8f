#include "StressBot/dashboard/model/ListedScenario.h"

#include <fstream>
#include <utility>

#include "StressBot/json/JsonDocument.h"
#include "StressBot/report/JsonNames.h"
#include "StressBot/report/JsonValues.h"
#include "StressBot/system/Environment.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

namespace {

using Json = JsonDocument::Json;

/// A text of the document; empty when there is none.
std::string TextOf(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || !found->is_string() ? "" : found->get<std::string>();
}

bool IsScenario(const Json& root) {
  if (!root.is_object()) return false;
  if (root.contains("groups") || root.contains("flows")) return true;
  return root.empty() || root.contains("servers");  // one that somebody has just begun
}

template <typename Stages, typename ValueOf>
std::vector<LoadPoint> CurveOf(Nanoseconds start, double at_start, const Stages& stages,
                               const ValueOf& value_of) {
  std::vector<LoadPoint> curve{{SecondsOf(start), at_start}};
  for (const auto& stage : stages) {
    start += stage.duration;
    curve.push_back({SecondsOf(start), value_of(stage)});
  }
  return curve;
}

GroupSummary SummaryOf(const Group& group, const Json& json) {
  GroupSummary summary{.name = group.name,
                       .executor = TextOf(json, "executor"),
                       .is_open = group.arrivals.has_value(),
                       .bots = group.BotsMax(),
                       .rate = group.arrivals ? group.arrivals->RateMax() : 0,
                       .start = group.start_time,
                       .length = group.Duration(),
                       .curve = {}};
  if (group.arrivals) {
    const auto rate = [](const Arrivals::Stage& stage) { return stage.rate; };
    const Arrivals& arrivals = *group.arrivals;
    summary.curve = CurveOf(group.start_time, arrivals.rate_at_start, arrivals.stages, rate);
  } else {
    const auto bots = [](const Stage& stage) { return static_cast<double>(stage.target); };
    summary.curve = CurveOf(group.start_time, group.bots_at_start, group.stages, bots);
  }
  return summary;
}

void Fill(const Scenario& scenario, const Json& root, ListedScenario& listed) {
  const Program& program = *scenario.program;
  listed.name = program.name;
  listed.length = program.LoadDuration();
  listed.warnings = scenario.warnings;
  for (const Server& server : program.servers) {
    const std::string protocol = TextOf(root.at("servers").at(server.name), "protocol");
    listed.servers.push_back({server.name, server.target, Utf8Of(PathOf(protocol).filename())});
  }
  for (const Group& group : program.groups) {
    listed.groups.push_back(SummaryOf(group, root.at("groups").at(group.name)));
  }
  const auto variables = root.find("variables");
  if (variables == root.end()) return;
  for (const auto& [name, recipe] : variables->items()) {
    listed.variables.push_back(
        {name, recipe.is_string() ? recipe.get<std::string>() : recipe.dump()});
  }
}

}  // namespace

std::optional<ListedScenario> ReadListed(const std::filesystem::path& file,
                                         ScenarioOptions changes) {
  ListedScenario listed;
  listed.file = file;
  listed.name = Utf8Of(file.stem());
  Diagnostics mistakes;
  const auto document = JsonDocument::Load(file, mistakes);
  if (!document) {
    listed.mistakes = mistakes.list();
    return listed;
  }
  const Json& root = document->root();
  if (!IsScenario(root)) return std::nullopt;
  if (const std::string name = TextOf(root, "name"); !name.empty()) listed.name = name;
  listed.description = TextOf(root, "description");
  changes.environment = ReadEnvironment;
  if (const auto scenario = CompileScenario(*document, changes, mistakes)) {
    Fill(*scenario, root, listed);
  } else {
    listed.mistakes = mistakes.list();
  }
  return listed;
}

bool IsSavedRun(const std::filesystem::path& file) {
  constexpr std::size_t kBeginning = 256;
  std::error_code unknown;
  if (!std::filesystem::is_regular_file(file, unknown)) return false;  // a pipe would never end
  std::ifstream stream(file, std::ios::binary);
  std::string text(kBeginning, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text.find(kRunSchema) != std::string::npos;
}

}  // namespace stressbot
