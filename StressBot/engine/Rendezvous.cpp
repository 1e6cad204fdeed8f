#include "StressBot/engine/Rendezvous.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "ServerCore/Assert.h"
#include "StressBot/engine/BotShard.h"

namespace stressbot {

using servercore::Clock;

RendezvousDesk::RendezvousDesk(std::vector<BotShard*> shards,
                               const std::vector<std::uint32_t>& bots_needed)
    : shards_(std::move(shards)) {
  for (const std::uint32_t needed : bots_needed) {
    Point& point = points_.emplace_back();
    point.needed = needed;
    point.arrived.resize(shards_.size(), 0);
    point.released.resize(shards_.size(), 0);
  }
}

void RendezvousDesk::Arrive(std::size_t point, std::size_t shard, Clock::time_point now) {
  Point& meeting = points_[point];
  ++meeting.arrived[shard];
  if (++meeting.waiting >= meeting.needed) Release(point, now);
}

void RendezvousDesk::Leave(std::size_t point, std::size_t shard, std::uint32_t arrival) {
  Point& meeting = points_[point];
  // Else the meeting was complete before the news of its leaving came.
  if (arrival >= meeting.released[shard]) --meeting.waiting;
}

void RendezvousDesk::Release(std::size_t point, Clock::time_point at) {
  Point& meeting = points_[point];
  meeting.waiting = 0;
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    if (meeting.released[i] == meeting.arrived[i]) continue;
    meeting.released[i] = meeting.arrived[i];
    shards_[i]->shard().Post([shard = shards_[i], point, upto = meeting.arrived[i], at] {
      shard->ReleaseRendezvous(point, upto, at);
    });
  }
}

std::uint32_t WaitingBots::Add(Bot& bot, std::uint8_t position) {
  list_.push_back({arrivals_, position, &bot});
  return arrivals_++;
}

void WaitingBots::Remove(std::uint32_t arrival) {
  const auto found =
      std::lower_bound(list_.begin(), list_.end(), arrival,
                       [](const Waiting& w, std::uint32_t number) { return w.arrival < number; });
  SC_ASSERT(found != list_.end() && found->arrival == arrival && found->bot != nullptr);
  found->bot = nullptr;
  if (++left_ * 2 <= list_.size()) return;
  std::erase_if(list_, [](const Waiting& w) { return w.bot == nullptr; });
  left_ = 0;
}

std::vector<WaitingBots::Waiting> WaitingBots::Take(std::uint32_t upto) {
  std::vector<Waiting> taken;
  const auto end = std::find_if(list_.begin(), list_.end(),
                                [upto](const Waiting& w) { return w.arrival >= upto; });
  std::copy_if(list_.begin(), end, std::back_inserter(taken),
               [](const Waiting& w) { return w.bot != nullptr; });
  left_ -= static_cast<std::size_t>(end - list_.begin()) - taken.size();
  list_.erase(list_.begin(), end);
  return taken;
}

}  // namespace stressbot
