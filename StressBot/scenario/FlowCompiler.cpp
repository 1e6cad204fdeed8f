#include "StressBot/scenario/FlowCompiler.h"

#include <algorithm>
#include <utility>

#include "StressBot/scenario/HostileCompiler.h"
#include "StressBot/scenario/Keys.h"
#include "StressBot/scenario/StepCompiler.h"
#include "StressBot/scenario/VariableCollector.h"

namespace stressbot {
namespace {

using Op = Instruction::Op;

// Far more than anybody writes, far less than the 16 bits of tables and jumps can name.
constexpr std::size_t kInstructionsMax = 20'000;

const std::vector<std::string> kVerbs = {
    "connect", "request",    "send",  "expect",  "listen",     "repeat",
    "think",   "parallel",   "set",   "call",    "disconnect", "choose",
    "mark",    "rendezvous", "bytes", "hostile", "join",       "leave"};

}  // namespace

FlowProgram FlowCompiler::Compile(const std::string& flow) {
  build_ = {};
  build_.program.name = flow;
  build_.program.variables = CollectVariables(context_, flow);
  build_.flow = flow;
  calls_ = {flow};
  context_.feeds_used.clear();
  context_.flows_used.insert(flow);
  const std::size_t errors_before = context_.errors.list().size();
  CompileSteps(context_.flows.at(flow));
  if (!Waits(0, build_.program.code.size()) && context_.errors.list().size() == errors_before)
    context_.Error(context_.flows.at(flow).path(),
                   "no step of this flow waits for anything, so its iterations would spin without "
                   "end; add a connect, request, expect or think");
  build_.program.code.push_back({Op::kEnd, 0});
  build_.program.loops = static_cast<std::uint16_t>(build_.program.repeats.size());
  build_.program.feeds.assign(context_.feeds_used.begin(), context_.feeds_used.end());
  return std::move(build_.program);
}

void FlowCompiler::CompileSteps(const JsonNode& steps) {
  if (steps.IsArray() && steps.json().empty()) steps.Error("needs at least one step");
  for (const JsonNode& step : steps.Elements()) {
    if (CodeIsFull(step)) return;
    CompileStep(step);
  }
}

bool FlowCompiler::CodeIsFull(const JsonNode& step) {
  if (build_.program.code.size() < kInstructionsMax) return false;
  if (!is_full_)
    step.Error("the flow has more than " + std::to_string(kInstructionsMax) +
               " steps once its calls are inlined; use a repeat");
  is_full_ = true;
  return true;
}

std::optional<std::string> FlowCompiler::VerbOf(const JsonNode& step) {
  if (!step.IsObject()) {
    step.Error("a step is an object such as {\"request\": \"C_LOGIN\", \"expect\": \"S_LOGIN\"}");
    return std::nullopt;
  }
  std::vector<std::string> verbs;
  for (const auto& [key, value] : step.Members()) {
    const bool is_sibling =
        key == "expect" && (step.Has("request") || step.Has("hostile") || step.Has("bytes"));
    if (Contains(kVerbs, key) && !is_sibling) verbs.push_back(key);
  }
  if (verbs.size() == 1) return verbs.front();
  if (verbs.size() > 1) {
    step.Error("a step has one verb, and this one has \"" + verbs[0] + "\" and \"" + verbs[1] +
               "\"; make two steps of it");
    return std::nullopt;
  }
  for (const auto& [key, value] : step.Members()) {
    const std::string_view near = Nearest(key, kVerbs);
    if (near.empty()) continue;
    value.Error("unknown verb \"" + key + "\"; did you mean \"" + std::string(near) + "\"?");
    return std::nullopt;
  }
  step.Error(
      "has no verb; a step is one of connect, request, send, expect, listen, repeat, "
      "parallel, choose, think, set, call, join, leave, rendezvous, bytes, hostile, mark, "
      "disconnect");
  return std::nullopt;
}

void FlowCompiler::CompileStep(const JsonNode& step) {
  const auto verb = VerbOf(step);
  if (!verb) return;
  StepCompiler steps(context_, build_);
  if (*verb == "connect") return steps.CompileConnect(step);
  if (*verb == "request") return steps.CompileRequest(step);
  if (*verb == "send") return steps.CompileSend(step);
  if (*verb == "expect") return steps.CompileExpect(step);
  if (*verb == "listen") return steps.CompileListen(step);
  if (*verb == "think") return steps.CompileThink(step);
  if (*verb == "set") return steps.CompileSet(step);
  if (*verb == "disconnect") return steps.CompileDisconnect(step);
  if (*verb == "join" || *verb == "leave") return steps.CompileAudience(step, verb->c_str());
  if (*verb == "repeat") return CompileRepeat(step);
  if (*verb == "parallel") return CompileParallel(step);
  if (*verb == "choose") return CompileChoose(step);
  if (*verb == "mark") return steps.CompileMark(step);
  if (*verb == "bytes") return HostileCompiler(context_, build_).CompileBytes(step);
  if (*verb == "hostile") return HostileCompiler(context_, build_).CompileHostile(step);
  if (*verb == "rendezvous") return steps.CompileRendezvous(step);
  CompileCall(step);
}

void FlowCompiler::CompileCall(const JsonNode& step) {
  step.OnlyKeys({"call"});
  const JsonNode noun = *step.Find("call");
  const std::string name = noun.AsString();
  const auto flow = context_.flows.find(name);
  if (flow == context_.flows.end()) {
    if (noun.IsString())
      noun.Error("no flow \"" + name + "\"" + Suggest(name, NamesOf(context_.flows)));
    return;
  }
  context_.flows_used.insert(name);
  if (Contains(calls_, name)) {
    std::string chain;
    for (const std::string& call : calls_) chain += call + " -> ";
    noun.Error("the flow calls itself (" + chain + name + "); use a repeat instead");
    return;
  }
  const std::string caller = std::exchange(build_.flow, name);
  calls_.push_back(name);
  CompileSteps(flow->second);
  calls_.pop_back();
  build_.flow = caller;
}

}  // namespace stressbot
