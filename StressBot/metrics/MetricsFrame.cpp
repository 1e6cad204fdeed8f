#include "StressBot/metrics/MetricsFrame.h"

#include <algorithm>

namespace stressbot {

MetricsFrame::MetricsFrame(const MetricsCatalog& catalog)
    : trends_(catalog.trends().size()),
      counters_(catalog.counters().size()),
      rates_(catalog.rates().size()),
      gauges_(catalog.gauges().size()) {}

void MetricsFrame::Merge(const MetricsFrame& other) {
  for (std::size_t i = 0; i < other.trends_.size(); ++i) trends_[i].Merge(other.trends_[i]);
  for (std::size_t i = 0; i < other.counters_.size(); ++i) counters_[i] += other.counters_[i];
  for (std::size_t i = 0; i < other.rates_.size(); ++i) {
    rates_[i].passed += other.rates_[i].passed;
    rates_[i].total += other.rates_[i].total;
  }
  for (std::size_t i = 0; i < other.gauges_.size(); ++i) gauges_[i] += other.gauges_[i];
}

void MetricsFrame::Clear() {
  for (Histogram& trend : trends_) trend.Clear();
  std::fill(counters_.begin(), counters_.end(), 0);
  std::fill(rates_.begin(), rates_.end(), RateCount{});
  std::fill(gauges_.begin(), gauges_.end(), 0);
}

}  // namespace stressbot
