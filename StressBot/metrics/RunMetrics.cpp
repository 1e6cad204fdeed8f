#include "StressBot/metrics/RunMetrics.h"

#include <algorithm>
#include <array>
#include <utility>

namespace stressbot {

namespace {

/// What a name stands for: itself, and whatever it is an alias of.
std::vector<MetricsCatalog::AliasEntry> Meanings(const MetricsCatalog& catalog,
                                                 std::string_view name, const Tags& tags) {
  std::vector<MetricsCatalog::AliasEntry> meanings{{{}, std::string(name), tags}};
  for (const MetricsCatalog::AliasEntry& alias : catalog.aliases()) {
    if (alias.name != name) continue;
    meanings.push_back(alias);
    Tags& wanted = meanings.back().tags;
    wanted.insert(wanted.end(), tags.begin(), tags.end());
  }
  return meanings;
}

}  // namespace

RunMetrics::RunMetrics(const MetricsCatalog& catalog)
    : catalog_(&catalog), whole_(catalog), measured_(catalog), timeline_(catalog) {}

RunMetrics::RunMetrics(const MetricsCatalog& catalog, Parts parts)
    : catalog_(&catalog),
      whole_(std::move(parts.whole)),
      measured_(std::move(parts.measured)),
      measured_time_(parts.measured_time),
      whole_time_(parts.whole_time),
      timeline_(std::move(parts.timeline)) {}

void RunMetrics::Add(const MetricsInterval& interval) {
  whole_.Merge(interval.frame);
  whole_.TakeGauges(interval.frame);
  whole_time_ += interval.to - interval.from;
  timeline_.Add(interval);
  if (interval.phase != Phase::kLoad) return;
  measured_.Merge(interval.frame);
  measured_.TakeGauges(interval.frame);
  measured_time_ += interval.to - interval.from;
}

SeriesMatch FindSeries(const MetricsCatalog& catalog, std::string_view metric, const Tags& tags) {
  constexpr std::array kKinds{MetricKind::kTrend, MetricKind::kCounter, MetricKind::kRate,
                              MetricKind::kGauge};
  const auto meanings = Meanings(catalog, metric, tags);
  SeriesMatch match;
  for (const MetricKind kind : kKinds) {
    const std::vector<Series>& list = catalog.OfKind(kind);
    for (std::uint32_t i = 0; i < list.size(); ++i) {
      bool wanted = false;
      for (const auto& meaning : meanings) {
        if (meaning.metric != list[i].metric) continue;
        match.known = true;
        match.kind = kind;
        wanted = wanted || HasTags(list[i].tags, meaning.tags);
      }
      if (wanted) match.indexes.push_back(i);
    }
    if (match.known) break;  // a metric has one kind
  }
  return match;
}

namespace {

/// A reason tells failures apart, not attempts: its share is that of all of them.
std::uint64_t AttemptsOf(const MetricsCatalog& catalog, const MetricsFrame& frame,
                         std::string_view metric, Tags tags) {
  std::erase_if(tags, [](const auto& tag) { return tag.first == "reason"; });
  std::uint64_t total = 0;
  for (const std::uint32_t index : FindSeries(catalog, metric, tags).indexes) {
    total += frame.rate(RateId{index}).total;
  }
  return total;
}

}  // namespace

Selection Select(const MetricsCatalog& catalog, const MetricsFrame& frame, std::string_view metric,
                 const Tags& tags) {
  const SeriesMatch match = FindSeries(catalog, metric, tags);
  Selection selection;
  selection.kind = match.kind;
  selection.known = match.known;
  for (const std::uint32_t index : match.indexes) {
    switch (match.kind) {
      case MetricKind::kTrend:
        selection.trend.Merge(frame.trend(TrendId{index}));
        break;
      case MetricKind::kCounter:
        selection.count += frame.counter(CounterId{index});
        break;
      case MetricKind::kRate:
        selection.rate.passed += frame.rate(RateId{index}).passed;
        selection.rate.total += frame.rate(RateId{index}).total;
        break;
      case MetricKind::kGauge:
        selection.gauge_value += frame.gauge(GaugeId{index});
        break;
    }
  }
  if (match.kind == MetricKind::kRate && !TagOf(tags, "reason").empty()) {
    selection.rate.total = AttemptsOf(catalog, frame, metric, tags);
  }
  return selection;
}

}  // namespace stressbot
