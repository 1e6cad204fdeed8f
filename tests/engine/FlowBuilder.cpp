#include "tests/engine/FlowBuilder.h"

#include <algorithm>

#include "ServerCore/Assert.h"
#include "tests/engine/ScriptedServer.h"

namespace stressbot::testing {

using Kind = Expression::Kind;
using Op = Instruction::Op;

Expression Of(Kind kind, std::uint16_t slot) {
  Expression expression;
  expression.kind = kind;
  expression.slot = slot;
  return expression;
}

Expression Literal(Value value) {
  Expression expression;
  expression.literal = std::move(value);
  return expression;
}

Expression Variable(std::uint16_t slot) { return Of(Kind::kVariable, slot); }

Expression Join(std::vector<Expression> parts) {
  Expression expression = Of(Kind::kConcat);
  expression.operands = std::move(parts);
  return expression;
}

Expression Combine(Kind kind, Expression left, Expression right) {
  Expression expression = Of(kind);
  expression.operands = {std::move(left), std::move(right)};
  return expression;
}

Expression PickOf(std::vector<Expression> choices) {
  Expression expression = Of(Kind::kPick);
  expression.operands = std::move(choices);
  return expression;
}

Expression DrawUniform(double least, double most, bool whole) {
  Expression expression = Of(Kind::kDraw);
  expression.whole = whole;
  expression.distribution = {Distribution::Kind::kUniform, least, most};
  return expression;
}

Distribution Exactly(Nanoseconds duration) {
  return {Distribution::Kind::kConstant, static_cast<double>(duration.count()), 0};
}

Distribution Between(Nanoseconds least, Nanoseconds most) {
  return {Distribution::Kind::kUniform, static_cast<double>(least.count()),
          static_cast<double>(most.count())};
}

FlowBuilder::FlowBuilder(std::shared_ptr<const Protocol> protocol)
    : protocol_(std::move(protocol)) {
  flow_.name = "main";
}

void FlowBuilder::Emit(Op op, std::size_t table_size) {
  flow_.code.push_back({op, static_cast<std::uint16_t>(table_size - 1)});
}

FieldPath FlowBuilder::Path(std::string_view packet, std::string_view field) const {
  CompileError error;
  const auto path = protocol_->codec().CompilePath(protocol_->IndexOfName(packet), field, error);
  SC_ASSERT(path.has_value());
  return *path;
}

Condition FlowBuilder::MakeCondition(std::string_view packet, const Compared& compared) const {
  Condition condition;
  condition.field = Path(packet, compared.field);
  condition.want = compared.want;
  condition.op = compared.op;
  condition.expected.push_back(compared.expected);
  return condition;
}

Outgoing FlowBuilder::MakeOutgoing(std::string_view packet,
                                   const std::vector<std::pair<std::string, Expression>>& fields,
                                   std::uint8_t server) const {
  Outgoing outgoing;
  outgoing.server = server;
  outgoing.packet = protocol_->IndexOfName(packet);
  FieldNode::Members members;
  for (const auto& [name, expression] : fields) {
    FieldNode node;
    node.content = FieldNode::Argument{static_cast<std::uint16_t>(outgoing.arguments.size())};
    members.push_back({name, std::move(node)});
    outgoing.arguments.push_back(expression);
  }
  FieldNode root;
  root.content = std::move(members);
  CompileError error;
  auto content = protocol_->codec().CompileTemplate(outgoing.packet, root, error);
  SC_ASSERT(content.has_value());
  outgoing.content = std::move(*content);
  return outgoing;
}

Incoming FlowBuilder::MakeIncoming(const Asked& asked) {
  Incoming incoming;
  incoming.server = asked.server;
  incoming.rule = flow_.rules++;
  incoming.packet = protocol_->IndexOfName(asked.expect);
  SC_ASSERT(incoming.packet != kUnknownPacket);
  for (const Compared& where : asked.where)
    incoming.where.push_back(MakeCondition(asked.expect, where));
  for (const Compared& check : asked.check)
    incoming.checks.push_back({check.field, MakeCondition(asked.expect, check)});
  for (const Saved& save : asked.save)
    incoming.saves.push_back({save.variable, Path(asked.expect, save.field)});
  return incoming;
}

FlowBuilder& FlowBuilder::Connect(std::uint8_t server, Nanoseconds timeout,
                                  std::optional<OnFail> on_fail) {
  flow_.connects.push_back({"connect", server, timeout, on_fail});
  Emit(Op::kConnect, flow_.connects.size());
  return *this;
}

FlowBuilder& FlowBuilder::ConnectTo(Expression target, std::uint8_t server, Nanoseconds timeout) {
  Connect(server, timeout);
  flow_.connects.back().target = std::move(target);
  return *this;
}

FlowBuilder& FlowBuilder::Request(const Asked& asked) {
  RequestStep step;
  step.name = asked.name.empty() ? asked.packet : asked.name;
  step.flow = flow_.name;
  step.send = MakeOutgoing(asked.packet, asked.fields, asked.server);
  step.expect = MakeIncoming(asked);
  for (const Asked& part : asked.also) step.also.push_back(MakeIncoming(part));
  for (const std::string& packet : asked.fail_on)
    step.fail_on.push_back(protocol_->IndexOfName(packet));
  step.timeout = asked.timeout;
  step.on_fail = asked.on_fail;
  step.awaited = asked.awaited;
  if (asked.audience) step.fanout = FanOutSend{0, *asked.audience};
  step.by_correlation = asked.by_correlation;
  flow_.requests.push_back(std::move(step));
  Emit(Op::kRequest, flow_.requests.size());
  return *this;
}

FlowBuilder& FlowBuilder::Send(std::string packet,
                               std::vector<std::pair<std::string, Expression>> fields) {
  flow_.sends.push_back({packet, flow_.name, MakeOutgoing(packet, fields), {}});
  Emit(Op::kSend, flow_.sends.size());
  return *this;
}

FlowBuilder& FlowBuilder::SendTo(Expression audience, std::string packet,
                                 std::vector<std::pair<std::string, Expression>> fields) {
  Send(std::move(packet), std::move(fields));
  flow_.sends.back().fanout = FanOutSend{0, std::move(audience)};
  return *this;
}

FlowBuilder& FlowBuilder::Join(Expression audience) {
  if (flow_.fanout_rule == kNone16) flow_.fanout_rule = flow_.rules++;
  flow_.joins.push_back({0, std::move(audience)});
  Emit(Op::kJoin, flow_.joins.size());
  return *this;
}

FlowBuilder& FlowBuilder::Leave(Expression audience) {
  flow_.leaves.push_back({0, std::move(audience)});
  Emit(Op::kLeave, flow_.leaves.size());
  return *this;
}

FlowBuilder& FlowBuilder::Expect(const Asked& asked) {
  ExpectStep step;
  step.name = asked.name.empty() ? asked.expect : asked.name;
  step.flow = flow_.name;
  step.expect = MakeIncoming(asked);
  for (const std::string& packet : asked.fail_on)
    step.fail_on.push_back(protocol_->IndexOfName(packet));
  step.timeout = asked.timeout;
  step.on_fail = asked.on_fail;
  flow_.expects.push_back(std::move(step));
  Emit(Op::kExpect, flow_.expects.size());
  return *this;
}

FlowBuilder& FlowBuilder::Listen(const Asked& asked, std::vector<ListenAction> actions) {
  flow_.listens.push_back({asked.expect, flow_.name, MakeIncoming(asked), std::move(actions)});
  Emit(Op::kListen, flow_.listens.size());
  return *this;
}

FlowBuilder& FlowBuilder::Repeat(RepeatStep head, const Body& body) {
  const std::size_t index = flow_.repeats.size();
  head.loop = static_cast<std::uint16_t>(index);
  flow_.repeats.push_back(head);
  Emit(Op::kRepeat, index + 1);
  flow_.repeats[index].body = Here();
  const std::size_t first_request = flow_.requests.size();
  body(*this);
  if (flow_.requests.size() > first_request)
    flow_.repeats[index].first_request = static_cast<std::uint16_t>(first_request);
  Emit(Op::kRepeatEnd, index + 1);
  flow_.repeats[index].after = Here();
  return *this;
}

FlowBuilder& FlowBuilder::Parallel(const std::vector<Body>& branches) {
  const std::size_t index = flow_.parallels.size();
  flow_.parallels.emplace_back();
  Emit(Op::kParallel, index + 1);
  const std::uint16_t before = positions_in_use_;
  positions_in_use_ = static_cast<std::uint16_t>(before + branches.size());
  flow_.positions = std::max(flow_.positions, positions_in_use_);
  ParallelStep step;
  for (std::size_t i = 0; i < branches.size(); ++i) {
    step.branches.push_back(
        {"branch" + std::to_string(i), static_cast<std::uint16_t>(before + i), Here()});
    branches[i](*this);
    Emit(Op::kBranchEnd, index + 1);
  }
  positions_in_use_ = before;
  step.after = Here();
  flow_.parallels[index] = std::move(step);
  return *this;
}

FlowBuilder& FlowBuilder::Choose(const std::vector<std::pair<double, Body>>& options) {
  const std::size_t index = flow_.chooses.size();
  flow_.chooses.emplace_back();
  Emit(Op::kChoose, index + 1);
  ChooseStep step;
  double weight_up_to = 0;
  for (const auto& [weight, body] : options) {
    step.options.push_back({weight_up_to += weight, Here()});
    body(*this);
    Emit(Op::kChooseEnd, index + 1);
  }
  step.after = Here();
  flow_.chooses[index] = std::move(step);
  return *this;
}

FlowBuilder& FlowBuilder::Rendezvous(std::uint16_t point, std::optional<Nanoseconds> timeout,
                                     std::optional<OnFail> on_fail) {
  flow_.rendezvous.push_back({"meet" + std::to_string(point), flow_.name, point, timeout, on_fail});
  Emit(Op::kRendezvous, flow_.rendezvous.size());
  return *this;
}

FlowBuilder& FlowBuilder::Hostile(HostileStep step) {
  step.flow = flow_.name;
  if (step.expected != 0) step.rule = flow_.rules++;
  flow_.hostiles.push_back(std::move(step));
  Emit(Op::kHostile, flow_.hostiles.size());
  return *this;
}

FlowBuilder& FlowBuilder::Mark(std::uint16_t mark) {
  flow_.marks.push_back({mark});
  Emit(Op::kMark, flow_.marks.size());
  return *this;
}

FlowBuilder& FlowBuilder::Think(Distribution duration) {
  flow_.thinks.push_back({duration});
  Emit(Op::kThink, flow_.thinks.size());
  return *this;
}

FlowBuilder& FlowBuilder::Set(std::uint16_t variable, Expression value) {
  flow_.sets.push_back({{{variable, std::move(value)}}});
  Emit(Op::kSet, flow_.sets.size());
  return *this;
}

FlowBuilder& FlowBuilder::Disconnect(std::uint8_t server, bool reset) {
  flow_.disconnects.push_back({server, reset});
  Emit(Op::kDisconnect, flow_.disconnects.size());
  return *this;
}

FlowProgram FlowBuilder::Build(std::size_t variables) {
  flow_.code.push_back({Op::kEnd, 0});
  flow_.loops = static_cast<std::uint16_t>(flow_.repeats.size());
  for (std::size_t i = 0; i < variables; ++i) flow_.variables.push_back("v" + std::to_string(i));
  return std::move(flow_);
}

RepeatStep Times(std::uint64_t count) {
  RepeatStep step;
  step.mode = RepeatStep::Mode::kCount;
  step.count = count;
  return step;
}

RepeatStep UntilStop(std::optional<Nanoseconds> every) {
  RepeatStep step;
  step.mode = RepeatStep::Mode::kUntilStop;
  step.every = every;
  return step;
}

RepeatStep For(Nanoseconds duration, std::optional<Nanoseconds> every) {
  RepeatStep step;
  step.mode = RepeatStep::Mode::kDuration;
  step.duration = duration;
  step.every = every;
  return step;
}

Asked Login() {
  return {.packet = "C_LOGIN",
          .fields = {{"name", Join({Literal(std::string("bot-")), Of(Kind::kBotId)})}},
          .expect = "S_LOGIN",
          .check = {{"success", Literal(true)},
                    {"players", Literal(std::int64_t{1}), CompareOp::kGe, FieldPath::Want::kSize}}};
}

Asked Enter() {
  return {.packet = "C_ENTER_GAME",
          .fields = {{"playerIndex", Literal(std::int64_t{0})}},
          .expect = "S_ENTER_GAME",
          .check = {{"success", Literal(true)},
                    {"player.name", Join({Literal(std::string("bot-")), Of(Kind::kBotId)})}}};
}

Asked Chat() {
  return {.packet = "C_CHAT",
          .fields = {{"msg", Join({Literal(std::string("hi ")), Stamp()})}},
          .expect = "S_CHAT",
          .where = {{"msg", Sent(0)}},
          .name = "chat"};
}

FlowProgram LoginEnterChat(Nanoseconds every) {
  return FlowBuilder(ChatProtocol())
      .Connect()
      .Request(Login())
      .Request(Enter())
      .Repeat(UntilStop(every), [](FlowBuilder& body) { body.Request(Chat()); })
      .Disconnect()
      .Build();
}

Group Constant(FlowProgram flow, std::uint32_t bots, Nanoseconds duration) {
  Group group;
  group.name = "players";
  group.bots_at_start = bots;
  group.stages = {{duration, bots}};
  group.flow = std::move(flow);
  return group;
}

Group Iterating(FlowProgram flow, std::uint32_t bots, std::uint32_t iterations,
                Nanoseconds max_duration) {
  Group group = Constant(std::move(flow), bots, max_duration);
  group.iterations = iterations;
  return group;
}

Group Arriving(FlowProgram flow, double rate, Nanoseconds duration, std::uint32_t bots_max) {
  Group group;
  group.name = "visitors";
  group.arrivals = Arrivals{rate, {{duration, rate}}, bots_max};
  group.flow = std::move(flow);
  return group;
}

Program ProgramOf(std::vector<Group> groups, std::size_t servers, std::uint64_t seed) {
  Program program;
  program.name = "test";
  program.seed = seed;
  for (std::size_t i = 0; i < servers; ++i) {
    program.servers.push_back(
        {i == 0 ? "game" : "game" + std::to_string(i), ChatProtocol(), "sim", {}});
  }
  program.groups = std::move(groups);
  return program;
}

FlowBuilder Flow() { return FlowBuilder(ChatProtocol()); }

}  // namespace stressbot::testing
