#include "tests/sim/EchoRoom.h"

#include <algorithm>
#include <utility>

namespace servercore::testing {

namespace {

using namespace std::chrono_literals;

/// Of many jobs, those that tell something: more than the pieces of one system call.
constexpr std::size_t kTellingJobs = 70;
/// Where jobs cost time they cost this much, which is a slice.
constexpr std::size_t kCostlyJobs = 1024;
constexpr Clock::duration kCostlyJobsTake = 1ms;

}  // namespace

EchoRoom::EchoRoom(SimWorld& world, ShardGroup& group, const PacketFraming& framing,
                   const EchoRoomOptions& options, std::function<void(std::string)> fault)
    : JobQueue(group.global_queue()),
      world_(world),
      group_(group),
      framing_(framing),
      options_(options),
      fault_(std::move(fault)),
      members_(group.size()) {}

void EchoRoom::Enter(SessionRef who) {
  if (empty()) {
    if (closes_at_ && options_.has_time && !timers_end_ && world_.Now() > *closes_at_) {
      fault_("a room did not close when it was due");
    }
    closes_.Cancel();
    closes_at_.reset();
    opened_at_ = world_.Now();
    ticked_ = 0;
    ticks_ = PushEvery(options_.tick, &EchoRoom::Tick);
  }
  Change(who, true);
}

void EchoRoom::Leave(SessionRef who) {
  Change(who, false);
  if (!empty()) return;
  CheckTicks();
  ticks_.Cancel();
  closes_at_ = world_.Now() + options_.empty_kept;
  closes_ = PushAfter(options_.empty_kept, &EchoRoom::CloseEmpty);
}

void EchoRoom::Tell(std::uint32_t sender, std::uint32_t number) {
  const SendBuffer buffer = MakeEchoPacket(Shard::Current()->send_buffers(), framing_, kBroadcast,
                                           {sender, number}, number % 20);
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (members_[i]) group_.shard(i).PostBroadcast(members_[i], buffer);
  }
}

void EchoRoom::PushMany(std::size_t jobs) {
  for (std::size_t place = 0; place < jobs; ++place) {
    Push(&EchoRoom::RunOneOfMany, pushed_++, place);
  }
}

void EchoRoom::RunOneOfMany(std::uint64_t serial, std::size_t place) {
  if (serial != ran_++) fault_("a room's jobs were lost, doubled or out of order");
  // From the first to the last of them the queue is never empty, so that only the GlobalQueue can
  // have brought it here.
  Shard& here = *Shard::Current();
  if (place > 0 && ran_on_ != &here) ++counts_.taken_over;
  ran_on_ = &here;
  if (place < kTellingJobs) Recite();
  if (!options_.has_time && place % kCostlyJobs == kCostlyJobs - 1) {
    world_.Spend(here, kCostlyJobsTake);
  }
}

/// A packet made for each member: unlike a broadcast's, no two that lie one behind the other go to
/// the same member, so that each waits as a piece of its own.
void EchoRoom::Recite() {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (!members_[i]) continue;
    for (const SessionId id : *members_[i]) {
      group_.shard(i).PostSend(id, MakeEchoPacket(Shard::Current()->send_buffers(), framing_,
                                                  kBroadcast, {options_.reciter, recited_}, 4));
    }
  }
  ++recited_;
}

void EchoRoom::Tick() {
  if (empty()) fault_("a room ticked after that was cancelled");
  ++ticked_;
  ++counts_.ticks;
  const Clock::duration since = world_.Now() - opened_at_;
  if (since < ticked_ * options_.tick) fault_("a room ticked before it was due");
  if (options_.has_time && since % options_.tick != 0ns) fault_("a room ticked beside its grid");
  CheckTicks();
  Recite();
}

void EchoRoom::CheckTicks() const {
  if (!options_.has_time || timers_end_) return;
  if (world_.Now() - opened_at_ > (ticked_ + 1) * options_.tick) fault_("a room missed a tick");
}

void EchoRoom::CloseEmpty() {
  if (!closes_at_ || !empty()) return fault_("a room closed after that was cancelled");
  const bool is_on_time =
      options_.has_time ? world_.Now() == *closes_at_ : world_.Now() >= *closes_at_;
  if (!is_on_time) fault_("a room closed when it was not due");
  closes_at_.reset();
  ++counts_.closed;
}

bool EchoRoom::empty() const {
  return std::ranges::all_of(members_, [](const auto& list) { return !list || list->empty(); });
}

void EchoRoom::Change(SessionRef who, bool enters) {
  SessionList& list = members_[who.shard()->index()];
  auto changed = list ? std::make_shared<std::vector<SessionId>>(*list)
                      : std::make_shared<std::vector<SessionId>>();
  if (enters) {
    changed->push_back(who.id());
  } else {
    std::erase(*changed, who.id());
  }
  list = std::move(changed);
}

void EchoRoom::CheckNothingIsLeft() const {
  if (!empty()) fault_("a room kept a member");
  if (ran_ != pushed_) fault_("a room lost jobs");
}

}  // namespace servercore::testing
