#include <algorithm>
#include <cmath>

#include "StressBot/metrics/Format.h"
#include "StressBot/metrics/GaugeCurve.h"
#include "StressBot/metrics/RunMetrics.h"
#include "StressBot/metrics/Threshold.h"
#include "StressBot/metrics/ThresholdSample.h"

namespace stressbot {

namespace {

using Aggregator = Threshold::Aggregator;
using Comparison = Threshold::Comparison;

void MeasureTrend(const Histogram& trend, ThresholdResult& result) {
  const Threshold& threshold = result.threshold;
  const auto take = [&](double percent, std::int64_t value_ns) {
    result.value = static_cast<double>(value_ns);
    result.is_lower_bound = trend.IsLowerBound(percent);
  };
  result.has_data = !trend.empty();
  switch (threshold.aggregator) {
    case Aggregator::kMin:
      return take(0, trend.min_ns());
    case Aggregator::kMed:
      return take(50, trend.Percentile(50));
    case Aggregator::kPercentile:
      return take(threshold.percent, trend.Percentile(threshold.percent));
    case Aggregator::kMax:
      return take(100, trend.max_ns());
    case Aggregator::kCount:
      result.value = static_cast<double>(trend.count());
      return;
    default:
      result.value = trend.mean_ns();
      result.is_lower_bound = trend.lower_bounds() > 0;
  }
}

void MeasureRate(const MetricsFrame::RateCount& rate, ThresholdResult& result) {
  result.has_data = rate.total > 0;
  result.value = static_cast<double>(rate.passed);
  result.detail = FormatCount(rate.passed) + " of " + FormatCount(rate.total);
  if (result.threshold.aggregator == Aggregator::kRate && result.has_data) {
    result.value /= static_cast<double>(rate.total);
  }
}

void MeasureCounter(std::uint64_t count, std::chrono::nanoseconds time, ThresholdResult& result) {
  result.has_data = true;
  result.value = static_cast<double>(count);
  if (result.threshold.aggregator != Aggregator::kRate) return;
  const double seconds = std::chrono::duration<double>(time).count();
  result.has_data = seconds > 0;
  result.value = result.has_data ? result.value / seconds : 0;
  result.detail = FormatCount(count) + " in " + FormatSpan(time);
}

void MeasureGauge(const GaugeCurve& curve, ThresholdResult& result) {
  if (curve.empty()) return;
  result.has_data = true;
  switch (result.threshold.aggregator) {
    case Aggregator::kMin:
      result.value = curve.Min();
      return;
    case Aggregator::kMax:
      result.value = curve.Max();
      return;
    default:
      result.value = curve.Last();
  }
}

void Measure(const ThresholdSample& sample, ThresholdResult& result) {
  switch (result.threshold.kind) {
    case MetricKind::kTrend:
      return MeasureTrend(sample.selection.trend, result);
    case MetricKind::kRate:
      return MeasureRate(sample.selection.rate, result);
    case MetricKind::kCounter:
      return MeasureCounter(sample.selection.count, sample.time, result);
    case MetricKind::kGauge:
      return MeasureGauge(sample.curve, result);
  }
}

bool Holds(double value, Comparison comparison, double limit) {
  switch (comparison) {
    case Comparison::kLess:
      return value < limit;
    case Comparison::kLessEqual:
      return value <= limit;
    case Comparison::kGreater:
      return value > limit;
    case Comparison::kGreaterEqual:
      return value >= limit;
    case Comparison::kEqual:
      return !(value < limit) && !(value > limit);
    case Comparison::kNotEqual:
      break;
  }
  return value < limit || value > limit;
}

/// What is only "at least" can prove nothing but "more than".
bool ProvesNothing(const ThresholdResult& result) {
  const Threshold& threshold = result.threshold;
  return result.is_lower_bound && threshold.aggregator != Aggregator::kAvg &&
         threshold.comparison != Comparison::kGreater &&
         threshold.comparison != Comparison::kGreaterEqual;
}

std::string TextOf(const ThresholdResult& result) {
  const Threshold& threshold = result.threshold;
  if (!result.has_data) return "no data";
  if (threshold.InNanoseconds()) return FormatLatency(result.value);
  if (threshold.aggregator == Aggregator::kCount) {
    return FormatCount(static_cast<std::uint64_t>(result.value));
  }
  if (threshold.kind == MetricKind::kRate) return FormatShare(result.value);
  if (threshold.in_bytes) return FormatBytes(result.value);
  const bool is_whole = std::abs(result.value - std::round(result.value)) < 1e-9;
  const std::string text = FormatNumber(result.value, is_whole ? 0 : 2);
  return threshold.kind == MetricKind::kCounter ? text + "/s" : text;
}

std::string SlopeText(const Threshold& threshold, double per_hour) {
  const std::string size = threshold.InNanoseconds() ? FormatLatency(per_hour)
                           : threshold.in_bytes      ? FormatBytes(per_hour)
                                                     : FormatNumber(per_hour, 2);
  return (per_hour < 0 ? "" : "+") + size + "/h";
}

/// Growth must be certain to fail a run, and shrinking where growth is wanted.
ThresholdResult JudgeSlope(const Threshold& threshold, const GaugeCurve& curve) {
  ThresholdResult result;
  result.threshold = threshold;
  result.slope = FitSlope(curve);
  if (!result.slope || !result.slope->interval) {
    const std::size_t samples = result.slope ? result.slope->samples : curve.points.size();
    result.passed = true;
    result.text = "not judged";
    result.detail = FormatCount(samples) + (samples == 1 ? " sample" : " samples") +
                    ", one a second; a slope needs " + FormatCount(SlopeFit::kSamplesMin);
    return result;
  }
  const auto [low, high] = *result.slope->interval;
  const bool is_upper_limit =
      threshold.comparison == Comparison::kLess || threshold.comparison == Comparison::kLessEqual;
  result.has_data = true;
  result.passed = Holds(is_upper_limit ? low : high, threshold.comparison, threshold.limit);
  result.value = result.slope->per_hour;
  result.text = SlopeText(threshold, result.value);
  result.detail = "99 % sure: " + SlopeText(threshold, low) + " to " + SlopeText(threshold, high) +
                  ", " + FormatCount(result.slope->samples) + " samples";
  return result;
}

TrendPoint::Value ValueOf(double percent) {
  const auto& kept = TrendPoint::kPercents;
  const auto found = std::find(kept.begin(), kept.end(), percent);
  return static_cast<TrendPoint::Value>(found - kept.begin());
}

}  // namespace

ThresholdResult JudgeSample(const Threshold& threshold, const ThresholdSample& sample) {
  if (threshold.aggregator == Aggregator::kSlope) return JudgeSlope(threshold, sample.curve);
  ThresholdResult result;
  result.threshold = threshold;
  Measure(sample, result);
  result.text = TextOf(result);
  if (!result.has_data) {
    // The user asked for none of the defaults, and not every scenario gives each of them something
    // to judge: without an `every` no load was asked for.
    result.passed = threshold.is_default;
    result.detail.clear();
    return result;
  }
  result.passed = Holds(result.value, threshold.comparison, threshold.limit);
  if (result.passed && ProvesNothing(result)) {
    result.passed = false;
    result.detail = "it touches time-outs, so the true value is not known";
  }
  return result;
}

ThresholdResult Judge(const Threshold& threshold, const RunMetrics& metrics) {
  ThresholdSample sample;
  sample.selection =
      Select(metrics.catalog(), metrics.measured(), threshold.metric, threshold.tags);
  if (threshold.kind == MetricKind::kGauge) {
    sample.curve = CurveOf(metrics, threshold.metric, threshold.tags);
  } else if (threshold.aggregator == Aggregator::kSlope) {
    sample.curve = CurveOf(metrics, threshold.metric, threshold.tags, ValueOf(threshold.percent));
  }
  sample.time = metrics.measured_time();
  return JudgeSample(threshold, sample);
}

std::vector<ThresholdResult> JudgeAll(const std::vector<Threshold>& thresholds,
                                      const RunMetrics& metrics) {
  std::vector<ThresholdResult> results;
  for (const Threshold& threshold : thresholds) {
    const bool exists = FindSeries(metrics.catalog(), threshold.metric, threshold.tags).known;
    if (threshold.is_default && !exists) continue;
    results.push_back(Judge(threshold, metrics));
  }
  return results;
}

}  // namespace stressbot
