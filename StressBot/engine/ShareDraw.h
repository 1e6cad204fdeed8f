#pragma once
#include <cstdint>
#include <utility>

#include "StressBot/engine/LoadCommand.h"

namespace stressbot {

/// Which bots of a group a firing takes: exactly that share of them (rounded, and at least one of a
/// share above 0), drawn by the seed. Every shard draws the same for itself, so that nobody has to
/// tell anybody.
class ShareDraw {
 public:
  ShareDraw(std::uint64_t seed, Firing firing, std::uint16_t group, std::uint32_t bots,
            double share);

  bool Takes(std::uint32_t number) const;  ///< of a bot within its group

 private:
  using Lot = std::pair<std::uint64_t, std::uint32_t>;  ///< drawn, and the number for equal draws
  Lot LotOf(std::uint32_t number) const;

  const std::uint64_t seed_;
  const Firing firing_;
  const std::uint16_t group_;
  bool all_ = false;
  bool none_ = false;
  Lot last_{};  ///< the highest that is taken
};

}  // namespace stressbot
