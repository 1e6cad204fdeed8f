#include "StressBot/scenario/ScenarioFile.h"

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>

#include "StressBot/scenario/EventReader.h"
#include "StressBot/scenario/ExpressionText.h"
#include "StressBot/scenario/FeedReader.h"
#include "StressBot/scenario/GroupCompiler.h"
#include "StressBot/scenario/Keys.h"
#include "StressBot/scenario/LoadOverrides.h"
#include "StressBot/scenario/MeetingPoints.h"
#include "StressBot/scenario/ServerReader.h"
#include "StressBot/scenario/ThresholdReader.h"
#include "StressBot/scenario/VariableCollector.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {
namespace {

void ReadVariables(ScenarioContext& context, const JsonNode& root) {
  if (const auto variables = root.Find("variables"))
    for (const auto& [name, value] : variables->Members()) {
      const std::string mistake = MistakeInVariableName(name);
      if (!mistake.empty()) value.Error(mistake);
      context.macros.emplace(name, value);
    }
  for (const auto& [name, text] : context.options.variables) {
    if (!context.macros.contains(name))
      context.OptionError("--var", "no variable \"" + name +
                                       "\" among the scenario's \"variables\"" +
                                       Suggest(name, NamesOf(context.macros)));
    context.overrides[name] = LiteralFromText(text);
  }
}

void ReadRetry(const JsonNode& node, RetryPolicy& retry) {
  constexpr double kUnlimited = std::numeric_limits<double>::infinity();
  node.OnlyKeys({"after", "factor", "max", "jitter"});
  if (const auto after = node.Find("after")) retry.after = after->AsDuration();
  if (const auto factor = node.Find("factor")) retry.factor = ReadNumber(*factor, 1, kUnlimited);
  if (const auto jitter = node.Find("jitter")) retry.jitter = ReadNumber(*jitter, 0, 1);
  if (const auto max = node.Find("max")) {
    retry.max = max->AsDuration();
    if (retry.max < retry.after) max->Error("must not be shorter than \"after\"");
  }
  retry.max = std::max(retry.max, retry.after);
}

void ReadDefaults(ScenarioContext& context, const JsonNode& node) {
  node.OnlyKeys({"timeout", "retry"});
  if (const auto timeout = node.Find("timeout")) context.timeout = ReadPositiveDuration(*timeout);
  if (const auto retry = node.Find("retry")) ReadRetry(*retry, context.retry);
}

void ReadGroups(ScenarioContext& context, const JsonNode& root, Program& program) {
  if (const auto flows = root.Require("flows")) {
    context.flows_are_there = flows->IsObject();
    for (const auto& [name, steps] : flows->Members()) context.flows.emplace(name, steps);
  }
  const auto groups = root.Require("groups");
  if (!groups) return;
  const auto members = groups->Members();
  if (members.empty() && groups->IsObject()) groups->Error("needs at least one group");
  for (const auto& [name, group] : members)
    program.groups.push_back(GroupCompiler(context).Compile(name, group));
}

void WarnOfUnused(const ScenarioContext& context) {
  for (const auto& [name, steps] : context.flows)
    if (!context.flows_used.contains(name))
      context.Warn(steps.path(), "no group runs this flow, so it was not checked");
  for (const auto& [name, value] : context.macros)
    if (!context.macros_used.contains(name))
      context.Warn(value.path(), "the variable \"" + name + "\" is never used");
}

void WarnOfAudiences(const ScenarioContext& context) {
  if (!context.fanouts.empty() && context.first_join.empty())
    context.Warn(context.fanouts.front().where + ".fanout",
                 "nobody joins an audience, so nothing is counted; add {\"join\": ...}");
  if (context.fanouts.empty() && !context.first_join.empty())
    context.Warn(context.first_join,
                 "no step sends to an audience, so nothing is counted; add \"fanout\" to one");
}

/// A flow that two groups run is compiled twice and tells its mistakes twice.
std::vector<Diagnostic> InOrder(std::vector<Diagnostic> list, const std::string& file) {
  std::stable_sort(list.begin(), list.end(), [&](const Diagnostic& a, const Diagnostic& b) {
    return std::tuple(a.file == file, a.file == file ? a.line : 0) <
           std::tuple(b.file == file, b.file == file ? b.line : 0);
  });
  std::set<std::string> seen;
  std::erase_if(list, [&](const Diagnostic& d) { return !seen.insert(d.ToString()).second; });
  return list;
}

void ReadProgram(ScenarioContext& context, const JsonNode& root, Program& program,
                 const std::filesystem::path& directory) {
  root.OnlyKeys({"$schema", "name", "description", "servers", "variables", "defaults", "warmup",
                 "feeds", "groups", "flows", "events", "thresholds"});
  if (!root.IsObject()) return;
  if (const auto name = root.Find("name")) program.name = name->AsString();
  if (const auto description = root.Find("description"))
    program.description = description->AsString();
  ReadVariables(context, root);
  if (const auto feeds = root.Find("feeds")) ReadFeeds(context, *feeds, directory);
  std::size_t errors_before = context.errors.list().size();
  if (const auto servers = root.Require("servers")) ReadServers(context, *servers, directory);
  context.names_are_known = context.errors.list().size() == errors_before;
  if (const auto defaults = root.Find("defaults")) ReadDefaults(context, *defaults);
  if (const auto warmup = root.Find("warmup")) program.warmup = warmup->AsDuration();
  errors_before = context.errors.list().size();
  ReadGroups(context, root, program);
  if (context.errors.list().size() != errors_before) context.names_are_known = false;
  program.servers = context.servers;
  program.fanouts = context.fanouts;
  if (context.names_are_known) CheckTargets(context, program);
  const auto events = root.Find("events");
  if (events) program.events = ReadEvents(context, *events, program);
  program.marks.resize(context.marks.size());
  for (const auto& [name, mark] : context.marks) program.marks[mark] = name;
  if (!context.errors.empty()) return;  // what follows needs sound numbers
  const std::vector<std::uint32_t> meet = BotsThatMeet(context, program);
  OverrideScale(context, program);
  OverrideBots(context, program);
  OverrideRates(context, program);
  FillMeetingPoints(context, meet, program);
  ShareFeeds(context, program);
  OverrideDuration(context, program);
  if (program.warmup >= program.LoadDuration())
    root.Find("warmup")->Error("is not shorter than the load, so nothing would be measured");
  if (events) WarnOfLateEvents(context, *events, program);
}

}  // namespace

std::optional<Scenario> LoadScenario(const std::filesystem::path& file,
                                     const ScenarioOptions& options, Diagnostics& errors) {
  const auto document = JsonDocument::Load(file, errors);
  if (!document) return std::nullopt;
  return CompileScenario(*document, options, errors);
}

std::optional<Scenario> CompileScenario(const JsonDocument& document,
                                        const ScenarioOptions& options, Diagnostics& errors) {
  const std::filesystem::path file = PathOf(document.file());
  Diagnostics found;
  Scenario scenario;
  ScenarioContext context{document, options, found, scenario.warnings};
  const JsonNode root = JsonNode::Root(document, found);
  auto program = std::make_shared<Program>();
  program->file = document.file();
  program->name = Utf8Of(file.stem());
  program->seed = options.seed.value_or(kDefaultSeed);
  ReadProgram(context, root, *program, file.parent_path());
  if (const auto thresholds = root.Find("thresholds")) {
    scenario.has_thresholds_key = true;
    scenario.thresholds = ReadThresholds(context, *thresholds, *program);
  }
  for (Diagnostic& error : InOrder(found.list(), document.file())) errors.Add(std::move(error));
  if (!found.empty()) return std::nullopt;
  WarnOfUnused(context);
  WarnOfAudiences(context);
  scenario.warnings = InOrder(std::move(scenario.warnings), document.file());
  scenario.program = std::move(program);
  return scenario;
}

}  // namespace stressbot
