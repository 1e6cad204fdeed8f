#include <algorithm>
#include <string>
#include <utility>

#include "StressBot/report/JsonNames.h"
#include "StressBot/report/JsonValues.h"
#include "StressBot/report/RunReader.h"

namespace stressbot {

namespace {

/// A timeline of ours has fewer; a larger one is somebody else's.
constexpr std::size_t kSpansMax = 50'000;

/// The place of a name in a list of names, or its size.
template <std::size_t N>
std::size_t PlaceOf(const RunNode::Json& json, const std::array<const char*, N>& names) {
  if (!json.is_string()) return N;
  const auto found = std::find(names.begin(), names.end(), json.get_ref<const std::string&>());
  return static_cast<std::size_t>(found - names.begin());
}

Phase PhaseOf(const RunNode& list, const RunNode::Json& json) {
  const std::size_t place = PlaceOf(json, kPhaseNames);
  if (place < kPhaseNames.size()) return static_cast<Phase>(place);
  list.Fail("must hold warmup, load and stop only");
  return Phase::kLoad;
}

std::chrono::nanoseconds FromSeconds(double seconds) {
  return std::chrono::nanoseconds(WholeNanoseconds(seconds * 1e9));
}

/// How many points a column has: from its first to the last span.
template <typename Column>
std::size_t Begin(const RunNode& node, const Timeline& timeline, Column& column) {
  const std::size_t spans = timeline.spans().size();
  column.first = spans == 0 ? 0 : node.At("first").Count(spans - 1);
  if (spans == 0) node.Fail("has points, but the run has none");
  return spans - column.first;
}

Timeline::Counters ReadCounters(const RunNode& node, const Timeline& timeline) {
  Timeline::Counters column;
  column.points = node.At("counts").Counts(Begin(node, timeline, column));
  return column;
}

Timeline::Rates ReadRates(const RunNode& node, const Timeline& timeline) {
  Timeline::Rates column;
  const std::size_t size = Begin(node, timeline, column);
  const auto passed = node.At("passed").Counts(size);
  const auto total = node.At("total").Counts(size);
  for (std::size_t i = 0; i < size; ++i) column.points.push_back({passed[i], total[i]});
  return column;
}

Timeline::Gauges ReadGauges(const RunNode& node, const Timeline& timeline) {
  Timeline::Gauges column;
  const std::size_t size = Begin(node, timeline, column);
  const auto last = node.At("last").Numbers(size);
  const auto other = [&](const char* name) {
    return node.Has(name) ? node.At(name).Numbers(size) : last;
  };
  const auto min = other("min");
  const auto max = other("max");
  const auto mean = other("mean");
  for (std::size_t i = 0; i < size; ++i) {
    column.points.push_back({last[i], min[i], max[i], mean[i]});
  }
  return column;
}

void ReadHeat(const RunNode& node, Timeline::Trends& column) {
  std::size_t i = 0;
  for (const RunNode::Json& cells : node.List(column.points.size())) {
    const std::vector<std::uint64_t> numbers = RunNode(cells, "heat", node.error()).Counts();
    std::vector<HeatCell>& heat = column.points[i++].heat;
    heat.reserve(numbers.size() / 2);
    for (std::size_t cell = 0; cell + 1 < numbers.size(); cell += 2) {
      const bool is_next = heat.empty() || heat.back().row() < numbers[cell];
      if (numbers[cell] >= kHeatRows || !is_next) return node.Fail("must hold rows in order");
      heat.emplace_back(numbers[cell], numbers[cell + 1]);
    }
  }
}

void ReadTrendValues(const RunNode& node, TrendPoint::Value value, Timeline::Trends& column) {
  std::size_t i = 0;
  for (const RunNode::Json& element : node.List(column.points.size())) {
    TrendPoint& point = column.points[i++];
    if (element.is_null()) continue;
    if (!element.is_number()) return node.Fail("must hold numbers and null only");
    point.values_ns[value] = WholeNanoseconds(NanosecondsOf(element.get<double>()));
  }
}

void ReadBounds(const RunNode& node, Timeline::Trends& column) {
  std::size_t i = 0;
  for (const RunNode::Json& element : node.List(column.points.size())) {
    const std::size_t place = PlaceOf(element, kTrendPointNames);
    if (!element.is_null() && place == kTrendPointNames.size()) {
      return node.Fail("must hold p50, p95, p99, p99.9, max and null only");
    }
    column.points[i++].lower_bound_from = static_cast<std::uint8_t>(place);
  }
}

Timeline::Trends ReadTrends(const RunNode& node, const Timeline& timeline) {
  Timeline::Trends column;
  const std::size_t size = Begin(node, timeline, column);
  for (const std::uint64_t count : node.At("count").Counts(size)) {
    column.points.emplace_back();
    column.points.back().count = count;
  }
  for (std::size_t i = 0; i < TrendPoint::kValues; ++i) {
    ReadTrendValues(node.At(std::string(kTrendPointNames[i]) + "_ms"),
                    static_cast<TrendPoint::Value>(i), column);
  }
  if (node.Has("lower_bound_from")) ReadBounds(node.At("lower_bound_from"), column);
  ReadHeat(node.At("heat"), column);
  return column;
}

}  // namespace

std::vector<Timeline::Span> ReadSpans(const RunNode& node) {
  const RunNode::Json& from = node.At("from_s").json();
  const std::size_t size = from.is_array() ? from.size() : 0;
  if (size > kSpansMax) node.At("from_s").Fail("is too long");
  const auto from_s = node.At("from_s").Numbers(size);
  const auto to_s = node.At("to_s").Numbers(size);
  const auto mean_to_s = node.Has("mean_to_s") ? node.At("mean_to_s").Numbers(size) : to_s;
  const auto intervals = node.Has("intervals") ? node.At("intervals").Counts(size)
                                               : std::vector<std::uint64_t>(size, 1);
  std::vector<Timeline::Span> spans;
  std::size_t i = 0;
  for (const RunNode::Json& phase : node.At("phase").List(size)) {
    constexpr std::uint64_t kIntervalsMax = 1'000'000'000;
    if (intervals[i] == 0 || intervals[i] > kIntervalsMax) {
      node.At("intervals").Fail("must hold whole numbers from 1 only");
    }
    spans.push_back({FromSeconds(from_s[i]), FromSeconds(to_s[i]), FromSeconds(mean_to_s[i]),
                     PhaseOf(node.At("phase"), phase), static_cast<std::uint32_t>(intervals[i])});
    ++i;
  }
  return node.failed() ? std::vector<Timeline::Span>() : spans;
}

void ReadColumn(const RunNode& node, MetricKind kind, std::uint32_t index, Timeline& timeline) {
  switch (kind) {
    case MetricKind::kTrend:
      return timeline.Set(TrendId{index}, ReadTrends(node, timeline));
    case MetricKind::kCounter:
      return timeline.Set(CounterId{index}, ReadCounters(node, timeline));
    case MetricKind::kRate:
      return timeline.Set(RateId{index}, ReadRates(node, timeline));
    case MetricKind::kGauge:
      return timeline.Set(GaugeId{index}, ReadGauges(node, timeline));
  }
}

}  // namespace stressbot
