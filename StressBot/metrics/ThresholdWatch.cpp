#include "StressBot/metrics/ThresholdWatch.h"

#include <cmath>
#include <utility>

#include "StressBot/metrics/Format.h"

namespace stressbot {

using std::chrono::nanoseconds;

namespace {

using Comparison = Threshold::Comparison;

ThresholdSample SampleOf(const Threshold& threshold, nanoseconds time) {
  ThresholdSample sample;
  sample.selection.kind = threshold.kind;
  sample.selection.known = true;
  sample.time = time;
  return sample;
}

void AddSlice(const Selection& slice, nanoseconds at, ThresholdSample& sample) {
  sample.selection.trend.Merge(slice.trend);
  sample.selection.count += slice.count;
  sample.selection.rate.passed += slice.rate.passed;
  sample.selection.rate.total += slice.rate.total;
  const double value = slice.gauge_value;
  const double minute = std::chrono::duration<double, std::ratio<60>>(at).count();
  sample.curve.points.push_back({minute, value, value, value, value, 1});
}

/// Whether `a` is nearer to failing than `b`; both hold.
bool IsWorse(const ThresholdResult& a, const ThresholdResult& b) {
  switch (a.threshold.comparison) {
    case Comparison::kLess:
    case Comparison::kLessEqual:
      return a.value > b.value;
    case Comparison::kGreater:
    case Comparison::kGreaterEqual:
      return a.value < b.value;
    case Comparison::kEqual:
    case Comparison::kNotEqual:
      break;
  }
  return false;
}

}  // namespace

ThresholdWatch::ThresholdWatch(std::vector<Threshold> thresholds)
    : thresholds_(std::move(thresholds)), windows_(thresholds_.size()) {}

void ThresholdWatch::Observe(const MetricsInterval& interval, const RunMetrics& so_far) {
  if (interval.phase != Phase::kLoad) return;
  if (!measured_from_) measured_from_ = interval.from;
  for (std::size_t i = 0; i < thresholds_.size(); ++i) {
    const Threshold& threshold = thresholds_[i];
    if (threshold.window) {
      ObserveWindow(i, interval, so_far.catalog());
    } else if (MayAbort(threshold, interval.to)) {
      ThresholdResult result = Judge(threshold, so_far);
      if (result.has_data && !result.passed) Abort(i, std::move(result), interval.to);
    }
  }
}

void ThresholdWatch::ObserveWindow(std::size_t index, const MetricsInterval& interval,
                                   const MetricsCatalog& catalog) {
  const Threshold& threshold = thresholds_[index];
  Window& window = windows_[index];
  window.slices.push_back({interval.from, interval.to,
                           Select(catalog, interval.frame, threshold.metric, threshold.tags)});
  const nanoseconds begin = interval.to - *threshold.window;
  while (window.slices.front().to <= begin) window.slices.pop_front();
  if (*measured_from_ > begin) return;  // not full yet
  ThresholdSample sample = SampleOf(threshold, interval.to - window.slices.front().from);
  for (const Slice& slice : window.slices) AddSlice(slice.selection, slice.to, sample);
  ThresholdResult result = JudgeSample(threshold, sample);
  if (!result.has_data) return;  // nothing happened in it
  const bool fails = !result.passed;
  Keep(window, std::move(result), interval.to);
  if (fails && MayAbort(threshold, interval.to)) Abort(index, *window.worst, interval.to);
}

void ThresholdWatch::Keep(Window& window, ThresholdResult result, nanoseconds at) const {
  ++window.judged;
  const bool is_first_failure = !result.passed && window.failed == 0;
  if (!result.passed) ++window.failed;
  const bool is_worse =
      !window.worst || is_first_failure || (window.failed == 0 && IsWorse(result, *window.worst));
  if (!is_worse) return;
  result.detail = "in the " + FormatSpan(*result.threshold.window) + " before " + FormatSpan(at) +
                  (result.detail.empty() ? "" : ": " + result.detail);
  window.worst = std::move(result);
}

bool ThresholdWatch::MayAbort(const Threshold& threshold, nanoseconds at) const {
  return threshold.abort_on_fail && !aborting_ &&
         at - *measured_from_ >= threshold.delay_abort_eval;
}

void ThresholdWatch::Abort(std::size_t index, ThresholdResult result, nanoseconds at) {
  aborting_ = std::move(result);
  aborting_->detail +=
      (aborting_->detail.empty() ? "" : "; ") + ("it ended the run at " + FormatSpan(at));
  aborting_index_ = index;
}

ThresholdResult ThresholdWatch::ResultOf(std::size_t index, const RunMetrics& metrics) const {
  if (aborting_ && aborting_index_ == index) return *aborting_;
  const Window& window = windows_[index];
  // A measured part that is shorter than the window, or in which nothing happened, is one window.
  if (window.judged == 0) return Judge(thresholds_[index], metrics);
  ThresholdResult result = *window.worst;
  const std::string windows =
      FormatCount(window.judged) + (window.judged == 1 ? " window" : " windows");
  result.detail += window.failed > 0
                       ? "; " + FormatCount(window.failed) + " of " + windows + " failed"
                       : "; the worst of " + windows;
  return result;
}

std::vector<ThresholdResult> ThresholdWatch::Results(const RunMetrics& metrics) const {
  std::vector<ThresholdResult> results;
  for (std::size_t i = 0; i < thresholds_.size(); ++i) {
    const Threshold& threshold = thresholds_[i];
    const bool exists = FindSeries(metrics.catalog(), threshold.metric, threshold.tags).known;
    if (threshold.is_default && !exists) continue;
    results.push_back(ResultOf(i, metrics));
  }
  return results;
}

}  // namespace stressbot
