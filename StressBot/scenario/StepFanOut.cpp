// The part of StepCompiler that compiles what is sent to audiences, and who is in them.
#include <algorithm>

#include "StressBot/scenario/ExpressionTraits.h"
#include "StressBot/scenario/Keys.h"
#include "StressBot/scenario/StepCompiler.h"

namespace stressbot {
namespace {

using Kind = Expression::Kind;

constexpr Nanoseconds kWithinDefault = std::chrono::seconds(2);
constexpr Nanoseconds kWithinMax = std::chrono::seconds(60);

bool HoldsStamp(const Expression& expression) {
  return AnyPart(expression, [](const Expression& part) { return part.kind == Kind::kStamp; });
}

/// The length of literals that stand beside each other; nullopt where one may vary, or has letters
/// that are not counted alike in all encodings.
std::optional<std::uint32_t> FixedLength(std::vector<Expression>::const_iterator from,
                                         std::vector<Expression>::const_iterator to) {
  std::size_t length = 0;
  for (; from != to; ++from) {
    if (from->kind != Kind::kLiteral) return std::nullopt;
    const std::string text = ToText(from->literal);
    if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c > 0x7F; }))
      return std::nullopt;
    length += text.size();
  }
  return static_cast<std::uint32_t>(length);
}

/// Where the stamp stands in the text that the expression gives.
std::optional<StampPlace> PlaceOfStamp(const Expression& text) {
  if (text.kind == Kind::kStamp) return StampPlace{};
  if (text.kind != Kind::kConcat) return std::nullopt;
  const auto is_stamp = [](const Expression& part) { return part.kind == Kind::kStamp; };
  const auto stamp = std::find_if(text.operands.begin(), text.operands.end(), is_stamp);
  if (stamp == text.operands.end()) return std::nullopt;
  if (const auto behind = FixedLength(stamp + 1, text.operands.end()))
    return StampPlace{true, *behind};
  if (const auto before = FixedLength(text.operands.begin(), stamp))
    return StampPlace{false, *before};
  return std::nullopt;
}

/// The argument in which a stamp is sent: that which `where` compares with, else the only one.
struct StampedField {
  const Expression* sent = nullptr;
  const FieldPath* compared = nullptr;  ///< of the reply
};

StampedField FindStamped(const Outgoing& send, const Incoming* reply) {
  if (reply != nullptr) {
    for (const Condition& condition : reply->where) {
      if (condition.op != CompareOp::kEq || condition.want != FieldPath::Want::kValue) continue;
      const Expression& expected = condition.expected.front();
      if (expected.kind == Kind::kSentField && HoldsStamp(send.arguments[expected.slot]))
        return {&send.arguments[expected.slot], &condition.field};
    }
  }
  const auto stamped = std::find_if(send.arguments.begin(), send.arguments.end(), HoldsStamp);
  if (stamped == send.arguments.end()) return {};
  return {&*stamped, nullptr};
}

}  // namespace

void StepCompiler::CompileAudience(const JsonNode& step, const char* verb) {
  step.OnlyKeys({verb, "on"});
  const JsonNode noun = *step.Find(verb);
  AudienceStep audience;
  audience.audience = ExpressionCompiler(context_, build_.Scope()).CompileScalar(noun);
  if (IsDrawnAnew(audience.audience))
    noun.Error("is drawn anew at each use; keep the audience's name with set first");
  const auto server = packets_.CompileOpenServer(step);
  audience.server = server.value_or(0);
  const bool joins = verb == std::string_view("join");
  if (joins && build_.program.fanout_rule == kNone16)
    build_.program.fanout_rule = packets_.NextRule(step);
  if (joins && context_.first_join.empty()) context_.first_join = noun.path();
  auto& table = joins ? build_.program.joins : build_.program.leaves;
  table.push_back(std::move(audience));
  build_.Emit(joins ? Instruction::Op::kJoin : Instruction::Op::kLeave, table.size());
}

std::optional<FanOutSend> StepCompiler::CompileFanOut(const JsonNode& step,
                                                      const std::string& step_name,
                                                      const Outgoing& send, const Incoming* reply) {
  const auto node = step.Find("fanout");
  if (!node) return std::nullopt;
  node->OnlyKeys({"audience", "within", "packet", "field", "self"});
  const auto audience = node->Require("audience");
  if (!node->IsObject() || !audience) return std::nullopt;
  FanOutSend result;
  result.audience = ExpressionCompiler(context_, build_.Scope()).CompileScalar(*audience);
  if (IsDrawnAnew(result.audience))
    audience->Error("is drawn anew at each use; keep the audience's name with set first");

  FanOut fanout;
  fanout.step = step_name;
  fanout.where = step.path();
  fanout.server = send.server;
  fanout.within = kWithinDefault;
  if (const auto within = node->Find("within")) {
    fanout.within = ReadPositiveDuration(*within);
    if (fanout.within > kWithinMax) within->Error("must be at most 60s");
  }
  if (const auto self = node->Find("self")) fanout.to_sender = self->AsBool();
  if (!CompileFanOutField(*node, send, reply, fanout)) return std::nullopt;
  result.fanout = PlaceFanOut(*node, std::move(fanout));
  return result;
}

bool StepCompiler::CompileFanOutField(const JsonNode& node, const Outgoing& send,
                                      const Incoming* reply, FanOut& fanout) {
  const Protocol* protocol = packets_.ProtocolOf(send.server);
  if (protocol == nullptr || send.packet == kUnknownPacket) return false;
  fanout.packet = reply != nullptr ? reply->packet : kUnknownPacket;
  if (const auto packet = node.Find("packet")) {
    fanout.packet = packets_.CompilePacketName(*packet, *protocol, PacketDirection::kReceive);
  } else if (reply == nullptr) {
    node.Error("needs the \"packet\" that members receive: a send has no reply to tell it");
  }
  if (fanout.packet == kUnknownPacket) return false;
  const bool is_reply = reply != nullptr && fanout.packet == reply->packet;
  const StampedField stamped = FindStamped(send, is_reply ? reply : nullptr);
  if (stamped.sent == nullptr) {
    node.Error(
        "needs ${stamp} in the text that is sent: receivers tell by it who sent what and when");
    return false;
  }
  const auto place = PlaceOfStamp(*stamped.sent);
  if (!place) {
    node.Error(
        "cannot find the stamp in the text that is sent: let ${stamp} stand at its beginning or "
        "end, or with nothing but ASCII letters written here on one side of it");
    return false;
  }
  fanout.stamp = *place;
  const auto field = node.Find("field");
  if (!field && stamped.compared == nullptr) {
    node.Error(
        "cannot tell which field members find the stamp in; compare it in \"where\" with "
        "${sent.FIELD}, or name it with \"field\"");
    return false;
  }
  if (!field) {
    fanout.field = *stamped.compared;
  } else {
    CompileError error;
    const auto path = protocol->codec().CompilePath(fanout.packet, field->AsString(), error);
    if (!path) {
      field->Error(error.message);
      return false;
    }
    fanout.field = *path;
  }
  if (fanout.field.repeated() || ClassOf(fanout.field.scalar()) != ValueClass::kText) {
    (field ? *field : node).Error("needs a text field, in which the stamp arrives");
    return false;
  }
  return true;
}

/// Groups that share a flow share its fan-outs.
std::uint8_t StepCompiler::PlaceFanOut(const JsonNode& node, FanOut fanout) {
  std::vector<FanOut>& fanouts = context_.fanouts;
  const auto same = std::find_if(fanouts.begin(), fanouts.end(), [&](const FanOut& other) {
    return other.where == fanout.where && other.server == fanout.server;
  });
  if (same != fanouts.end()) return static_cast<std::uint8_t>(same - fanouts.begin());
  if (fanouts.size() == kFanOutsMax) {
    node.Error("is one more than the " + std::to_string(kFanOutsMax) +
               " steps of a scenario that can send to audiences");
    return 0;
  }
  fanouts.push_back(std::move(fanout));
  return static_cast<std::uint8_t>(fanouts.size() - 1);
}

}  // namespace stressbot
