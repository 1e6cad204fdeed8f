#include "StressBot/scenario/VariableCollector.h"

#include <set>

#include "StressBot/scenario/Keys.h"

namespace stressbot {
namespace {

class Collector {
 public:
  explicit Collector(const ScenarioContext& context) : context_(context) {}

  void VisitFlow(const std::string& name) {
    const auto flow = context_.flows.find(name);
    if (flow == context_.flows.end() || !visited_.insert(name).second) return;
    VisitSteps(flow->second);
  }
  std::vector<std::string> Take() { return std::move(names_); }

 private:
  /// What has a wrong type is left for the compiler to report.
  void VisitSteps(const JsonNode& steps) {
    if (!steps.IsArray()) return;
    for (const JsonNode& step : steps.Elements()) VisitStep(step);
  }
  void VisitStep(const JsonNode& step) {
    if (!step.IsObject()) return;
    for (const char* key : {"set", "save"})
      if (const auto assigned = step.Find(key); assigned && assigned->IsObject())
        for (const auto& [name, value] : assigned->Members()) Add(name, value);
    if (const auto call = step.Find("call"); call && call->IsString()) VisitFlow(call->AsString());
    for (const char* key : {"steps", "do", "expectAll"})
      if (const auto steps = step.Find(key)) VisitSteps(*steps);
    if (const auto parallel = step.Find("parallel"); parallel && parallel->IsObject())
      for (const auto& [name, branch] : parallel->Members()) VisitSteps(branch);
    if (const auto options = step.Find("choose")) VisitSteps(*options);  // each has "steps", too
  }
  void Add(const std::string& name, const JsonNode& node) {
    if (Contains(names_, name)) return;
    const std::string mistake = MistakeInVariableName(name);
    if (!mistake.empty()) return node.Error(mistake);
    if (context_.macros.contains(name))
      return node.Error("\"" + name +
                        "\" is one of \"variables\", which are drawn anew at each use and never "
                        "set; choose another name");
    names_.push_back(name);
  }

  const ScenarioContext& context_;
  std::set<std::string> visited_;
  std::vector<std::string> names_;
};

}  // namespace

std::vector<std::string> CollectVariables(const ScenarioContext& context, const std::string& flow) {
  Collector collector(context);
  collector.VisitFlow(flow);
  return collector.Take();
}

std::string MistakeInVariableName(const std::string& name) {
  static const std::vector<std::string> kReserved = {"stamp", "iteration", "loop", "bot",
                                                     "sent",  "packet",    "env"};
  if (Contains(kReserved, name))
    return "\"" + name + "\" has a meaning of its own; choose another name";
  if (!IsIdentifier(name))
    return "\"" + name + "\" cannot be a variable: use letters, digits and _, a letter first";
  return "";
}

}  // namespace stressbot
