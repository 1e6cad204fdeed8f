#include <algorithm>

#include "StressBot/engine/Bot.h"
#include "StressBot/engine/BotShard.h"
#include "StressBot/engine/GroupRun.h"

/// Requests with `await: false`: they stand apart from the positions, since their flow went on at
/// once. Their memory is used again.
namespace stressbot {

/// Where the next request of that step can be open; nullptr when too many of it are.
Bot::Position* Bot::PlaceApart(std::uint16_t index) {
  if (apart_ == nullptr) apart_ = std::make_unique<std::vector<Position>>();
  std::size_t open = 0;
  Position* place = nullptr;
  for (Position& position : *apart_) {
    if (position.wait != Wait::kReply) {
      place = &position;
    } else if (position.request.index == index) {
      ++open;
    }
  }
  if (open >= kApartMax) return nullptr;
  return place != nullptr ? place : &apart_->emplace_back();
}

/// To `server`, or to any.
bool Bot::HasOpenApart(std::optional<std::uint8_t> server) const {
  if (apart_ == nullptr) return false;
  return std::any_of(apart_->begin(), apart_->end(), [&](const Position& position) {
    return position.wait == Wait::kReply &&
           (!server || group_.flow.requests[position.request.index].expect.server == *server);
  });
}

void Bot::CloseApart(Position& position) {
  position.wait = Wait::kInactive;
  position.wake_at = kNever;
}

/// Lets those look again that wait for such replies before they leave.
void Bot::Settle() {
  for (Position& position : positions()) {
    if (position.wait == Wait::kSettle) position.wait = Wait::kReady;
  }
  RunReady();
}

/// A request has ended, and its bot goes on.
void Bot::GoOnBehind(Position& position, bool awaited) {
  if (awaited) {
    ContinueAt(position, static_cast<std::uint16_t>(position.pc + 1), shard_.now());
  } else {
    Settle();
  }
}

}  // namespace stressbot
