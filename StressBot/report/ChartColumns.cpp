#include "StressBot/report/ChartColumns.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "StressBot/report/JsonValues.h"

namespace stressbot {

namespace {

using Json = nlohmann::ordered_json;

constexpr double kShortestShown = 0.5;  ///< s; less of a second tells no rate and no share

/// A value with its extremes, column by column.
class ChartLine {
 public:
  explicit ChartLine(bool has_extremes) : has_extremes_(has_extremes) {}
  void Add(double value, double low, double high) {
    values_.push_back(ChartNumber(value));
    if (!has_extremes_) return;
    low_.push_back(ChartNumber(low));
    high_.push_back(ChartNumber(high));
  }
  Json Take() {
    Json json{{"v", std::move(values_)}};
    if (!has_extremes_) return json;
    json["lo"] = std::move(low_);
    json["hi"] = std::move(high_);
    return json;
  }

 private:
  bool has_extremes_;
  Json values_ = Json::array(), low_ = Json::array(), high_ = Json::array();
};

}  // namespace

Json ChartNumber(double value) {
  if (!std::isfinite(value)) return {};
  const double rounded = std::strtod(fmt::format("{:.4g}", value).c_str(), nullptr);
  constexpr double kWholeMax = 1e15;
  if (std::abs(rounded) < kWholeMax && !(std::floor(rounded) < rounded))
    return static_cast<std::int64_t>(rounded);  // "5", not "5.0"
  return rounded;
}

ChartColumns::ChartColumns(const Timeline& timeline, std::size_t columns_max)
    : timeline_(timeline) {
  const std::vector<Timeline::Span>& spans = timeline.spans();
  if (spans.empty()) return;
  // Each change of phase begins a column too.
  constexpr std::size_t kPhases = 3;
  const auto width = spans.size() <= columns_max
                         ? std::chrono::nanoseconds::zero()
                         : spans.back().to / static_cast<std::int64_t>(columns_max - kPhases);
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const bool joins = i > 0 && width > std::chrono::nanoseconds::zero() &&
                       spans[i].phase == spans[i - 1].phase &&
                       spans[i].from / width == spans[columns_.back().first].from / width;
    if (joins) {
      columns_.back().last = i;
    } else {
      columns_.push_back({i, i});
    }
  }
}

double ChartColumns::WidthOf(const Column& column) const {
  return stressbot::SecondsOf(timeline_.spans()[column.last].to -
                              timeline_.spans()[column.first].from);
}

double ChartColumns::SecondsOf(std::size_t span) const {
  const Timeline::Span& place = timeline_.spans()[span];
  return stressbot::SecondsOf(place.to - place.from);
}

std::size_t ChartColumns::LastOfLoad() const {
  for (std::size_t i = columns_.size(); i > 0; --i) {
    if (timeline_.spans()[columns_[i - 1].first].phase == Phase::kLoad) return i - 1;
  }
  return columns_.size();
}

Json ChartColumns::FromSeconds() const {
  Json list = Json::array();
  for (const Column& column : columns_) {
    list.push_back(std::round(1e3 * stressbot::SecondsOf(timeline_.spans()[column.first].from)) /
                   1e3);
  }
  return list;
}

Json ChartColumns::ToSeconds() const {
  Json list = Json::array();
  for (const Column& column : columns_) {
    list.push_back(std::round(1e3 * stressbot::SecondsOf(timeline_.spans()[column.last].to)) / 1e3);
  }
  return list;
}

Json ChartColumns::PerSecond(const std::function<std::uint64_t(std::size_t)>& count) const {
  constexpr double kShortest = 1;
  ChartLine lines(IsMerged());
  bool any = false;
  for (const Column& column : columns_) {
    std::uint64_t sum = 0;
    double seconds = 0;
    double low = HUGE_VAL;
    double high = 0;
    for (std::size_t i = column.first; i <= column.last; ++i) {
      const std::uint64_t of_span = count(i);
      const double rate = static_cast<double>(of_span) / std::max(SecondsOf(i), kShortest);
      sum += of_span;
      seconds += SecondsOf(i);
      low = std::min(low, rate);
      high = std::max(high, rate);
    }
    any = any || sum > 0;
    lines.Add(static_cast<double>(sum) / std::max(seconds, kShortest), low, high);
  }
  return any ? lines.Take() : Json();
}

Json ChartColumns::Counters(const Indexes& indexes) const {
  return PerSecond([&](std::size_t span) {
    std::uint64_t sum = 0;
    for (const std::uint32_t index : indexes) sum += timeline_.counter(CounterId{index}).At(span);
    return sum;
  });
}

Json ChartColumns::Flow(const Indexes& indexes) const {
  Json json = Counters(indexes);
  if (json.is_null()) return json;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const Column& column = columns_[i];
    const double seconds = WidthOf(column);
    if (seconds >= 1) continue;
    for (auto& [name, values] : json.items())
      values[i] =
          seconds < kShortestShown ? Json() : ChartNumber(values[i].get<double>() / seconds);
  }
  return json;
}

Json ChartColumns::Gauges(const Indexes& indexes, double factor) const {
  ChartLine lines(IsMerged());
  bool any = false;
  for (const Column& column : columns_) {
    double sum = 0;
    double low = HUGE_VAL;
    double high = -HUGE_VAL;
    for (std::size_t i = column.first; i <= column.last; ++i) {
      GaugePoint all;
      for (const std::uint32_t index : indexes) {
        const GaugePoint point = timeline_.gauge(GaugeId{index}).At(i);
        all.mean += factor * point.mean;
        all.min += factor * point.min;
        all.max += factor * point.max;
      }
      sum += all.mean;
      low = std::min(low, all.min);
      high = std::max(high, all.max);
    }
    const bool is_last = &column == &columns_.back() && columns_.size() > 1;
    if (is_last && WidthOf(column) < kShortestShown) {
      lines.Add(HUGE_VAL, HUGE_VAL, HUGE_VAL);  // not a number: null
      continue;
    }
    any = any || high > 0;
    lines.Add(sum / static_cast<double>(column.last - column.first + 1), low, high);
  }
  return any ? lines.Take() : Json();
}

ChartColumns::Trends ChartColumns::Merged(const Indexes& indexes) const {
  Trends trends;
  trends.values.fill(Json::array());
  Json bounds = Json::array();
  bool any_bound = false;
  for (const Column& column : columns_) {
    TrendPoint merged;
    for (std::size_t i = column.first; i <= column.last; ++i) {
      for (const std::uint32_t index : indexes) {
        const Timeline::Trends& trend = timeline_.trend(TrendId{index});
        if (trend.empty() || i < trend.first) continue;
        MergePoint(merged, 1, trend.points[i - trend.first], 1);
      }
    }
    for (std::size_t i = 0; i < TrendPoint::kValues; ++i) {
      const auto ns = static_cast<double>(merged.values_ns[i]);
      trends.values[i].push_back(merged.count == 0 ? Json() : ChartNumber(MillisecondsOf(ns)));
    }
    any_bound = any_bound || merged.lower_bound_from < TrendPoint::kValues;
    bounds.push_back(merged.lower_bound_from);
    trends.points.push_back(std::move(merged));
  }
  if (any_bound) trends.lower_bound_from = std::move(bounds);
  return trends;
}

}  // namespace stressbot
