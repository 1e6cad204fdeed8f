#include <algorithm>
#include <utility>

#include "StressBot/engine/Bot.h"
#include "StressBot/engine/BotDraws.h"
#include "StressBot/engine/BotReport.h"
#include "StressBot/engine/BotSession.h"
#include "StressBot/engine/BotShard.h"
#include "StressBot/engine/FanOutBot.h"
#include "StressBot/engine/GroupRun.h"

/// What a bot does with packets: open requests first, the oldest first; then steps that expect one;
/// then listeners, then hostile steps, to which anything may be the reply.
namespace stressbot {

bool Bot::OnPacket(std::uint8_t server, PacketIndex packet, std::span<const std::byte> payload) {
  const std::uint64_t rules = group_.RulesOf(server, packet) & armed_;
  if (rules == 0) return followed_ && LeaveUnwanted(server, packet, payload);
  if ((rules & group_.fanout_rules()) != 0) return OnAudible(server, packet, payload, rules);
  return MatchRequest(server, packet, payload, rules) ||
         MatchExpect(server, packet, payload, rules) ||
         MatchListen(server, packet, payload, rules) || MatchHostile(server, packet, rules) ||
         (followed_ && LeaveUnwanted(server, packet, payload));
}

/// A packet that the bot, as a member of an audience, may have to hear; and steps may want it too.
/// Apart, so that who is in no audience pays for one look only.
bool Bot::OnAudible(std::uint8_t server, PacketIndex packet, std::span<const std::byte> payload,
                    std::uint64_t rules) {
  const bool is_heard = fanout_->Hear(server, packet, payload);
  const bool is_only_heard = (rules & ~group_.fanout_rules()) == 0;
  if (!is_only_heard &&
      (MatchRequest(server, packet, payload, rules) ||
       MatchExpect(server, packet, payload, rules) || MatchListen(server, packet, payload, rules) ||
       MatchHostile(server, packet, rules))) {
    return true;
  }
  if (!followed_) return is_heard;
  if (!is_heard) return LeaveUnwanted(server, packet, payload);
  RecordReceived(TraceHead::Kind::kTaken, server, packet, payload, nullptr);
  return true;
}

bool Bot::MatchRequest(std::uint8_t server, PacketIndex packet, std::span<const std::byte> payload,
                       std::uint64_t rules) {
  constexpr std::size_t kNobody = ~std::size_t{0};
  std::size_t oldest = kNobody;  // expired ones count on behind the positions
  std::uint32_t oldest_order = 0;
  Answer answer;
  const std::size_t count = group_.flow.positions;
  const std::size_t apart_from = count + expired_.size();
  const std::size_t all = apart_from + (apart_ == nullptr ? 0 : apart_->size());
  for (std::size_t i = 0; i < all; ++i) {
    const bool is_expired = i >= count && i < apart_from;
    const Position* open = nullptr;
    if (!is_expired) {
      open = i < count ? &positions_[i] : &(*apart_)[i - apart_from];
      if (open->wait != Wait::kReply) continue;
    }
    const Request& request = is_expired ? expired_[i - count] : open->request;
    if (oldest != kNobody && request.order > oldest_order) continue;
    const Answer found = AnswerTo(request, server, packet, payload, rules);
    if (found.match == Match::kNo) continue;
    oldest = i;
    oldest_order = request.order;
    answer = found;
  }
  if (oldest == kNobody) return false;
  const bool is_late = oldest >= count && oldest < apart_from;
  const Request& answered = oldest < count ? positions_[oldest].request
                            : is_late      ? expired_[oldest - count]
                                           : (*apart_)[oldest - apart_from].request;
  RecordReceived(TraceHead::Kind::kTaken, server, packet, payload,
                 &group_.flow.requests[answered.index].name);
  if (is_late) {
    Note("too late: the request has timed out before");
    ChargeLate(oldest - count, answer);
  } else {
    TakeAnswer(oldest < count ? positions_[oldest] : (*apart_)[oldest - apart_from], answer, packet,
               payload);
  }
  return true;
}

void Bot::ChargeLate(std::size_t expired, Answer answer) {
  Request& request = expired_[expired];
  const RequestStep& step = group_.flow.requests[request.index];
  const Incoming& late = answer.part == Answer::kRefusal ? step.expect : step.Part(answer.part);
  shard_.frame().Add(
      OfPacket(group_.metrics.servers[step.expect.server].packets_late, late.packet));
  answered_at_ = shard_.now();
  if (IsComplete(request, answer)) {
    expired_.erase(expired_.begin() + static_cast<std::ptrdiff_t>(expired));
  } else {
    request.arrived = static_cast<std::uint8_t>(request.arrived | 1U << answer.part);
  }
  ComputeArmed();
}

void Bot::TakeAnswer(Position& position, Answer answer, PacketIndex packet,
                     std::span<const std::byte> payload) {
  Request& request = position.request;
  const RequestStep& step = group_.flow.requests[request.index];
  answered_at_ = shard_.now();
  Examined examined{true, true};
  if (answer.match != Match::kMalformed && !IsComplete(request, answer)) {
    request.arrived = static_cast<std::uint8_t>(request.arrived | 1U << answer.part);
    examined = ExaminePart(position, answer.part, payload);
    if (!examined.failed || !examined.goes_on) return;  // it waits for the others, or was cut
    RecordAnswer(position, false);
  } else {
    RecordAnswer(position, answer.part == Answer::kRefusal);
    if (answer.part == Answer::kRefusal) {
      examined.why = RequestFailure::kFailOn;
      Report("requests_failed", "answered by {} in step {}",
             group_.program.servers[step.expect.server].protocol->packet(packet).name, step.name);
    } else if (answer.match == Match::kMalformed) {
      shard_.frame().Add(
          OfPacket(group_.metrics.servers[step.expect.server].packets_invalid, packet));
      Report("requests_failed", "undecodable reply in step {}", step.name);
    } else {
      examined = ExaminePart(position, answer.part, payload);
    }
  }
  CountExamined(group_.metrics.requests[request.index].failed, examined);
  if (examined.failed && examined.goes_on)
    examined.goes_on = Fail(step.on_fail.value_or(OnFail::kEndIteration));
  if (examined.goes_on) GoOnBehind(position, step.awaited);
}

/// The request has ended, and this is how long it took.
void Bot::RecordAnswer(Position& position, bool is_refused) {
  const Request& request = position.request;
  const RequestStep& step = group_.flow.requests[request.index];
  const StepMetrics& metrics = group_.metrics.requests[request.index];
  MetricsFrame& frame = shard_.frame();
  const TimePoint now = shard_.now();
  position.wait = step.awaited ? Wait::kReady : Wait::kInactive;
  position.wake_at = kNever;
  ComputeArmed();
  frame.Record(metrics.duration, (now - position.due).count());
  frame.Record(metrics.service_time, (now - request.sent).count());
  if (step.fanout) AnsweredByAudience(request, !is_refused);
  if (lost_at_ == kNever || lost_server_ != step.expect.server) return;
  frame.Record(group_.metrics.servers[step.expect.server].recovery_duration,
               (now - std::exchange(lost_at_, kNever)).count());
}

Bot::Examined Bot::ExaminePart(const Position& position, std::size_t part,
                               std::span<const std::byte> payload) {
  const RequestStep& step = group_.flow.requests[position.request.index];
  std::span<const RateId> checks(group_.metrics.requests[position.request.index].checks);
  for (std::size_t i = 0; i < part; ++i) checks = checks.subspan(step.Part(i).checks.size());
  return Examine(position, step.Part(part), checks, step.name, step.on_fail, payload);
}

Bot::Examined Bot::Examine(const Position& position, const Incoming& incoming,
                           std::span<const RateId> checks, const std::string& step,
                           std::optional<OnFail> on_fail, std::span<const std::byte> payload) {
  Examined examined{false, true};
  Draws draws(*this, DrawFor::kReply, position.pc);
  const EvaluationContext context = Context(draws);
  // Where a `where` was read, the whole packet was.
  const PayloadCodec& codec = group_.program.servers[incoming.server].protocol->codec();
  bool malformed = incoming.where.empty() && !codec.IsWellFormed(incoming.packet, payload);
  for (std::size_t i = 0; i < incoming.checks.size(); ++i) {
    const Check& check = incoming.checks[i];
    const Match match = MatchOf(check.condition, payload, context, shard_.room());
    shard_.frame().Count(checks[i], match == Match::kYes);
    malformed = malformed || match == Match::kMalformed;
    if (match == Match::kYes) continue;
    if (WantsReport("checks"))
      Report("checks", "check {} failed in step {}: {}", check.name, step,
             FoundText(check.condition, payload));
    examined.goes_on = examined.goes_on && Fail(on_fail.value_or(OnFail::kContinue));
  }
  for (const Save& save : incoming.saves) {
    FieldView view;
    malformed =
        save.field.Read(payload, FieldPath::Want::kValue, view) != ReadStatus::kOk || malformed;
    if (view.kind != FieldView::Kind::kMissing) {
      Store(view, variables_[save.variable]);
    } else {
      examined.failed = true;
      examined.why = RequestFailure::kMissing;
      if (!malformed) Report("requests_failed", "nothing to save in step {}", step);
    }
  }
  if (malformed) {
    examined.failed = true;
    examined.why = RequestFailure::kUndecodable;
    shard_.frame().Add(
        OfPacket(group_.metrics.servers[incoming.server].packets_invalid, incoming.packet));
    Report("requests_failed", "undecodable reply in step {}", step);
  }
  return examined;
}

void Bot::CountExamined(RateId failed, const Examined& examined) {
  shard_.frame().Count(examined.failed ? FailedBy(failed, examined.why) : failed, examined.failed);
}

Match Bot::MatchesWhere(const Incoming& incoming, std::span<const std::byte> payload,
                        const EvaluationContext& context) {
  for (const Condition& condition : incoming.where) {
    const Match match = MatchOf(condition, payload, context, shard_.room());
    if (match != Match::kYes) return match;
  }
  return Match::kYes;
}

bool Bot::MatchExpect(std::uint8_t server, PacketIndex packet, std::span<const std::byte> payload,
                      std::uint64_t rules) {
  for (Position& position : positions()) {
    if (position.wait == Wait::kExpect && TakeExpected(position, server, packet, payload, rules))
      return true;
  }
  return false;
}

/// False when it is not what the step at that position expects.
bool Bot::TakeExpected(Position& position, std::uint8_t server, PacketIndex packet,
                       std::span<const std::byte> payload, std::uint64_t rules) {
  const std::uint16_t index = InstructionAt(position).index;
  const ExpectStep& step = group_.flow.expects[index];
  const Incoming& incoming = step.expect;
  if ((rules >> incoming.rule & 1U) == 0 || incoming.server != server) return false;
  const bool is_refusal = incoming.packet != packet;  // one of failOn
  Draws draws(*this, DrawFor::kReply, position.pc);
  const Match match = is_refusal ? Match::kYes : MatchesWhere(incoming, payload, Context(draws));
  if (match == Match::kNo) return false;
  const StepMetrics& metrics = group_.metrics.expects[index];
  position.wait = Wait::kReady;
  position.wake_at = kNever;
  ComputeArmed();
  RecordReceived(TraceHead::Kind::kTaken, server, packet, payload, &step.name);
  Examined examined{true, true};
  if (is_refusal) {
    examined.why = RequestFailure::kFailOn;
    Report("requests_failed", "received {} in step {}",
           group_.program.servers[server].protocol->packet(packet).name, step.name);
  } else if (match == Match::kMalformed) {
    shard_.frame().Add(OfPacket(group_.metrics.servers[server].packets_invalid, packet));
    Report("requests_failed", "undecodable packet in step {}", step.name);
  } else {
    examined = Examine(position, incoming, metrics.checks, step.name, step.on_fail, payload);
  }
  CountExamined(metrics.failed, examined);
  if (examined.failed && examined.goes_on)
    examined.goes_on = Fail(step.on_fail.value_or(OnFail::kEndIteration));
  if (examined.goes_on)
    ContinueAt(position, static_cast<std::uint16_t>(position.pc + 1), shard_.now());
  return true;
}

bool Bot::MatchListen(std::uint8_t server, PacketIndex packet, std::span<const std::byte> payload,
                      std::uint64_t rules) {
  if ((rules & listening_) == 0) return false;
  const std::vector<ListenStep>& listens = group_.flow.listens;
  bool is_malformed = false;  // counted once, however many look into it
  for (std::uint32_t i = 0; i < listens.size(); ++i) {
    const Incoming& incoming = listens[i].incoming;
    if ((rules & listening_ & std::uint64_t{1} << incoming.rule) == 0 ||
        incoming.server != server || incoming.packet != packet) {
      continue;
    }
    Draws draws(*this, DrawFor::kListen, i);
    EvaluationContext context = Context(draws);
    context.packet = payload;
    const Match match = MatchesWhere(incoming, payload, context);
    if (match == Match::kMalformed && !std::exchange(is_malformed, true))
      shard_.frame().Add(OfPacket(group_.metrics.servers[server].packets_invalid, packet));
    if (match != Match::kYes) continue;
    ++heard_[i];
    // What is merely heard comes by the thousand: only what is answered is part of a conversation.
    if (shard_.recorder().Wants(id_) && (followed_ || listens[i].Answers()))
      RecordReceived(TraceHead::Kind::kTaken, server, packet, payload, &listens[i].name);
    React(i, context);
    return true;
  }
  return false;
}

void Bot::React(std::uint32_t listen, const EvaluationContext& context) {
  const ListenStep& step = group_.flow.listens[listen];
  for (const ListenAction& action : step.actions) {
    // Where we are leaving it is no failure that nothing is said any more.
    if (action.send && !IsClosing(action.send->server)) {
      const SendOutcome outcome = SendOutgoing(*action.send, context, step.name);
      if (outcome == SendOutcome::kBeingLost) return;  // OnDisconnected comes and tells how
      if (outcome != SendOutcome::kSent) {
        CountNotSent(outcome, group_.metrics.listens_failed[listen], step.name);
        Fail(OnFail::kEndIteration);
        return;
      }
    }
    if (action.set) Assign(*action.set, context);
    if (!action.save) continue;
    FieldView view;
    if (action.save->field.Read(context.packet, FieldPath::Want::kValue, view) == ReadStatus::kOk)
      Store(view, variables_[action.save->variable]);
  }
}

void Bot::OnSent(std::uint8_t server, TimePoint sent_at) {
  if (!has_unsent_) return;
  has_unsent_ = false;
  const auto take = [&](Request& request) {
    if (request.sent_known) return;
    if (group_.flow.requests[request.index].send.server == server) {
      request.sent = sent_at;
      request.sent_known = true;
    } else {
      has_unsent_ = true;
    }
  };
  ForEachOpen([&take](Position& open) { take(open.request); });
  for (Request& request : expired_) take(request);
}

void Bot::ComputeArmed() {
  armed_ = listening_;
  if (fanout_ != nullptr && fanout_->IsMember()) armed_ |= group_.fanout_rules();
  const FlowProgram& flow = group_.flow;
  const auto arm = [this, &flow](const Request& request) {
    const RequestStep& step = flow.requests[request.index];
    armed_ |= std::uint64_t{1} << step.expect.rule;
    for (const Incoming& part : step.also) armed_ |= std::uint64_t{1} << part.rule;
  };
  for (const Position& position : positions()) {
    if (position.wait == Wait::kExpect)
      armed_ |= std::uint64_t{1} << flow.expects[InstructionAt(position).index].expect.rule;
    if (position.wait == Wait::kHostile && HostileOf(position).expected != 0)
      armed_ |= std::uint64_t{1} << HostileOf(position).rule;
  }
  ForEachOpen([&arm](const Position& open) { arm(open.request); });
  for (const Request& request : expired_) arm(request);
}

void Bot::ReportUnsendable(std::uint8_t server, std::string_view why) {
  Report("requests_failed", "a packet to {} was not sent by its hook: {}",
         group_.program.servers[server].name, why);
}

void Bot::OnUnknownPacket(std::uint8_t server, std::uint32_t packet_id,
                          std::span<const std::byte> payload) {
  RecordUnknown(server, packet_id, payload);
  Report("packets_invalid", "unknown packet id {} from {}", packet_id,
         group_.program.servers[server].name);
}

}  // namespace stressbot
