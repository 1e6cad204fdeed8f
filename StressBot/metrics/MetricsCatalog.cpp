#include "StressBot/metrics/MetricsCatalog.h"

#include <algorithm>

namespace stressbot {

namespace {

bool SameTags(const Tags& a, const Tags& b) {
  return a.size() == b.size() && std::is_permutation(a.begin(), a.end(), b.begin());
}

}  // namespace

bool HasTags(const Tags& tags, const Tags& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&tags](const auto& tag) {
    return std::find(tags.begin(), tags.end(), tag) != tags.end();
  });
}

std::string_view TagOf(const Tags& tags, std::string_view key) {
  for (const auto& [name, value] : tags) {
    if (name == key) return value;
  }
  return {};
}

TrendId MetricsCatalog::Trend(std::string_view metric, Tags tags) {
  return {Add(trends_, metric, MetricKind::kTrend, std::move(tags))};
}

CounterId MetricsCatalog::Counter(std::string_view metric, Tags tags) {
  return {Add(counters_, metric, MetricKind::kCounter, std::move(tags))};
}

RateId MetricsCatalog::Rate(std::string_view metric, Tags tags) {
  return {Add(rates_, metric, MetricKind::kRate, std::move(tags))};
}

GaugeId MetricsCatalog::Gauge(std::string_view metric, Tags tags) {
  return {Add(gauges_, metric, MetricKind::kGauge, std::move(tags))};
}

void MetricsCatalog::Alias(std::string_view name, std::string_view metric, Tags tags) {
  for (const AliasEntry& alias : aliases_) {
    if (alias.name == name && alias.metric == metric && SameTags(alias.tags, tags)) return;
  }
  aliases_.push_back({std::string(name), std::string(metric), std::move(tags)});
}

const std::vector<Series>& MetricsCatalog::OfKind(MetricKind kind) const {
  switch (kind) {
    case MetricKind::kTrend:
      return trends_;
    case MetricKind::kCounter:
      return counters_;
    case MetricKind::kRate:
      return rates_;
    case MetricKind::kGauge:
      break;
  }
  return gauges_;
}

std::uint32_t MetricsCatalog::Add(std::vector<Series>& list, std::string_view metric,
                                  MetricKind kind, Tags tags) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const Series& series) {
    return series.metric == metric && SameTags(series.tags, tags);
  });
  if (found != list.end()) return static_cast<std::uint32_t>(found - list.begin());
  list.push_back({std::string(metric), kind, std::move(tags)});
  return static_cast<std::uint32_t>(list.size() - 1);
}

}  // namespace stressbot
