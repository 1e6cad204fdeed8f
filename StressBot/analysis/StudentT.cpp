#include "StressBot/analysis/StudentT.h"

#include <cmath>
#include <numbers>

namespace stressbot {

namespace {

/// The probability that a variable exceeds t >= 0.
double UpperTail(double t, int degrees) {
  const double angle = std::atan2(t, std::sqrt(degrees));
  const double cosine = std::cos(angle);
  const bool is_odd = degrees % 2 == 1;
  // The terms of the series: each is the one before times cos^2 and a fraction.
  double term = is_odd ? cosine : 1;
  double sum = 0;
  for (int i = is_odd ? 3 : 2; i <= degrees; i += 2) {
    sum += term;
    term *= cosine * cosine * (i - 1) / i;
  }
  const double within =
      is_odd ? (angle + std::sin(angle) * sum) * 2 / std::numbers::pi : std::sin(angle) * sum;
  return (1 - within) / 2;
}

}  // namespace

double StudentTQuantile(double tail, int degrees) {
  double low = 0;
  double high = 1;
  while (UpperTail(high, degrees) > tail && high < 1e12) high *= 2;
  constexpr int kHalvings = 60;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = low + (high - low) / 2;
    (UpperTail(middle, degrees) > tail ? low : high) = middle;
  }
  return high;
}

}  // namespace stressbot
