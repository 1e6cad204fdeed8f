#include "StressBot/engine/FanOutBot.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "StressBot/engine/BotShard.h"
#include "StressBot/engine/FanOutShard.h"
#include "StressBot/engine/Stamp.h"

namespace stressbot {

namespace {

/// How much before a second a bot must have joined to be judged for it: far more than the clocks of
/// two shards can differ, and than what a bot learns late.
constexpr std::chrono::seconds kMargin{1};

}  // namespace

FanOutBot::FanOutBot(FanOutShard& shard, std::span<const FanOutMetrics> metrics, std::uint32_t bot)
    : shard_(shard), metrics_(metrics), bot_(bot) {}

void FanOutBot::Join(std::uint8_t server, std::string_view audience) {
  Audience& joined = shard_.AudienceOf(server, audience);
  if (std::find(audiences_.begin(), audiences_.end(), &joined) != audiences_.end()) return;
  ++joined.members;
  audiences_.push_back(&joined);
  if (audiences_.size() == 1) {
    heard_.assign(shard_.program().fanouts.size() * shard_.slots(), Heard{});
    shard_.Add(*this);
  }
  member_since_ = shard_.shard().now();
}

template <typename IsMeant>
void FanOutBot::LeaveIf(const IsMeant& is_meant) {
  const auto leaves = [&](Audience* audience) {
    if (!is_meant(*audience)) return false;
    --audience->members;
    audience->used_at = shard_.Now();
    return true;
  };
  if (std::erase_if(audiences_, leaves) == 0) return;
  member_since_ = shard_.shard().now();
  if (!audiences_.empty()) return;
  shard_.Remove(*this);
  for (std::size_t fanout = 0; fanout < metrics_.size(); ++fanout) {
    for (std::size_t slot = 0; slot < shard_.slots(); ++slot) {
      const Heard& heard = heard_[fanout * shard_.slots() + slot];
      if (heard.second >= shard_.next_judged()) CountApart(fanout, heard.heard);
    }
  }
}

void FanOutBot::Leave(std::uint8_t server, std::string_view audience) {
  LeaveIf([&](const Audience& one) { return one.server == server && one.name == audience; });
}

void FanOutBot::LeaveServer(std::uint8_t server) {
  LeaveIf([&](const Audience& one) { return one.server == server; });
}

void FanOutBot::LeaveAll() {
  LeaveIf([](const Audience&) { return true; });
}

FanOutBot::Heard& FanOutBot::HeardIn(std::size_t fanout, Second second) {
  return heard_[fanout * shard_.slots() + static_cast<std::size_t>(second) % shard_.slots()];
}

/// Makes it what was heard in that second; false when that is too long ago.
bool FanOutBot::Take(Heard& heard, Second second) {
  if (heard.second < second) heard = {second, 0, 0};
  return heard.second == second;
}

bool FanOutBot::Hear(std::uint8_t server, PacketIndex packet, std::span<const std::byte> payload) {
  const std::vector<FanOut>& fanouts = shard_.program().fanouts;
  for (std::size_t i = 0; i < fanouts.size(); ++i) {
    if (fanouts[i].server != server || fanouts[i].packet != packet) continue;
    const auto stamp = ReadStamp(fanouts[i], static_cast<std::uint8_t>(i + 1), payload);
    if (!stamp) continue;
    if (fanouts[i].to_sender || stamp->bot != bot_) HearStamped(i, stamp->sent_us, stamp->late_us);
    return true;
  }
  return false;
}

void FanOutBot::HearStamped(std::size_t fanout, std::uint32_t sent_us, std::uint32_t late_us) {
  using Microseconds = std::chrono::duration<std::int64_t, std::micro>;
  BotShard& bots = shard_.shard();
  const auto now = std::chrono::duration_cast<Microseconds>(bots.now() - bots.started_at());
  // The moment is known but for multiples of 71 minutes. It may lie a little ahead: a shard reads
  // its clock once a turn, and the sender's may have read its own later.
  const Microseconds age(
      static_cast<std::int32_t>(static_cast<std::uint32_t>(now.count()) - sent_us));
  const Microseconds sent = now - age;
  if (age < -kMargin) return;                            // nobody's stamp
  if (bots.started_at() + sent < member_since_) return;  // of before it came: told again, perhaps
  const Microseconds took = std::max(age, Microseconds(0));
  const Nanoseconds delay = took + Microseconds(late_us);
  if (late_us < Stamp::kLateMax) {
    bots.frame().Record(metrics_[fanout].delay, delay.count());
  } else {
    bots.frame().RecordAtLeast(metrics_[fanout].delay, delay.count());
  }
  const Second second = sent / std::chrono::seconds(1);
  Heard& heard = HeardIn(fanout, second);
  if (took <= shard_.program().fanouts[fanout].within && Take(heard, second)) ++heard.heard;
}

void FanOutBot::Judge(Second second) {
  const bool is_settled = member_since_ + kMargin <= shard_.BeginningOf(second);
  for (std::size_t fanout = 0; fanout < metrics_.size(); ++fanout)
    JudgeFanOut(fanout, second, is_settled);
}

void FanOutBot::JudgeFanOut(std::size_t fanout, Second second, bool is_settled) {
  const Heard& kept = HeardIn(fanout, second);
  const Heard heard = kept.second == second ? kept : Heard{};
  bool is_certain = is_settled && kept.second <= second;
  std::uint32_t expected = 0;
  const Audience* first = nullptr;
  for (Audience* const audience : audiences_) {
    const Audience::Cell& total = audience->total(fanout, second);
    is_certain = is_certain && total.second <= second;
    if (total.second != second) continue;
    if (first == nullptr) first = audience;
    expected += total.sent;
    is_certain = is_certain && !total.uncertain;
  }
  if (!is_certain) return CountApart(fanout, heard.heard);
  if (!shard_.program().fanouts[fanout].to_sender) expected -= std::min(expected, heard.own);
  if (expected == 0) return;
  const std::uint32_t delivered = std::min(heard.heard, expected);
  MetricsFrame& frame = shard_.shard().frame();
  frame.Count(metrics_[fanout].delivered, true, delivered);
  frame.Count(metrics_[fanout].delivered, false, expected - delivered);
  if (delivered < expected) ReportMissing(fanout, second, expected - delivered, expected, *first);
}

void FanOutBot::CountApart(std::size_t fanout, std::uint32_t heard) {
  shard_.shard().frame().Add(metrics_[fanout].apart, heard);
}

void FanOutBot::ReportMissing(std::size_t fanout, Second second, std::uint32_t missing,
                              std::uint32_t expected, const Audience& audience) {
  constexpr std::string_view kMetric = "fanout_delivered";
  BotShard& bots = shard_.shard();
  if (!bots.failures().Wants(kMetric)) return;
  const auto at = bots.now() - bots.started_at();
  bots.failures().Add(
      kMetric, at,
      fmt::format("bot {} at {:.1f} s, {} of {} did not arrive, sent in step {} to audience \"{}\" "
                  "after {} s",
                  bot_, std::chrono::duration<double>(at).count(), missing, expected,
                  shard_.program().fanouts[fanout].step, audience.name, second));
}

void FanOutBot::Sent(std::uint8_t server, std::string_view audience, std::uint8_t fanout,
                     std::uint32_t order) {
  Audience& audience_sent_to = shard_.AudienceOf(server, audience);
  const Second now = shard_.Now();
  Audience::Cell& cell = audience_sent_to.own(fanout, now);
  TakeCell(cell, now);
  ++cell.sent;
  const bool is_member =
      std::find(audiences_.begin(), audiences_.end(), &audience_sent_to) != audiences_.end();
  if (is_member) {
    Heard& heard = HeardIn(fanout, now);
    if (Take(heard, now)) ++heard.own;
  }
  const Unanswered entry{&audience_sent_to, now, order, fanout};
  if (order == 0) {  // one for all sends of a second
    ForgetOld();
    const bool is_there =
        std::any_of(unanswered_.begin(), unanswered_.end(), [&](const Unanswered& other) {
          return other.order == 0 && other.audience == entry.audience && other.second == now &&
                 other.fanout == fanout;
        });
    if (is_there) return;
  }
  unanswered_.push_back(entry);
}

void FanOutBot::Answered(std::uint32_t order) {
  std::erase_if(unanswered_, [order](const Unanswered& entry) { return entry.order == order; });
}

void FanOutBot::Doubt(std::uint32_t order) {
  for (const Unanswered& entry : unanswered_) {
    if (entry.order == order) MarkUncertain(entry);
  }
  Answered(order);
}

void FanOutBot::SendsEnded(std::uint8_t server, bool delivered) {
  ForgetOld();
  const auto is_meant = [server](const Unanswered& entry) {
    return entry.order == 0 && entry.audience->server == server;
  };
  for (const Unanswered& entry : unanswered_) {
    if (!delivered && is_meant(entry)) MarkUncertain(entry);
  }
  std::erase_if(unanswered_, is_meant);
}

/// Sends of which all has been said. Their audiences may be gone.
void FanOutBot::ForgetOld() {
  std::erase_if(unanswered_, [this](const Unanswered& entry) {
    return entry.order == 0 && !IsRemembered(entry.second);
  });
}

bool FanOutBot::IsRemembered(Second second) const {
  return second + static_cast<Second>(shard_.slots()) > shard_.Now();
}

void FanOutBot::MarkUncertain(const Unanswered& entry) const {
  if (!IsRemembered(entry.second)) return;
  Audience::Cell& cell = entry.audience->own(entry.fanout, entry.second);
  if (cell.second == entry.second) cell.uncertain = true;
}

}  // namespace stressbot
