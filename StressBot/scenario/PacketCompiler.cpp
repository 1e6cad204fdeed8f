#include "StressBot/scenario/PacketCompiler.h"

#include "StressBot/scenario/Keys.h"

namespace stressbot {

std::optional<std::uint8_t> PacketCompiler::CompileServer(const JsonNode& step) {
  if (const auto on = step.Find("on")) {
    const std::string name = on->AsString();
    const auto server = context_.FindServer(name);
    if (!server && on->IsString()) {
      std::vector<std::string> names;
      for (const Server& known : context_.servers) names.push_back(known.name);
      on->Error("no server \"" + name + "\"" + Suggest(name, names));
    }
    return server;
  }
  if (context_.servers.size() == 1) return std::uint8_t{0};
  if (build_.last_server) return build_.last_server;
  if (!context_.servers.empty())
    step.Error("no connection yet: put {\"connect\": \"" + context_.servers.front().name +
               "\"} before it, or name a server with \"on\"");
  return std::nullopt;
}

std::optional<std::uint8_t> PacketCompiler::CompileOpenServer(const JsonNode& step) {
  const auto server = CompileServer(step);
  if (server && !build_.connections.Use(*server)) {
    const std::string& name = context_.servers[*server].name;
    step.Error("the bot is not connected to \"" + name + "\" here; put {\"connect\": \"" + name +
               "\"} before it");
  }
  return server;
}

PacketIndex PacketCompiler::CompilePacketName(const JsonNode& node, const Protocol& protocol,
                                              PacketDirection direction) {
  if (!node.IsString()) {
    node.Error("needs the name of a packet");
    return kUnknownPacket;
  }
  const std::string name = node.AsString();
  const PacketIndex index = protocol.IndexOfName(name);
  if (index == kUnknownPacket) {
    std::vector<std::string> names;
    for (const PacketType& packet : protocol.packets())
      if (packet.direction == direction || packet.direction == PacketDirection::kBoth)
        names.push_back(packet.name);
    node.Error("no packet \"" + name + "\" in the protocol" + Suggest(name, names));
    return kUnknownPacket;
  }
  const PacketDirection actual = protocol.packet(index).direction;
  if (actual == direction || actual == PacketDirection::kBoth) return index;
  node.Error("\"" + name + "\" " +
             (direction == PacketDirection::kSend
                  ? "is sent by the server, so a bot cannot send it"
                  : "is sent by the bots, so none arrives from the server") +
             " (\"directions\" of the protocol file)");
  return kUnknownPacket;
}

Outgoing PacketCompiler::CompileOutgoing(const JsonNode& step, const char* verb,
                                         std::uint8_t server, const ExpressionScope& scope,
                                         FieldTree& tree) {
  const Protocol* protocol = ProtocolOf(server);
  PacketIndex packet = kUnknownPacket;
  if (protocol != nullptr)
    packet = CompilePacketName(*step.Find(verb), *protocol, PacketDirection::kSend);
  return CompileOutgoing(step, packet, server, scope, tree);
}

Outgoing PacketCompiler::CompileOutgoing(const JsonNode& step, PacketIndex packet,
                                         std::uint8_t server, const ExpressionScope& scope,
                                         FieldTree& tree) {
  Outgoing outgoing;
  outgoing.server = server;
  outgoing.packet = packet;
  const std::size_t errors_before = context_.errors.list().size();
  ExpressionCompiler expressions(context_, scope);
  if (const auto fields = step.Find("fields")) tree = CompileFields(*fields, expressions);
  const Protocol* protocol = ProtocolOf(server);
  if (protocol == nullptr || packet == kUnknownPacket) return outgoing;
  if (context_.errors.list().size() != errors_before) return outgoing;

  CompileError error;
  auto content = protocol->codec().CompileTemplate(outgoing.packet, tree.root, error);
  if (!content) {
    const std::string fields_path = step.path() + (step.Has("fields") ? ".fields" : "");
    context_.Error(error.where.empty() ? fields_path : error.where, error.message);
    return outgoing;
  }
  outgoing.content = std::move(*content);
  outgoing.arguments = tree.arguments;
  return outgoing;
}

Incoming PacketCompiler::CompileIncoming(const JsonNode& step, const char* verb,
                                         std::uint8_t server, const FieldTree* sent) {
  Incoming incoming;
  incoming.server = server;
  incoming.rule = NextRule(step);
  const Protocol* protocol = ProtocolOf(server);
  const auto name = step.Find(verb);
  if (protocol == nullptr || !name) return incoming;
  incoming.packet = CompilePacketName(*name, *protocol, PacketDirection::kReceive);
  if (incoming.packet == kUnknownPacket) return incoming;

  ExpressionScope scope = build_.Scope();
  scope.is_compared = true;
  ConditionCompiler checks(*protocol, incoming.packet, ExpressionCompiler(context_, scope));
  if (const auto check = step.Find("check")) incoming.checks = checks.CompileChecks(*check);
  if (const auto save = step.Find("save"))
    incoming.saves = checks.CompileSaves(*save, build_.program.variables);
  scope.sent = sent;
  ConditionCompiler filter(*protocol, incoming.packet, ExpressionCompiler(context_, scope));
  if (const auto where = step.Find("where")) incoming.where = filter.CompileWhere(*where);
  return incoming;
}

Incoming PacketCompiler::CompilePlainIncoming(const JsonNode& name, std::uint8_t server) {
  Incoming incoming;
  incoming.server = server;
  incoming.rule = NextRule(name);
  if (const Protocol* protocol = ProtocolOf(server))
    incoming.packet = CompilePacketName(name, *protocol, PacketDirection::kReceive);
  return incoming;
}

std::uint16_t PacketCompiler::NextRule(const JsonNode& step) {
  if (build_.program.rules == kRulesMax)
    step.Error("a flow can await " + std::to_string(kRulesMax) +
               " packets, calls inlined, and this is one more; use a repeat, or share the work "
               "between two groups");
  return build_.program.rules++;
}

std::string PacketCompiler::StepName(const JsonNode& step, const std::string& otherwise) {
  const auto node = step.Find("name");
  if (!node) return otherwise;
  std::string name = node->AsString();
  // These would end the name in a threshold's selector: request_duration{step:NAME}.
  if (node->IsString() && (name.empty() || name.find_first_of(",{}") != std::string::npos))
    node->Error("must have at least one letter, and no \",\", \"{\" or \"}\"");
  return name;
}

Nanoseconds PacketCompiler::StepTimeout(const JsonNode& step) const {
  const auto node = step.Find("timeout");
  return node ? ReadPositiveDuration(*node) : context_.timeout;
}

std::optional<OnFail> PacketCompiler::StepOnFail(const JsonNode& step) {
  const auto node = step.Find("onFail");
  if (!node) return std::nullopt;
  const std::string word = node->AsString();
  if (word == "continue") return OnFail::kContinue;
  if (word == "end-iteration") return OnFail::kEndIteration;
  if (word == "stop-bot") return OnFail::kStopBot;
  if (word == "abort-run") return OnFail::kAbortRun;
  if (node->IsString())
    node->Error("cannot be \"" + word + "\"" +
                Suggest(word, {"continue", "end-iteration", "stop-bot", "abort-run"}));
  return std::nullopt;
}

}  // namespace stressbot
