#include "StressBot/engine/ShareDraw.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "StressBot/engine/Random.h"

namespace stressbot {

ShareDraw::ShareDraw(std::uint64_t seed, Firing firing, std::uint16_t group, std::uint32_t bots,
                     double share)
    : seed_(seed), firing_(firing), group_(group) {
  const auto wanted = static_cast<std::uint32_t>(std::llround(share * bots));
  const std::uint32_t taken = share > 0 ? std::clamp<std::uint32_t>(wanted, 1, bots) : 0;
  all_ = taken == bots;
  none_ = taken == 0;
  if (all_ || none_) return;
  std::vector<Lot> lots;
  lots.reserve(bots);
  for (std::uint32_t number = 0; number < bots; ++number) lots.push_back(LotOf(number));
  const auto last = lots.begin() + taken - 1;
  std::nth_element(lots.begin(), last, lots.end());
  last_ = *last;
}

bool ShareDraw::Takes(std::uint32_t number) const {
  if (all_ || none_) return all_;
  return LotOf(number) <= last_;
}

ShareDraw::Lot ShareDraw::LotOf(std::uint32_t number) const {
  Random random({seed_, firing_.event, firing_.number, group_, number});
  return {random.Next(), number};
}

}  // namespace stressbot
