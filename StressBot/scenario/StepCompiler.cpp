#include "StressBot/scenario/StepCompiler.h"

#include <algorithm>

#include "StressBot/engine/TargetAddress.h"
#include "StressBot/metrics/BuiltinMetrics.h"
#include "StressBot/scenario/DistributionReader.h"
#include "StressBot/scenario/ExpressionTraits.h"
#include "StressBot/scenario/Keys.h"

namespace stressbot {

using Op = Instruction::Op;

void StepCompiler::CompileConnect(const JsonNode& step) {
  step.OnlyKeys({"connect", "target", "timeout", "name", "onFail"});
  const JsonNode noun = *step.Find("connect");
  ConnectStep connect;
  connect.timeout = packets_.StepTimeout(step);
  connect.on_fail = packets_.StepOnFail(step);
  const std::string name = noun.AsString();
  connect.name = packets_.StepName(step, name);
  const auto server = context_.FindServer(name);
  if (!server) {
    std::vector<std::string> names;
    for (const Server& known : context_.servers) names.push_back(known.name);
    if (noun.IsString()) noun.Error("no server \"" + name + "\"" + Suggest(name, names));
    return;
  }
  if (!build_.connections.Connect(*server, connect.on_fail == OnFail::kContinue))
    step.Error("the bot is connected to \"" + name +
               "\" already; put a disconnect between the two connects");
  connect.server = *server;
  connect.target = CompileTarget(step);
  build_.last_server = *server;
  build_.program.connects.push_back(std::move(connect));
  build_.Emit(Op::kConnect, build_.program.connects.size());
}

/// One that is written out can be judged now; others when they are known.
std::optional<Expression> StepCompiler::CompileTarget(const JsonNode& step) {
  const auto node = step.Find("target");
  if (!node) return std::nullopt;
  const std::size_t errors_before = context_.errors.list().size();
  Expression target = ExpressionCompiler(context_, build_.Scope()).CompileScalar(*node);
  const bool is_written_out =
      target.kind == Expression::Kind::kLiteral && context_.errors.list().size() == errors_before;
  if (is_written_out && !ParseHostPort(ToText(target.literal)))
    node->Error("\"" + ToText(target.literal) +
                "\" is no HOST:PORT, such as 127.0.0.1:7777 or ${address}:${port}");
  return target;
}

void StepCompiler::CompileRequest(const JsonNode& step) {
  step.OnlyKeys({"request", "fields", "expect", "expectAll", "match", "where", "check", "save",
                 "failOn", "await", "timeout", "name", "metric", "onFail", "on", "fanout"});
  if (!step.Has("expectAll")) step.Require("expect");
  const JsonNode noun = *step.Find("request");
  RequestStep request;
  request.name = packets_.StepName(step, noun.IsString() ? noun.AsString() : "");
  request.flow = build_.flow;
  request.timeout = packets_.StepTimeout(step);
  request.on_fail = packets_.StepOnFail(step);
  if (const auto await = step.Find("await")) request.awaited = await->AsBool();
  CompileMetric(step, request);
  if (const auto server = packets_.CompileOpenServer(step)) {
    FieldTree sent;
    request.send = packets_.CompileOutgoing(step, "request", *server, build_.Scope(), sent);
    if (step.Has("expectAll")) {
      CompileExpectAll(step, request, sent);
    } else {
      request.expect = packets_.CompileIncoming(step, "expect", *server, &sent);
    }
    CompileRequestFailOn(step, request);
    const MatchBy match = CompileMatch(step, request);
    if (match == MatchBy::kWhere) JudgeWhere(step, request);
    request.fanout = CompileFanOut(step, request.name, request.send, &request.expect);
  }
  build_.program.requests.push_back(std::move(request));
  build_.Emit(Op::kRequest, build_.program.requests.size());
}

std::vector<PacketIndex> StepCompiler::CompileFailOn(const JsonNode& step, std::uint8_t server,
                                                     const std::vector<PacketIndex>& expected) {
  std::vector<PacketIndex> packets;
  const auto list = step.Find("failOn");
  const Protocol* protocol = packets_.ProtocolOf(server);
  if (!list || protocol == nullptr) return packets;
  for (const JsonNode& name : list->Elements()) {
    const PacketIndex packet =
        packets_.CompilePacketName(name, *protocol, PacketDirection::kReceive);
    if (packet == kUnknownPacket) continue;
    if (std::find(expected.begin(), expected.end(), packet) != expected.end())
      name.Error("is a packet that the step expects; it cannot mean success and failure");
    packets.push_back(packet);
  }
  return packets;
}

void StepCompiler::CompileMetric(const JsonNode& step, RequestStep& request) {
  const auto node = step.Find("metric");
  if (!node) return;
  request.alias = node->AsString();
  if (!node->IsString()) return;
  if (!IsIdentifier(request.alias))
    return node->Error("cannot name a metric: use letters, digits and _, a letter first");
  if (FindBuiltinMetric(request.alias) != nullptr)
    return node->Error("\"" + request.alias + "\" is a metric already; choose another name");
  const auto [entry, is_new] = context_.aliases.try_emplace(request.alias, request.name);
  if (!is_new && entry->second != request.name)
    node->Error("\"" + request.alias + "\" is the metric of step \"" + entry->second +
                "\" already; choose another name, or give both steps the same name");
}

/// A reply is told from another bot's only by what the request itself holds.
void StepCompiler::JudgeWhere(const JsonNode& step, RequestStep& request) {
  for (std::size_t part = 0; part < request.Parts(); ++part) {
    const std::vector<Condition>& where = request.Part(part).where;
    if (where.empty() || IsOfRequest(where, request)) continue;
    const std::string place =
        step.Has("expectAll") ? ".expectAll[" + std::to_string(part) + "].where" : ".where";
    context_.Warn(step.path() + place,
                  "compares with nothing that this request sends, so the answer to another bot's "
                  "request may match and give a false time; compare with ${sent.FIELD}, best one "
                  "that holds ${stamp}");
  }
}

/// Whether the conditions compare with something that the request sends.
bool StepCompiler::IsOfRequest(const std::vector<Condition>& where, RequestStep& request) {
  bool is_of_request = false;
  for (const Condition& condition : where) {
    for (const Expression& expected : condition.expected) {
      const auto is_stamped = [&](const Expression& part) {
        if (part.kind != Expression::Kind::kSentField) return false;
        is_of_request = true;
        return part.slot < request.send.arguments.size() &&
               AnyPart(request.send.arguments[part.slot], [](const Expression& argument) {
                 return argument.kind == Expression::Kind::kStamp;
               });
      };
      if (AnyPart(expected, is_stamped) && condition.op == CompareOp::kEq &&
          condition.want == FieldPath::Want::kValue)
        request.unique_key = true;
      for (const Expression& argument : request.send.arguments)
        is_of_request = is_of_request || ShareSource(expected, argument);
    }
  }
  return is_of_request;
}

void StepCompiler::CompileSend(const JsonNode& step) {
  step.OnlyKeys({"send", "fields", "name", "on", "fanout"});
  const JsonNode noun = *step.Find("send");
  SendStep send;
  send.name = packets_.StepName(step, noun.IsString() ? noun.AsString() : "");
  send.flow = build_.flow;
  FieldTree tree;
  if (const auto server = packets_.CompileOpenServer(step)) {
    send.send = packets_.CompileOutgoing(step, "send", *server, build_.Scope(), tree);
    send.fanout = CompileFanOut(step, send.name, send.send, nullptr);
  }
  build_.program.sends.push_back(std::move(send));
  build_.Emit(Op::kSend, build_.program.sends.size());
}

void StepCompiler::CompileExpect(const JsonNode& step) {
  step.OnlyKeys({"expect", "where", "check", "save", "failOn", "timeout", "name", "onFail", "on"});
  const JsonNode noun = *step.Find("expect");
  ExpectStep expect;
  expect.name = packets_.StepName(step, noun.IsString() ? noun.AsString() : "");
  expect.flow = build_.flow;
  expect.timeout = packets_.StepTimeout(step);
  expect.on_fail = packets_.StepOnFail(step);
  if (const auto server = packets_.CompileOpenServer(step)) {
    expect.expect = packets_.CompileIncoming(step, "expect", *server, nullptr);
    expect.fail_on = CompileFailOn(step, *server, {expect.expect.packet});
  }
  build_.program.expects.push_back(std::move(expect));
  build_.Emit(Op::kExpect, build_.program.expects.size());
}

void StepCompiler::CompileListen(const JsonNode& step) {
  step.OnlyKeys({"listen", "where", "do", "name", "on"});
  const JsonNode noun = *step.Find("listen");
  ListenStep listen;
  listen.name = packets_.StepName(step, noun.IsString() ? noun.AsString() : "");
  listen.flow = build_.flow;
  if (const auto server = packets_.CompileOpenServer(step)) {
    listen.incoming = packets_.CompileIncoming(step, "listen", *server, nullptr);
    if (const auto actions = step.Find("do"))
      for (const JsonNode& action : actions->Elements())
        CompileAction(action, listen, listen.actions);
  }
  build_.program.listens.push_back(std::move(listen));
  build_.Emit(Op::kListen, build_.program.listens.size());
}

void StepCompiler::CompileAction(const JsonNode& action, const ListenStep& listen,
                                 std::vector<ListenAction>& out) {
  const Protocol* protocol = packets_.ProtocolOf(listen.incoming.server);
  if (protocol == nullptr || listen.incoming.packet == kUnknownPacket) return;
  ExpressionScope scope = build_.Scope();
  scope.packet_protocol = protocol;
  scope.packet = listen.incoming.packet;
  if (action.Has("send")) {
    action.OnlyKeys({"send", "fields", "on"});
    FieldTree tree;
    const auto server = action.Has("on") ? packets_.CompileOpenServer(action)
                                         : std::optional(listen.incoming.server);
    if (server)
      out.emplace_back().send = packets_.CompileOutgoing(action, "send", *server, scope, tree);
  } else if (const auto set = action.Find("set")) {
    action.OnlyKeys({"set"});
    for (Assignment& assignment : CompileAssignments(*set, scope))
      out.emplace_back().set = std::move(assignment);
  } else if (const auto save = action.Find("save")) {
    action.OnlyKeys({"save"});
    ConditionCompiler saves(*protocol, scope.packet, ExpressionCompiler(context_, scope));
    for (Save& entry : saves.CompileSaves(*save, build_.program.variables))
      out.emplace_back().save = std::move(entry);
  } else {
    action.Error("a listen can send, set or save");
  }
}

std::vector<Assignment> StepCompiler::CompileAssignments(const JsonNode& set,
                                                         const ExpressionScope& scope) {
  std::vector<Assignment> assignments;
  const std::vector<std::string>& variables = build_.program.variables;
  for (const auto& [name, value] : set.Members()) {
    ExpressionCompiler expressions(context_, scope);
    Expression expression = expressions.Compile(value);
    const auto slot = std::find(variables.begin(), variables.end(), name);
    if (slot == variables.end()) continue;  // refused when the variables were collected
    assignments.push_back(
        {static_cast<std::uint16_t>(slot - variables.begin()), std::move(expression)});
  }
  return assignments;
}

void StepCompiler::CompileSet(const JsonNode& step) {
  step.OnlyKeys({"set"});
  const JsonNode noun = *step.Find("set");
  build_.program.sets.push_back({CompileAssignments(noun, build_.Scope())});
  build_.Emit(Op::kSet, build_.program.sets.size());
}

void StepCompiler::CompileMark(const JsonNode& step) {
  step.OnlyKeys({"mark"});
  const JsonNode noun = *step.Find("mark");
  const std::string name = noun.AsString();
  if (noun.IsString() && name.empty()) noun.Error("needs a name for people to read");
  if (name.find("${") != std::string::npos)
    noun.Error("is one name for all bots, so it cannot hold a \"${...}\"");
  const auto [mark, is_new] =
      context_.marks.try_emplace(name, static_cast<std::uint16_t>(context_.marks.size()));
  build_.program.marks.push_back({mark->second});
  build_.Emit(Op::kMark, build_.program.marks.size());
}

void StepCompiler::CompileRendezvous(const JsonNode& step) {
  step.OnlyKeys({"rendezvous", "bots", "timeout", "onFail"});
  const JsonNode noun = *step.Find("rendezvous");
  RendezvousStep meeting;
  meeting.flow = build_.flow;
  meeting.name = noun.AsString();
  // It is a tag's value in thresholds.
  if (noun.IsString() &&
      (meeting.name.empty() || meeting.name.find_first_of(",{}") != std::string::npos))
    noun.Error("needs a name with at least one letter, and no \",\", \"{\" or \"}\"");
  if (const auto timeout = step.Find("timeout")) meeting.timeout = ReadPositiveDuration(*timeout);
  meeting.on_fail = packets_.StepOnFail(step);
  const auto [entry, is_new] = context_.rendezvous.try_emplace(meeting.name);
  ScenarioContext::MeetingPoint& point = entry->second;
  if (is_new) {
    point.point = static_cast<std::uint16_t>(context_.rendezvous.size() - 1);
    point.path = step.path();
  }
  if (const auto bots = step.Find("bots")) {
    const std::uint32_t count = ReadCount(*bots);
    if (point.bots != 0 && count != point.bots)
      bots->Error("is " + std::to_string(count) + ", but " + std::to_string(point.bots) +
                  " bots meet at \"" + meeting.name + "\" elsewhere; give both the same number");
    point.bots = count;
    point.path = bots->path();
  }
  meeting.point = point.point;
  build_.program.rendezvous.push_back(std::move(meeting));
  build_.Emit(Op::kRendezvous, build_.program.rendezvous.size());
}

void StepCompiler::CompileThink(const JsonNode& step) {
  step.OnlyKeys({"think"});
  build_.program.thinks.push_back({ReadDurations(*step.Find("think"))});
  build_.Emit(Op::kThink, build_.program.thinks.size());
}

void StepCompiler::CompileDisconnect(const JsonNode& step) {
  step.OnlyKeys({"disconnect", "on"});
  const JsonNode noun = *step.Find("disconnect");
  const std::string how = noun.AsString();
  if (noun.IsString() && how != "orderly" && how != "reset")
    noun.Error("cannot be \"" + how + "\"" + Suggest(how, {"orderly", "reset"}));
  DisconnectStep disconnect;
  disconnect.reset = how == "reset";
  if (const auto server = packets_.CompileServer(step)) {
    disconnect.server = *server;
    if (!build_.connections.Disconnect(*server))
      step.Error("the bot is not connected to \"" + context_.servers[*server].name + "\" here");
  }
  build_.program.disconnects.push_back(disconnect);
  build_.Emit(Op::kDisconnect, build_.program.disconnects.size());
}

}  // namespace stressbot
