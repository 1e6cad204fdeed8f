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
  double rate = arrivals.rate_at_start;
  for (const Arrivals::Stage& stage : arrivals.stages) {
    Add(end_, end_ + stage.duration, rate, stage.rate);
    rate = stage.rate;
    end_ += stage.duration;
  }
  CountUp();
}

void ArrivalSchedule::Add(Nanoseconds from, Nanoseconds to, double rate_from, double rate_to) {
  const double before = pieces_.empty() ? 0 : pieces_.back().after;
  const double more =
      (rate_from + rate_to) / 2 * static_cast<double>((to - from).count()) / kNsPerSecond;
  if (more > 0) pieces_.push_back({from, to, before, before + more, rate_from, rate_to});
}

void ArrivalSchedule::CountUp() {
  const double asked = pieces_.empty() ? 0 : pieces_.back().after;
  count_ = static_cast<std::uint64_t>(std::max(std::ceil(asked - kTolerance), 0.0));
}

double ArrivalSchedule::RateAt(Nanoseconds at) const {
  for (const Piece& piece : pieces_) {
    if (at < piece.from || at >= piece.to) continue;
    const double part = static_cast<double>((at - piece.from).count()) /
                        static_cast<double>((piece.to - piece.from).count());
    return piece.rate_from + (piece.rate_to - piece.rate_from) * part;
  }
  return 0;
}

void ArrivalSchedule::Change(Nanoseconds at, Nanoseconds over, double rate) {
  at = std::clamp(at, Nanoseconds::zero(), end_);
  const double rate_before = RateAt(at);
  while (!pieces_.empty() && pieces_.back().from >= at) pieces_.pop_back();
  if (!pieces_.empty() && pieces_.back().to > at) {
    const Piece cut = pieces_.back();
    pieces_.pop_back();
    Add(cut.from, at, cut.rate_from, rate_before);
  }
  const Nanoseconds reached = at + std::min(over, end_ - at);
  Add(at, reached, rate_before, rate);
  Add(reached, end_, rate, rate);
  at_ = 0;
  CountUp();
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
