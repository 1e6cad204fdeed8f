#pragma once
#include <cstddef>
#include <random>
#include <vector>

#include "StressBot/dashboard/plot/Chart.h"

/// Made-up data for tests of plots.
namespace stressbot::plot {

inline Points Seconds(std::size_t count) {
  Points points;
  for (std::size_t i = 0; i < count; ++i) {
    points.from_s.push_back(static_cast<double>(i));
    points.to_s.push_back(static_cast<double>(i + 1));
  }
  return points;
}

inline Line Constant(std::size_t count, double value) {
  Line line;
  line.name = "constant";
  line.values.assign(count, value);
  return line;
}

/// Of different lengths, some with a gap before them.
inline Points RandomPoints(std::mt19937_64& random, std::size_t count) {
  std::uniform_real_distribution<> length(0.05, 3);
  Points points;
  double at = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (random() % 10 == 0) at += length(random);
    points.from_s.push_back(at);
    at += length(random);
    points.to_s.push_back(at);
  }
  return points;
}

/// Some values are missing.
inline Line RandomLine(std::mt19937_64& random, std::size_t count, bool has_extremes) {
  std::uniform_real_distribution<> value(0, 1'000);
  std::uniform_real_distribution<> more(0, 50);
  Line line;
  line.name = "random";
  for (std::size_t i = 0; i < count; ++i) {
    const double v = random() % 8 == 0 ? kNoValue : value(random);
    line.values.push_back(v);
    if (!has_extremes) continue;
    line.low.push_back(v - more(random));
    line.high.push_back(v + more(random));
  }
  return line;
}

}  // namespace stressbot::plot
