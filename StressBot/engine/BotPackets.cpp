#include <algorithm>
#include <utility>

#include "ServerCore/Assert.h"
#include "StressBot/engine/Bot.h"
#include "StressBot/engine/BotSession.h"
#include "StressBot/engine/BotShard.h"
#include "StressBot/engine/GroupRun.h"

/// What a bot does with packets: pending requests first, the oldest first; then steps that expect
/// one; then listeners.
namespace stressbot {

using servercore::CloseKind;
using Op = Instruction::Op;

namespace {

constexpr std::size_t kPendingMax =
    32;  ///< timed-out requests that wait for a late reply; then the oldest goes

bool Satisfies(CompareOp op, const FieldView& left, const Value& right) {
  const int order = Compare(left, right);
  if (order == 2) return op == CompareOp::kNe;  // a text is never a number
  switch (op) {
    case CompareOp::kEq:
    case CompareOp::kIn:
      return order == 0;
    case CompareOp::kNe:
      return order != 0;
    case CompareOp::kLt:
      return order < 0;
    case CompareOp::kLe:
      return order <= 0;
    case CompareOp::kGt:
      return order > 0;
    case CompareOp::kGe:
      return order >= 0;
  }
  return false;
}

}  // namespace

bool Bot::OnPacket(std::uint8_t server, PacketIndex packet, std::span<const std::byte> payload) {
  const std::uint64_t rules = group_.RulesOf(server, packet) & armed_;
  if (rules == 0) return false;
  return MatchPending(server, packet, payload, rules) ||
         MatchExpect(server, packet, payload, rules) || MatchListen(server, packet, payload, rules);
}

bool Bot::MatchPending(std::uint8_t server, PacketIndex packet, std::span<const std::byte> payload,
                       std::uint64_t rules) {
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    const Pending& pending = pending_[i];
    const RequestStep& step = group_.flow.requests[pending.request];
    // Only what was read after the request was sent can answer it.
    if (!pending.sent_known || (rules >> step.expect.rule & 1U) == 0) continue;
    if (step.expect.server != server) continue;
    Match match = Match::kYes;
    if (packet == step.expect.packet) match = MatchesKeys(step, pending, payload);
    if (match == Match::kNo) continue;
    Complete(i, packet, payload, match == Match::kMalformed);
    return true;
  }
  return false;
}

Bot::Match Bot::MatchesKeys(const RequestStep& step, const Pending& pending,
                            std::span<const std::byte> payload) const {
  std::size_t key = 0;
  for (const Condition& condition : step.expect.where) {
    FieldView view;
    if (condition.field.Read(payload, condition.want, view) != ReadStatus::kOk)
      return Match::kMalformed;
    bool holds = false;
    for (std::size_t i = 0; i < condition.expected.size(); ++i) {
      holds = holds || Satisfies(condition.op, view, pending.keys[key++]);
    }
    if (!holds) return Match::kNo;
  }
  return Match::kYes;
}

void Bot::FillKeys(Pending& pending, const RequestStep& step,
                   const EvaluationContext& context) const {
  for (const Condition& condition : step.expect.where) {
    for (const Expression& expected : condition.expected) {
      Evaluate(expected, context, pending.keys.emplace_back());
    }
  }
}

void Bot::Complete(std::size_t pending_index, PacketIndex packet,
                   std::span<const std::byte> payload, bool malformed) {
  Pending pending = std::move(pending_[pending_index]);
  pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(pending_index));
  ComputeArmed();
  const RequestStep& step = group_.flow.requests[pending.request];
  const StepMetrics& metrics = group_.metrics.requests[pending.request];
  MetricsFrame& frame = shard_.frame();
  const ServerMetrics& server = group_.metrics.servers[step.expect.server];
  if (pending.expired) {  // its time-out was counted when it happened
    frame.Add(server.packets_late);
    return;
  }
  const TimePoint now = shard_.now();
  frame.Record(metrics.duration, (now - pending.due).count());
  frame.Record(metrics.service_time, (now - pending.sent).count());
  if (lost_at_ != kNever) {
    frame.Record(server.recovery_duration, (now - std::exchange(lost_at_, kNever)).count());
  }
  Position& position = positions_[pending.position];
  bool failed = malformed || packet != step.expect.packet;
  bool goes_on = true;
  if (malformed) {
    frame.Add(server.packets_invalid);
    Report("requests_failed", "undecodable reply in step " + step.name);
  } else if (failed) {
    Report("requests_failed",
           "answered by " +
               group_.program.servers[step.expect.server].protocol->packet(packet).name +
               " in step " + step.name);
  } else {
    goes_on = Examine(step.expect, metrics, step.name, step.on_fail, payload, failed);
  }
  frame.Count(metrics.failed, failed);
  if (failed) goes_on = Fail(step.on_fail.value_or(OnFail::kEndIteration));
  if (goes_on) ContinueAt(position, static_cast<std::uint16_t>(position.pc + 1), now);
}

bool Bot::Examine(const Incoming& incoming, const StepMetrics& metrics, const std::string& step,
                  std::optional<OnFail> on_fail, std::span<const std::byte> payload, bool& failed) {
  Random random = RandomAt(incoming.rule);
  const EvaluationContext context = Context(random);
  bool goes_on = true;
  for (std::size_t i = 0; i < incoming.checks.size(); ++i) {
    const Check& check = incoming.checks[i];
    bool malformed = false;
    const bool holds = Holds(check.condition, payload, context, malformed);
    shard_.frame().Count(metrics.checks[i], holds);
    if (holds) continue;
    Report("checks", "check " + check.name + " failed in step " + step);
    goes_on = goes_on && Fail(on_fail.value_or(OnFail::kContinue));
  }
  for (const Save& save : incoming.saves) {
    FieldView view;
    if (save.field.Read(payload, FieldPath::Want::kValue, view) != ReadStatus::kOk ||
        view.kind == FieldView::Kind::kMissing) {
      failed = true;
      Report("requests_failed", "nothing to save in step " + step);
      continue;
    }
    variables_[save.variable] = view.ToValue();
  }
  return goes_on;
}

bool Bot::Holds(const Condition& condition, std::span<const std::byte> payload,
                const EvaluationContext& context, bool& malformed) const {
  FieldView view;
  if (condition.field.Read(payload, condition.want, view) != ReadStatus::kOk) {
    malformed = true;
    return false;
  }
  Value expected;
  for (const Expression& expression : condition.expected) {
    Evaluate(expression, context, expected);
    if (Satisfies(condition.op, view, expected)) return true;
  }
  return false;
}

bool Bot::MatchExpect(std::uint8_t server, PacketIndex packet, std::span<const std::byte> payload,
                      std::uint64_t rules) {
  for (std::uint16_t i = 0; i < group_.flow.positions; ++i) {
    Position& position = positions_[i];
    if (position.wait != Wait::kExpect) continue;
    const std::uint16_t index = InstructionAt(position).index;
    const ExpectStep& step = group_.flow.expects[index];
    const Incoming& incoming = step.expect;
    if ((rules >> incoming.rule & 1U) == 0 || incoming.server != server ||
        incoming.packet != packet)
      continue;
    Random random = RandomAt(position.pc);
    const EvaluationContext context = Context(random);
    bool malformed = false;
    const bool matches = std::all_of(
        incoming.where.begin(), incoming.where.end(),
        [&](const Condition& condition) { return Holds(condition, payload, context, malformed); });
    if (malformed) shard_.frame().Add(group_.metrics.servers[server].packets_invalid);
    if (!matches) continue;
    const StepMetrics& metrics = group_.metrics.expects[index];
    position.wait = Wait::kReady;
    position.wake_at = kNever;
    ComputeArmed();
    bool failed = false;
    bool goes_on = Examine(incoming, metrics, step.name, step.on_fail, payload, failed);
    shard_.frame().Count(metrics.failed, failed);
    if (failed) goes_on = Fail(step.on_fail.value_or(OnFail::kEndIteration));
    if (goes_on) ContinueAt(position, static_cast<std::uint16_t>(position.pc + 1), shard_.now());
    return true;
  }
  return false;
}

bool Bot::MatchListen(std::uint8_t server, PacketIndex packet, std::span<const std::byte> payload,
                      std::uint64_t rules) {
  for (const ListenStep& step : group_.flow.listens) {
    const Incoming& incoming = step.incoming;
    if ((rules & listening_ & std::uint64_t{1} << incoming.rule) == 0 ||
        incoming.server != server || incoming.packet != packet) {
      continue;
    }
    Random random({shard_.seed(), group_.index, number_, iteration_, incoming.rule, ++stamps_});
    EvaluationContext context = Context(random);
    context.packet = payload;
    bool malformed = false;
    const bool matches = std::all_of(
        incoming.where.begin(), incoming.where.end(),
        [&](const Condition& condition) { return Holds(condition, payload, context, malformed); });
    if (!matches) continue;
    for (const ListenAction& action : step.actions) {
      if (action.send) SendOutgoing(*action.send, context);
      if (action.set) Assign(*action.set, context);
      if (!action.save) continue;
      FieldView view;
      if (action.save->field.Read(payload, FieldPath::Want::kValue, view) == ReadStatus::kOk) {
        variables_[action.save->variable] = view.ToValue();
      }
    }
    return true;
  }
  return false;
}

void Bot::OnSent(std::uint8_t server, TimePoint sent_at) {
  if (!has_unsent_) return;
  has_unsent_ = false;
  for (Pending& pending : pending_) {
    if (pending.sent_known) continue;
    if (group_.flow.requests[pending.request].send.server == server) {
      pending.sent = sent_at;
      pending.sent_known = true;
    } else {
      has_unsent_ = true;
    }
  }
}

void Bot::TimeOut(Position& position, TimePoint now) {
  position.wake_at = kNever;
  const Instruction instruction = InstructionAt(position);
  OnFail policy = OnFail::kEndIteration;
  if (position.wait == Wait::kExpect) {
    const ExpectStep& step = group_.flow.expects[instruction.index];
    shard_.frame().Count(group_.metrics.expects[instruction.index].failed, true);
    Report("requests_failed", "nothing received in time in step " + step.name);
    policy = step.on_fail.value_or(policy);
    position.wait = Wait::kReady;
    ComputeArmed();
  } else {
    const auto place = static_cast<std::uint8_t>(&position - positions_.get());
    const auto pending =
        std::find_if(pending_.begin(), pending_.end(), [place](const Pending& candidate) {
          return candidate.position == place && !candidate.expired;
        });
    SC_ASSERT(pending != pending_.end());
    const RequestStep& step = group_.flow.requests[pending->request];
    const StepMetrics& metrics = group_.metrics.requests[pending->request];
    shard_.frame().RecordAtLeast(metrics.duration, (now - pending->due).count());
    if (pending->sent_known) {
      shard_.frame().RecordAtLeast(metrics.service_time, (now - pending->sent).count());
    }
    shard_.frame().Count(metrics.failed, true);
    Report("requests_failed", "no reply in time in step " + step.name);
    policy = step.on_fail.value_or(policy);
    pending->expired = true;  // its late reply must not answer the next one
    if (pending_.size() > kPendingMax) pending_.erase(pending_.begin());
  }
  if (Fail(policy)) ContinueAt(position, static_cast<std::uint16_t>(position.pc + 1), now);
}

void Bot::AbandonPendings(Outcome outcome) {
  // A request that is open when its connection was lost has failed already (OnLost). What we cut
  // ourselves is no failure of the server's: it is counted apart and enters no histogram.
  if (outcome == Outcome::kCut || outcome == Outcome::kInterrupted || outcome == Outcome::kFailed) {
    for (const Pending& pending : pending_) {
      if (!pending.expired) shard_.frame().Add(group_.metrics.requests[pending.request].abandoned);
    }
  }
  pending_.clear();
  has_unsent_ = false;
}

void Bot::ComputeArmed() {
  armed_ = listening_;
  for (const Pending& pending : pending_) {
    armed_ |= std::uint64_t{1} << group_.flow.requests[pending.request].expect.rule;
  }
  for (std::uint16_t i = 0; i < group_.flow.positions; ++i) {
    if (positions_[i].wait != Wait::kExpect) continue;
    armed_ |=
        std::uint64_t{1} << group_.flow.expects[InstructionAt(positions_[i]).index].expect.rule;
  }
}

void Bot::ReportInvalidPacket(std::uint8_t server, std::uint32_t packet_id) {
  if (!shard_.failures().Wants("packets_invalid")) return;
  Report("packets_invalid", "unknown packet id " + std::to_string(packet_id) + " from " +
                                group_.program.servers[server].name);
}

}  // namespace stressbot
