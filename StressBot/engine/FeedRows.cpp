#include "StressBot/engine/FeedRows.h"

#include "StressBot/engine/Random.h"

namespace stressbot {

std::size_t FeedRows::RowOf(std::size_t feed, std::uint32_t number, std::uint64_t iteration) const {
  constexpr std::uint64_t kDrawForFeed = 0xFEED;  // no purpose of a bot's own draws
  const Feed& given = program_.feeds[feed];
  const std::uint64_t rows = given.table->rows();
  const std::uint64_t bot = given.first_bot[group_] + number;
  switch (given.give) {
    case Feed::Give::kUnique:
      return bot;
    case Feed::Give::kShared:  // round robin: all bots take one, then all take one again
      return (bot + iteration % rows * given.bots) % rows;
    case Feed::Give::kRandom:
      break;
  }
  return Random({program_.seed, group_, number, iteration, kDrawForFeed, feed}).Next() % rows;
}

}  // namespace stressbot
