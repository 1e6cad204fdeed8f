#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "StressBot/engine/Program.h"

namespace stressbot {

/// When each arrival of an open group is due. With N(t) for how many the rate asks for until t (the
/// rate's integral), arrival k is due at the moment at which N exceeds k: at a constant rate at
/// k / rate. Each time is computed from k alone, so the grid never drifts.
class ArrivalSchedule {
 public:
  explicit ArrivalSchedule(const Arrivals& arrivals);

  std::uint64_t count() const { return count_; }  ///< of all stages
  /// From the beginning of the first stage; before the end of the last. Constant time when asked in
  /// ascending order. REQUIRES arrival < count() and not less than in the call before.
  Nanoseconds DueOf(std::uint64_t arrival);

  double RateAt(Nanoseconds at) const;
  /// From `at` on the rate goes to `rate`, linearly, and stays there until the end. What was due
  /// before stays as it was, and so do the numbers. DueOf may then be asked from any number on.
  void Change(Nanoseconds at, Nanoseconds over, double rate);

 private:
  /// Of a stage that brings anybody.
  struct Piece {
    Nanoseconds from{}, to{};
    double before = 0;  ///< N at its beginning
    double after = 0;   ///< N at its end
    double rate_from = 0, rate_to = 0;
  };
  void Add(Nanoseconds from, Nanoseconds to, double rate_from, double rate_to);
  void CountUp();

  std::vector<Piece> pieces_;
  Nanoseconds end_{};
  std::size_t at_ = 0;  ///< the piece of the last arrival asked for
  std::uint64_t count_ = 0;
};

}  // namespace stressbot
