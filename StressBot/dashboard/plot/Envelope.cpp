#include "StressBot/dashboard/plot/Envelope.h"

#include <algorithm>
#include <cmath>

namespace stressbot::plot {

namespace {

constexpr double kTouch_s = 1e-3;  ///< points closer than that have no gap between them

/// The first point whose middle is not before `at_s`.
std::size_t FirstFrom(const Points& points, double at_s) {
  std::size_t low = 0;
  std::size_t high = points.size();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (points.MiddleOf(middle) < at_s)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

double LowOf(const Line& line, std::size_t i) {
  const bool has = i < line.low.size() && std::isfinite(line.low[i]);
  return has ? std::min(line.low[i], line.values[i]) : line.values[i];
}
double HighOf(const Line& line, std::size_t i) {
  const bool has = i < line.high.size() && std::isfinite(line.high[i]);
  return has ? std::max(line.high[i], line.values[i]) : line.values[i];
}

}  // namespace

std::pair<std::size_t, std::size_t> PointsIn(const Points& points, double from_s, double to_s) {
  const std::size_t first = FirstFrom(points, from_s);
  return {first, std::max(first, FirstFrom(points, std::nextafter(to_s, HUGE_VAL)))};
}

std::vector<EnvelopeBin> Envelope(const Points& points, const Line& line, double from_s,
                                  double to_s, double bin_s) {
  std::vector<EnvelopeBin> bins;
  if (!(bin_s > 0) || !(to_s >= from_s)) return bins;
  // Whole bins: one that is cut by the edge must not lose points as the picture moves on.
  const double begin_s = std::floor(from_s / bin_s) * bin_s;
  const double end_s = (std::floor(to_s / bin_s) + 1) * bin_s;
  auto [first, last] = PointsIn(points, begin_s, end_s);
  if (first > 0) --first;
  last = std::min({last + 1, points.size(), line.values.size()});

  bool is_broken = true;  // since the last value
  double bin = 0;         // the place of the last value's
  for (std::size_t i = first; i < last; ++i) {
    const double value = line.values[i];
    if (i > first && points.from_s[i] > points.to_s[i - 1] + kTouch_s) is_broken = true;
    if (!std::isfinite(value)) {
      is_broken = true;
      continue;
    }
    const double place = std::floor(points.MiddleOf(i) / bin_s);
    const bool at_least = i < line.at_least.size() && line.at_least[i];
    if (!bins.empty() && !(place > bin)) {
      EnvelopeBin& same = bins.back();
      same.at_s = (bin + 0.5) * bin_s;
      same.value += value;  // the sum, until all are known
      same.low = std::min(same.low, LowOf(line, i));
      same.high = std::max(same.high, HighOf(line, i));
      same.at_least = same.at_least || at_least;
      ++same.points;
    } else {
      bins.push_back(
          {points.MiddleOf(i), value, LowOf(line, i), HighOf(line, i), 1, is_broken, at_least});
    }
    bin = place;
    is_broken = false;
  }
  for (EnvelopeBin& each : bins) each.value /= static_cast<double>(each.points);
  return bins;
}

std::pair<double, double> ExtremesIn(const Points& points, const Line& line, double from_s,
                                     double to_s, bool above_zero) {
  auto [first, last] = PointsIn(points, from_s, to_s);
  if (first > 0) --first;
  last = std::min({last + 1, points.size(), line.values.size()});
  std::pair<double, double> extremes{HUGE_VAL, -HUGE_VAL};
  for (std::size_t i = first; i < last; ++i) {
    if (!std::isfinite(line.values[i])) continue;
    for (const double value : {LowOf(line, i), line.values[i], HighOf(line, i)}) {
      if (above_zero && !(value > 0)) continue;
      extremes.first = std::min(extremes.first, value);
      extremes.second = std::max(extremes.second, value);
    }
  }
  return extremes;
}

}  // namespace stressbot::plot
