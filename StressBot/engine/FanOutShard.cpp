#include "StressBot/engine/FanOutShard.h"

#include <algorithm>
#include <limits>

#include "ServerCore/Assert.h"
#include "StressBot/engine/BotShard.h"
#include "StressBot/engine/FanOutBot.h"

namespace stressbot {

using servercore::Clock;

namespace {

constexpr std::chrono::seconds kSecond{1};
/// Seconds for which a shard may lag behind another before some are left unjudged.
constexpr Second kLagMax = 4;
constexpr Second kForEver = std::numeric_limits<Second>::max();

/// Whole seconds that hold the longest `within`.
Second LongestWait(const Program& program) {
  Nanoseconds longest{};
  for (const FanOut& fanout : program.fanouts) longest = std::max(longest, fanout.within);
  return std::chrono::ceil<std::chrono::seconds>(longest).count();
}

}  // namespace

FanOutShard::FanOutShard(BotShard& shard, const Program& program, std::size_t index,
                         std::size_t shards)
    : shard_(shard),
      program_(program),
      index_(index),
      wait_(LongestWait(program)),
      slots_(static_cast<std::size_t>(wait_ + 2 + kLagMax)),
      told_(shards, -1) {}

FanOutShard::~FanOutShard() { shard_.shard().timers().Cancel(*this); }

Clock::time_point FanOutShard::BeginningOf(Second second) const {
  return shard_.started_at() + second * kSecond;
}

Second FanOutShard::Now() const { return (shard_.now() - shard_.started_at()) / kSecond; }

void FanOutShard::Start() {
  shard_.shard().timers().Set(*this, BeginningOf(next_published_ + 1 + wait_));
}

void FanOutShard::OnTimer(Clock::time_point now) {
  while (BeginningOf(next_published_ + 1 + wait_) <= now) Publish(next_published_++);
  Forget(Now());
  shard_.shard().timers().Set(*this, BeginningOf(next_published_ + 1 + wait_));
}

void FanOutShard::Finish() {
  shard_.shard().timers().Cancel(*this);
  for (const Second now = Now(); next_published_ <= now;) Publish(next_published_++);
  auto last = std::make_shared<Report>();
  last->second = kForEver;
  Tell(last);
}

/// Tells all shards what this one's bots sent in that second.
void FanOutShard::Publish(Second second) {
  auto report = std::make_shared<Report>();
  report->second = second;
  for (const auto& [key, audience] : audiences_) {
    for (std::size_t fanout = 0; fanout < program_.fanouts.size(); ++fanout) {
      const Audience::Cell& cell = audience->own(fanout, second);
      if (cell.second != second) continue;
      report->entries.push_back({audience->server, audience->name,
                                 static_cast<std::uint8_t>(fanout), cell.sent, cell.uncertain});
    }
  }
  Tell(report);
}

void FanOutShard::Tell(const std::shared_ptr<const Report>& report) {
  for (FanOutShard* const other : all_) {
    if (other == this) continue;
    other->shard_.shard().Post([other, from = index_, report] { other->Hear(from, *report); });
  }
  Hear(index_, *report);
}

void FanOutShard::Hear(std::size_t from, const Report& report) {
  for (const Report::Entry& entry : report.entries) {
    const auto found = audiences_.find(KeyOf(entry.server, entry.audience));
    if (found == audiences_.end()) continue;  // none of ours is to hear it
    Audience::Cell& total = found->second->total(entry.fanout, report.second);
    if (!TakeCell(total, report.second)) continue;
    total.sent += entry.sent;
    total.uncertain = total.uncertain || entry.uncertain;
  }
  told_[from] = report.second;
  const Second told_by_all = *std::min_element(told_.begin(), told_.end());
  while (next_judged_ <= told_by_all && told_[index_] != kForEver) Judge(next_judged_++);
}

void FanOutShard::Judge(Second second) {
  for (FanOutBot* const member : members_) member->Judge(second);
}

/// Rooms come and go: what nobody uses any more takes no memory.
void FanOutShard::Forget(Second now) {
  std::erase_if(audiences_, [&](const auto& entry) {
    const Audience& audience = *entry.second;
    return audience.members == 0 && audience.used_at + static_cast<Second>(slots_) + 1 < now;
  });
}

const std::string& FanOutShard::KeyOf(std::uint8_t server, std::string_view name) {
  key_.assign(1, static_cast<char>(server));
  key_.append(name);
  return key_;
}

Audience& FanOutShard::AudienceOf(std::uint8_t server, std::string_view name) {
  std::unique_ptr<Audience>& audience = audiences_[KeyOf(server, name)];
  if (audience == nullptr) {
    audience =
        std::make_unique<Audience>(server, std::string(name), program_.fanouts.size(), slots_);
  }
  audience->used_at = Now();
  return *audience;
}

void FanOutShard::Add(FanOutBot& member) { members_.push_back(&member); }

void FanOutShard::Remove(FanOutBot& member) { std::erase(members_, &member); }

}  // namespace stressbot
