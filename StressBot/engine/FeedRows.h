#pragma once
#include <cstddef>
#include <cstdint>

#include "StressBot/engine/Program.h"

namespace stressbot {

/// Which row of each feed a bot of one group has. Computed, not kept: the same seed gives the same
/// rows whatever the shards or the timing, and a bot needs no memory for it.
/// Immutable; any thread.
class FeedRows {
 public:
  FeedRows(const Program& program, std::size_t group) : program_(program), group_(group) {}

  /// `number` is the bot's within its group, `iteration` counts from 0.
  /// REQUIRES a feed that the group's flow uses.
  std::size_t RowOf(std::size_t feed, std::uint32_t number, std::uint64_t iteration) const;
  const Value& At(std::size_t feed, std::size_t column, std::uint32_t number,
                  std::uint64_t iteration) const {
    return program_.feeds[feed].table->at(RowOf(feed, number, iteration), column);
  }

 private:
  const Program& program_;
  const std::size_t group_;
};

}  // namespace stressbot
