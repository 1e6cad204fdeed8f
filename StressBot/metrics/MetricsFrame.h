#pragma once
#include <cstdint>
#include <vector>

#include "StressBot/metrics/Histogram.h"
#include "StressBot/metrics/MetricsCatalog.h"

namespace stressbot {

/// What was measured during some stretch of a run: one array a kind, addressed by the catalog's
/// ids. A shard writes into its own frame without a lock; once a second (and where the phase
/// changes) the frame travels to the reader as that interval's share, and an emptied one takes its
/// place.
class MetricsFrame {
 public:
  struct RateCount {
    std::uint64_t passed = 0;
    std::uint64_t total = 0;
  };

  MetricsFrame() = default;
  explicit MetricsFrame(const MetricsCatalog& catalog);

  void Record(TrendId id, std::int64_t value_ns) { trends_[id.index].Record(value_ns); }
  void RecordAtLeast(TrendId id, std::int64_t age_ns) { trends_[id.index].RecordAtLeast(age_ns); }
  void Add(CounterId id, std::uint64_t count = 1) { counters_[id.index] += count; }
  /// The metric's name says what "passed" means: checks that hold, but requests_failed that failed.
  void Count(RateId id, bool passed, std::uint64_t times = 1) {
    rates_[id.index].total += times;
    if (passed) rates_[id.index].passed += times;
  }
  void Set(GaugeId id, double value) { gauges_[id.index] = value; }
  void Merge(TrendId id, const Histogram& trend) { trends_[id.index].Merge(trend); }

  /// Trends, counters and rates add up; gauges add up too, since each shard tells its own share of
  /// the same moment (use TakeGauges to start a new moment).
  void Merge(const MetricsFrame& other);
  void TakeGauges(const MetricsFrame& other) { gauges_ = other.gauges_; }
  /// Everything back to zero; the memory is kept for the next interval.
  void Clear();

  const Histogram& trend(TrendId id) const { return trends_[id.index]; }
  std::uint64_t counter(CounterId id) const { return counters_[id.index]; }
  RateCount rate(RateId id) const { return rates_[id.index]; }
  double gauge(GaugeId id) const { return gauges_[id.index]; }
  const std::vector<double>& gauges() const { return gauges_; }
  /// For loops that count many packets: ids of one kind are consecutive.
  std::uint64_t* counters() { return counters_.data(); }

 private:
  std::vector<Histogram> trends_;
  std::vector<std::uint64_t> counters_;
  std::vector<RateCount> rates_;
  std::vector<double> gauges_;
};

}  // namespace stressbot
