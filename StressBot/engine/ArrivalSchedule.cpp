#include "StressBot/engine/ArrivalSchedule.h"

#include <algorithm>
#include <cmath>

#include "ServerCore/Assert.h"

namespace stressbot {

namespace {

constexpr double kNsPerSecond = 1e9;
/// Sums of stages carry rounding; an arrival closer than this to a stage's end belongs to the next.
constexpr double kTolerance = 1e-6;

}  // namespace

ArrivalSchedule::ArrivalSchedule(const Arrivals& arrivals) {
  Nanoseconds at{};
  double rate = arrivals.rate_at_start;
  double asked = 0;
  for (const Arrivals::Stage& stage : arrivals.stages) {
    const double more =
        (rate + stage.rate) / 2 * static_cast<double>(stage.duration.count()) / kNsPerSecond;
    if (more > 0)
      pieces_.push_back({at, at + stage.duration, asked, asked + more, rate, stage.rate});
    asked += more;
    rate = stage.rate;
    at += stage.duration;
  }
  count_ = static_cast<std::uint64_t>(std::max(std::ceil(asked - kTolerance), 0.0));
}

Nanoseconds ArrivalSchedule::DueOf(std::uint64_t arrival) {
  SC_ASSERT(arrival < count_);
  const auto number = static_cast<double>(arrival);
  while (at_ + 1 < pieces_.size() && pieces_[at_].after - kTolerance <= number) ++at_;
  const Piece& piece = pieces_[at_];
  const double within = std::max(number - piece.before, 0.0);
  // The root of rate x t + slope x t^2 / 2 = within, in the form that also holds for slope 0 and
  // loses no digits.
  const double seconds = static_cast<double>((piece.to - piece.from).count()) / kNsPerSecond;
  const double slope = (piece.rate_to - piece.rate_from) / seconds;
  const double square = piece.rate_from * piece.rate_from + 2 * slope * within;
  const double divisor = piece.rate_from + std::sqrt(std::max(square, 0.0));
  const double ns = divisor > 0 ? 2 * within * kNsPerSecond / divisor : 0;
  return std::min(piece.from + Nanoseconds(std::llround(ns)), piece.to - Nanoseconds(1));
}

}  // namespace stressbot
