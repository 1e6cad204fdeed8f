// The part of FlowCompiler that lays out steps with steps in them: repeat, parallel and choose.
#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "StressBot/scenario/FlowCompiler.h"
#include "StressBot/scenario/Keys.h"

namespace stressbot {

using Op = Instruction::Op;

void FlowCompiler::CompileRepeatNoun(const JsonNode& noun, RepeatStep& repeat) {
  if (noun.IsNumber()) {
    repeat.mode = RepeatStep::Mode::kCount;
    repeat.count = ReadCount(noun);
  } else if (noun.IsString() && noun.AsString() == "until-stop") {
    repeat.mode = RepeatStep::Mode::kUntilStop;
  } else if (noun.IsString() && ParseDuration(noun.AsString())) {
    repeat.mode = RepeatStep::Mode::kDuration;
    repeat.duration = ReadPositiveDuration(noun);
  } else {
    noun.Error("needs a number of passes, a duration such as \"30s\", or \"until-stop\"" +
               (noun.IsString() && !Nearest(noun.AsString(), {"until-stop"}).empty()
                    ? std::string("; did you mean \"until-stop\"?")
                    : std::string()));
  }
}

RepeatStep FlowCompiler::CompileRepeatOptions(const JsonNode& step) {
  RepeatStep repeat;
  CompileRepeatNoun(*step.Find("repeat"), repeat);
  if (const auto every = step.Find("every")) repeat.every = ReadPositiveDuration(*every);
  for (const char* key : {"align", "late"})
    if (const auto node = step.Find(key); node && !repeat.every)
      node->Error(std::string("\"") + key + "\" needs \"every\": without it there is no grid");
  if (const auto align = step.Find("align")) repeat.align = align->AsBool();
  if (const auto late = step.Find("late")) {
    const std::string word = late->AsString();
    if (word == "catch-up") {
      repeat.late = Late::kCatchUp;
    } else if (word == "shift") {
      repeat.late = Late::kShift;
    } else if (word != "once" && late->IsString()) {
      late->Error("cannot be \"" + word + "\"" + Suggest(word, {"once", "catch-up", "shift"}));
    }
  }
  return repeat;
}

void FlowCompiler::CompileRepeat(const JsonNode& step) {
  step.OnlyKeys({"repeat", "every", "align", "late", "steps"});
  const std::size_t index = build_.program.repeats.size();
  build_.program.repeats.push_back(CompileRepeatOptions(step));
  build_.program.repeats[index].loop = static_cast<std::uint16_t>(index);
  build_.Emit(Op::kRepeat, index + 1);
  build_.program.repeats[index].body = build_.Here();
  const std::size_t first_request = build_.program.requests.size();
  CompileRepeatBody(step, index);

  RepeatStep& repeat = build_.program.repeats[index];
  if (build_.program.requests.size() > first_request)
    repeat.first_request = static_cast<std::uint16_t>(first_request);
  const bool may_spin = repeat.mode != RepeatStep::Mode::kCount && !repeat.every;
  if (may_spin && build_.Here() > repeat.body && !Waits(repeat.body, build_.Here()))
    step.Error(
        "no step of this repeat waits, so it would spin without end; give it \"every\", or a "
        "request, expect or think");
  build_.Emit(Op::kRepeatEnd, index + 1);
  repeat.after = build_.Here();
}

void FlowCompiler::CompileRepeatBody(const JsonNode& step, std::size_t index) {
  const auto steps = step.Require("steps");
  if (!steps) return;
  const auto outer_loop = std::exchange(build_.loop, static_cast<std::uint16_t>(index));
  const ConnectionOrder before = build_.connections.BeginPass();
  CompileSteps(*steps);
  const auto mistake = build_.connections.EndPass(before);
  build_.loop = outer_loop;
  const RepeatStep& repeat = build_.program.repeats[index];
  if (!mistake || (repeat.mode == RepeatStep::Mode::kCount && repeat.count <= 1)) return;
  const std::string& server = context_.servers[mistake->server].name;
  step.Error(
      mistake->is_open
          ? "its second pass would connect to \"" + server +
                "\" while the connection is still open; end the pass with a disconnect"
          : "its second pass would need \"" + server +
                "\", which the first one disconnects from; move the connect into the repeat");
}

void FlowCompiler::CompileParallel(const JsonNode& step) {
  step.OnlyKeys({"parallel"});
  const auto branches = step.Find("parallel")->Members();
  if (branches.empty() && step.Find("parallel")->IsObject())
    step.Error("needs at least one branch: {\"NAME\": [steps]}");
  if (branches.size() + positions_in_use_ > kPositionsMax) {
    step.Error("a bot can be in " + std::to_string(kPositionsMax - 1) +
               " branches at once, and here there would be " +
               std::to_string(branches.size() + positions_in_use_ - 1));
    return;
  }
  const std::size_t index = build_.program.parallels.size();
  build_.program.parallels.emplace_back();
  build_.Emit(Op::kParallel, index + 1);
  const std::uint16_t positions_before = positions_in_use_;
  positions_in_use_ = static_cast<std::uint16_t>(positions_in_use_ + branches.size());
  build_.program.positions = std::max(build_.program.positions, positions_in_use_);
  auto compiled = CompileBranches(branches, index, positions_before);
  // Branches that follow each other may have the same positions: the earlier ones have ended.
  positions_in_use_ = positions_before;
  build_.program.parallels[index] = {std::move(compiled), build_.Here()};
}

std::vector<ParallelStep::Branch> FlowCompiler::CompileBranches(const Branches& branches,
                                                                std::size_t index,
                                                                std::size_t position) {
  std::vector<Servers> reconnected;
  for (const auto& [name, steps] : branches) reconnected.push_back(Reconnected(steps));
  const ConnectionOrder entry = build_.connections;
  const auto entry_server = build_.last_server;
  ConnectionOrder exit = entry;
  std::vector<ParallelStep::Branch> compiled;
  for (std::size_t i = 0; i < branches.size(); ++i) {
    Servers by_others;
    for (std::size_t j = 0; j < branches.size(); ++j)
      if (j != i) by_others |= reconnected[j];
    build_.connections = entry;
    build_.last_server = entry_server;
    for (std::uint8_t server = 0; server < kConnectionsMax; ++server)
      if (by_others[server]) build_.connections.Forget(server);

    compiled.push_back(
        {branches[i].first, static_cast<std::uint16_t>(position + i), build_.Here()});
    CompileSteps(branches[i].second);
    build_.Emit(Op::kBranchEnd, index + 1);

    for (std::uint8_t server = 0; server < kConnectionsMax; ++server) {
      if (!by_others[server]) {
        exit.Adopt(build_.connections, server);
      } else if (reconnected[i][server]) {
        exit.Forget(server);
      }
    }
  }
  build_.connections = exit;
  return compiled;
}

void FlowCompiler::CompileChoose(const JsonNode& step) {
  step.OnlyKeys({"choose"});
  const JsonNode noun = *step.Find("choose");
  const std::vector<JsonNode> options = noun.Elements();
  if (options.empty()) {
    if (noun.IsArray()) noun.Error("needs at least one option: {\"weight\": 1, \"steps\": [...]}");
    return;
  }
  const std::size_t index = build_.program.chooses.size();
  build_.program.chooses.emplace_back();
  build_.Emit(Op::kChoose, index + 1);
  ChooseStep choose = CompileOptions(options, index);
  if (choose.options.back().weight_up_to <= 0)
    noun.Error("has no option with a weight above 0, so none can be drawn");
  choose.after = build_.Here();
  build_.program.chooses[index] = std::move(choose);
}

ChooseStep FlowCompiler::CompileOptions(const std::vector<JsonNode>& options, std::size_t index) {
  constexpr double kWeightMax = 1e9;
  const ConnectionOrder entry = build_.connections;
  const auto entry_server = build_.last_server;
  std::optional<ConnectionOrder> exit;
  auto exit_server = entry_server;
  ChooseStep choose;
  double weight_up_to = 0;
  for (const JsonNode& option : options) {
    option.OnlyKeys({"weight", "steps"});
    const auto weight = option.IsObject() ? option.Find("weight") : std::nullopt;
    weight_up_to += weight ? ReadNumber(*weight, 0, kWeightMax) : 1;
    choose.options.push_back({weight_up_to, build_.Here()});
    build_.connections = entry;
    build_.last_server = entry_server;
    const auto steps = option.IsObject() ? option.Require("steps") : std::nullopt;
    // An empty list is an option to do nothing.
    if (steps && !(steps->IsArray() && steps->json().empty())) CompileSteps(*steps);
    build_.Emit(Op::kChooseEnd, index + 1);
    const bool is_first = !exit;
    if (is_first) {
      exit = build_.connections;
      exit_server = build_.last_server;
      continue;
    }
    exit->Join(build_.connections);
    if (build_.last_server != exit_server) exit_server.reset();
  }
  build_.connections = *exit;
  build_.last_server = exit_server;
  return choose;
}

bool FlowCompiler::Waits(std::size_t begin, std::size_t end) const {
  const FlowProgram& program = build_.program;
  return std::any_of(
      program.code.begin() + static_cast<std::ptrdiff_t>(begin),
      program.code.begin() + static_cast<std::ptrdiff_t>(end), [&](const Instruction& step) {
        if (step.op == Op::kRepeat) return program.repeats[step.index].every.has_value();
        if (step.op == Op::kThink) {
          const Distribution& duration = program.thinks[step.index].duration;
          return duration.a > 0 || duration.b > 0;
        }
        if (step.op == Op::kHostile) {
          const HostileStep& hostile = program.hostiles[step.index];
          return hostile.expected != 0 || hostile.kind == HostileStep::Kind::kSlowReader;
        }
        if (step.op == Op::kRequest) return program.requests[step.index].awaited;
        return step.op == Op::kConnect || step.op == Op::kExpect;
      });
}

FlowCompiler::Servers FlowCompiler::Reconnected(const JsonNode& steps) const {
  Servers servers;
  std::set<std::string> visited;
  const std::function<void(const JsonNode&)> visit = [&](const JsonNode& list) {
    if (!list.IsArray()) return;
    for (const JsonNode& step : list.Elements()) {
      const auto connect = step.Find("connect");
      const auto on = step.Find("on");
      const auto name = connect ? connect : on;
      const auto server = name && name->IsString() ? context_.FindServer(name->AsString())
                                                   : std::optional<std::uint8_t>();
      const bool may_be_closed = (step.Has("hostile") || step.Has("bytes")) && step.Has("expect");
      const bool ends = step.Has("disconnect") || may_be_closed;
      if ((connect || ends) && server) servers.set(*server);
      if (ends && !server) servers.set();  // any of them, to be on the safe side
      if (const auto inner = step.Find("steps")) visit(*inner);
      if (const auto branches = step.Find("parallel"); branches && branches->IsObject())
        for (const auto& [branch, inner] : branches->Members()) visit(inner);
      if (const auto options = step.Find("choose")) visit(*options);  // each has "steps", too
      const auto call = step.Find("call");
      if (!call || !call->IsString() || !visited.insert(call->AsString()).second) continue;
      const auto flow = context_.flows.find(call->AsString());
      if (flow != context_.flows.end()) visit(flow->second);
    }
  };
  visit(steps);
  return servers;
}

}  // namespace stressbot
