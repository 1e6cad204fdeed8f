#include <utility>

#include "StressBot/report/JsonValues.h"
#include "StressBot/report/RunReader.h"

namespace stressbot {

namespace {

/// The scenario with the most series has some thousands. Registering one looks at all others.
constexpr std::size_t kSeriesMax = 30'000;

Histogram ReadHistogram(const RunNode& node) {
  if (!node.Has("histogram")) {
    if (node.At("count").Count() > 0) node.At("histogram");
    return {};
  }
  const RunNode kept = node.At("histogram");
  Histogram::Totals totals;
  totals.sum_ns = kept.At("sum_ns").Number();
  totals.min_ns = kept.At("min_ns").Integer();
  totals.max_ns = kept.At("max_ns").Integer();
  if (node.Has("timed_out")) {
    totals.lower_bounds = node.At("timed_out").Count();
    totals.lower_bound_from_ns = kept.At("timed_out_from_ns").Integer();
  }
  const std::vector<std::uint64_t> numbers = kept.At("buckets").Counts();
  std::vector<Histogram::BucketCount> buckets;
  for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) {
    buckets.push_back({numbers[i], numbers[i + 1]});
  }
  auto histogram = Histogram::Restore(buckets, totals);
  if (!histogram || numbers.size() % 2 != 0 || histogram->count() != node.At("count").Count()) {
    kept.Fail("is none: its buckets and totals do not fit");
    return {};
  }
  return std::move(*histogram);
}

void ReadRate(const RunNode& node, RateId id, MetricsFrame& frame) {
  const std::uint64_t passed = node.At("passed").Count();
  const std::uint64_t total = node.At("total").Count();
  if (passed > total) return node.Fail("has more passed than there were");
  frame.Count(id, true, passed);
  frame.Count(id, false, total - passed);
}

/// What one series held in one part of the run.
void ReadValue(const RunNode& node, MetricKind kind, std::uint32_t index, MetricsFrame& frame) {
  switch (kind) {
    case MetricKind::kTrend:
      return frame.Merge(TrendId{index}, ReadHistogram(node));
    case MetricKind::kCounter:
      return frame.Add(CounterId{index}, node.At("count").Count());
    case MetricKind::kRate:
      return ReadRate(node, RateId{index}, frame);
    case MetricKind::kGauge:
      return frame.Set(GaugeId{index}, node.At("value").Number());
  }
}

struct PlacedSeries {
  MetricKind kind;
  std::uint32_t index;
};

PlacedSeries Register(const RunNode& node, MetricsCatalog& catalog) {
  const std::string metric = node.At("metric").Text();
  Tags tags = ReadTags(node.At("tags"));
  MetricKind kind = MetricKind::kCounter;
  if (!KindOf(node.At("kind").Text(), kind)) node.At("kind").Fail("is no kind of metric");
  const std::size_t before = catalog.OfKind(kind).size();
  std::uint32_t index = 0;
  switch (kind) {
    case MetricKind::kTrend:
      index = catalog.Trend(metric, std::move(tags)).index;
      break;
    case MetricKind::kCounter:
      index = catalog.Counter(metric, std::move(tags)).index;
      break;
    case MetricKind::kRate:
      index = catalog.Rate(metric, std::move(tags)).index;
      break;
    case MetricKind::kGauge:
      index = catalog.Gauge(metric, std::move(tags)).index;
      break;
  }
  if (catalog.OfKind(kind).size() == before) node.Fail("is there twice");
  return {kind, index};
}

}  // namespace

Tags ReadTags(const RunNode& node) {
  Tags tags;
  if (!node.json().is_object()) node.Fail("must be an object");
  if (node.failed()) return tags;
  for (const auto& [name, value] : node.json().items()) {
    tags.emplace_back(name, node.At(name).Text());
  }
  return tags;
}

void ReadMetrics(const RunNode& root, RecordedRun& run) {
  const std::vector<RunNode> list = root.At("series").Elements();
  if (list.size() > kSeriesMax) return root.At("series").Fail("are too many");
  std::vector<PlacedSeries> places;
  for (const RunNode& node : list) {
    places.push_back(Register(node, run.catalog));
    if (node.failed()) return;
  }
  for (const RunNode& alias : root.At("aliases").Elements()) {
    run.catalog.Alias(alias.At("name").Text(), alias.At("metric").Text(),
                      ReadTags(alias.At("tags")));
  }
  RunMetrics::Parts parts{MetricsFrame(run.catalog), MetricsFrame(run.catalog),
                          root.At("measured_s").Seconds(), root.At("whole_s").Seconds(),
                          Timeline(run.catalog)};
  parts.timeline.SetSpans(ReadSpans(root.At("timeline")));
  for (std::size_t i = 0; i < list.size() && !root.failed(); ++i) {
    const auto [kind, index] = places[i];
    ReadValue(list[i].At("measured"), kind, index, parts.measured);
    ReadValue(list[i].At("whole"), kind, index, parts.whole);
    if (list[i].Has("timeline")) {
      ReadColumn(list[i].At("timeline"), kind, index, parts.timeline);
    }
  }
  if (!root.failed()) run.metrics.emplace(run.catalog, std::move(parts));
}

}  // namespace stressbot
