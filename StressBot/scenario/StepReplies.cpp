// The part of StepCompiler that reads what answers a request: match, expectAll and failOn.
#include <algorithm>

#include "StressBot/scenario/ExpressionTraits.h"
#include "StressBot/scenario/Keys.h"
#include "StressBot/scenario/StepCompiler.h"

namespace stressbot {
namespace {

bool ComparesWithSent(const RequestStep& request) {
  for (std::size_t part = 0; part < request.Parts(); ++part)
    for (const Condition& condition : request.Part(part).where)
      for (const Expression& expected : condition.expected)
        if (AnyPart(expected, [](const Expression& piece) {
              return piece.kind == Expression::Kind::kSentField;
            }))
          return true;
  return false;
}

bool HasWhere(const RequestStep& request) {
  return !request.expect.where.empty() ||
         std::any_of(request.also.begin(), request.also.end(),
                     [](const Incoming& part) { return !part.where.empty(); });
}

}  // namespace

StepCompiler::MatchBy StepCompiler::CompileMatch(const JsonNode& step, RequestStep& request) {
  const auto node = step.Find("match");
  if (!node) return HasWhere(request) ? MatchBy::kWhere : MatchBy::kInOrder;
  const std::string word = node->AsString();
  if (word == "where") {
    if (!HasWhere(request))
      node->Error("needs \"where\": without it replies are told apart by their order alone");
    return MatchBy::kWhere;
  }
  if (word == "correlation") {
    CompileCorrelation(*node, request);
    return MatchBy::kCorrelation;
  }
  if (word == "in-order") {
    if (ComparesWithSent(request))
      node->Error(
          "cannot go with a \"where\" that compares with ${sent.FIELD}: in order, \"where\" only "
          "says which packets are counted");
  } else if (node->IsString()) {
    node->Error("cannot be \"" + word + "\"" + Suggest(word, {"where", "in-order", "correlation"}));
  }
  return MatchBy::kInOrder;
}

void StepCompiler::CompileCorrelation(const JsonNode& match, RequestStep& request) {
  request.by_correlation = request.unique_key = true;
  const Protocol* protocol = packets_.ProtocolOf(request.send.server);
  const Envelope* envelope = protocol != nullptr ? protocol->envelope() : nullptr;
  if (protocol != nullptr && (envelope == nullptr || envelope->correlation_bytes() == 0))
    match.Error("no header field of the protocol has \"role\": \"correlation\"");
  if (HasWhere(request))
    match.Error("cannot go with a \"where\": the reply is known by its number; \"check\" compares");
}

void StepCompiler::CompileExpectAll(const JsonNode& step, RequestStep& request,
                                    const FieldTree& sent) {
  const JsonNode list = *step.Find("expectAll");
  for (const char* key : {"expect", "where", "check", "save"})
    if (const auto node = step.Find(key))
      node->Error(
          "belongs into the entries of \"expectAll\", as in {\"expect\": \"S_NAME\", \"where\": "
          "{...}}");
  const std::vector<JsonNode> entries = list.Elements();
  if (list.IsArray() && (entries.empty() || entries.size() > kPartsMax))
    list.Error("needs 1 to " + std::to_string(kPartsMax) + " packets");
  for (std::size_t i = 0; i < std::min(entries.size(), kPartsMax); ++i) {
    Incoming part;
    if (entries[i].IsString()) {
      part = packets_.CompilePlainIncoming(entries[i], request.send.server);
    } else {
      entries[i].OnlyKeys({"expect", "where", "check", "save"});
      if (!entries[i].IsObject()) continue;
      entries[i].Require("expect");
      part = packets_.CompileIncoming(entries[i], "expect", request.send.server, &sent);
    }
    if (i == 0) {
      request.expect = std::move(part);
    } else {
      request.also.push_back(std::move(part));
    }
  }
}

void StepCompiler::CompileRequestFailOn(const JsonNode& step, RequestStep& request) {
  std::vector<PacketIndex> expected;
  for (std::size_t part = 0; part < request.Parts(); ++part)
    expected.push_back(request.Part(part).packet);
  request.fail_on = CompileFailOn(step, request.send.server, expected);
}

}  // namespace stressbot
