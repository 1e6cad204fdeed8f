#include "StressBot/engine/Bot.h"
#include "StressBot/engine/BotSession.h"
#include "StressBot/engine/GroupRun.h"

/// Which packets answer which of a bot's requests.
namespace stressbot {

Bot::Answer Bot::AnswerTo(const Request& request, std::uint8_t server, PacketIndex packet,
                          std::span<const std::byte> payload, std::uint64_t rules) const {
  const RequestStep& step = group_.flow.requests[request.index];
  const bool may_answer = (rules >> step.expect.rule & 1U) != 0 || !step.also.empty();
  if (!may_answer || step.expect.server != server) return {};
  // Only what was read after the request had left can answer it. While later packets wait to be
  // sent, OnSent has not come yet, but the bytes tell.
  if (!request.sent_known && !connections_[server]->HasSent(request.sent_mark)) return {};
  if (step.by_correlation) {
    const std::int64_t number = connections_[server]->received_correlation();
    if (request.keys.front() != Value(number)) return {};
  }
  if (!step.also.empty()) return PartIn(request, packet, payload, rules);
  if (packet != step.expect.packet) return {Match::kYes, Answer::kRefusal};
  std::span<const Value> keys(request.keys);
  for (const Condition& condition : step.expect.where) {
    const Match match = MatchOf(condition, payload, keys.first(condition.expected.size()));
    if (match != Match::kYes) return {match, 0};
    keys = keys.subspan(condition.expected.size());
  }
  return {Match::kYes, 0};
}

/// The same for a request that expects several packets and has left.
Bot::Answer Bot::PartIn(const Request& request, PacketIndex packet,
                        std::span<const std::byte> payload, std::uint64_t rules) const {
  const RequestStep& step = group_.flow.requests[request.index];
  std::span<const Value> keys(request.keys);
  for (std::uint8_t part = 0; part < step.Parts(); ++part) {
    const Incoming& incoming = step.Part(part);
    const bool is_wanted = (rules >> incoming.rule & 1U) != 0;
    if (is_wanted && incoming.packet != packet) return {Match::kYes, Answer::kRefusal};
    const bool is_missing = (request.arrived >> part & 1U) == 0;
    Match match = is_wanted && is_missing ? Match::kYes : Match::kNo;
    for (const Condition& condition : incoming.where) {
      if (match == Match::kYes)
        match = MatchOf(condition, payload, keys.first(condition.expected.size()));
      keys = keys.subspan(condition.expected.size());
    }
    if (match != Match::kNo) return {match, part};
  }
  return {};
}

/// Whether nothing is awaited any more after this one.
bool Bot::IsComplete(const Request& request, Answer answer) const {
  const std::size_t parts = group_.flow.requests[request.index].Parts();
  const unsigned arrived = request.arrived | 1U << answer.part;
  return answer.part == Answer::kRefusal || arrived == (1U << parts) - 1;
}

void Bot::FillKeys(Request& request, const EvaluationContext& context) const {
  const RequestStep& step = group_.flow.requests[request.index];
  std::size_t count = 0;
  for (std::size_t part = 0; part < step.Parts(); ++part) {
    for (const Condition& condition : step.Part(part).where) {
      for (const Expression& expected : condition.expected) {
        if (request.keys.size() == count) request.keys.emplace_back();
        Evaluate(expected, context, request.keys[count++]);
      }
    }
  }
}

/// Never that of an open request, nor of one whose late reply may still come.
std::uint32_t Bot::NextCorrelation(std::uint8_t server) {
  constexpr int kTriesMax = 1 << 8;  // small fields have no more numbers
  BotSession* const session = connections_[server];
  if (session == nullptr) return 0;
  std::uint32_t number = session->NextCorrelation();
  for (int tries = 0; tries < kTriesMax; ++tries) {
    bool is_free = true;
    const auto look = [&](const Request& request) {
      const RequestStep& step = group_.flow.requests[request.index];
      if (step.by_correlation && step.expect.server == server &&
          request.keys.front() == Value(std::int64_t{number})) {
        is_free = false;
      }
    };
    ForEachOpen([&look](const Position& open) { look(open.request); });
    for (const Request& request : expired_) look(request);
    if (is_free) break;
    number = session->NextCorrelation();
  }
  return number;
}

}  // namespace stressbot
