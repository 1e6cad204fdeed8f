#include <algorithm>
#include <array>

#include "StressBot/report/RunResult.h"

namespace stressbot {

namespace {

constexpr std::array kPrecedence{
    ExitCode::kConfiguration, ExitCode::kCouldNotBegin,   ExitCode::kInternalError,
    ExitCode::kServerDied,    ExitCode::kNothingWorked,   ExitCode::kGeneratorLimited,
    ExitCode::kInterrupted,   ExitCode::kAborted,         ExitCode::kThresholdFailed,
    ExitCode::kDrift,         ExitCode::kReportNotWritten};

std::string SentenceOf(const ThresholdResult& result) {
  std::string metric = result.threshold.metric;
  std::string tags;
  for (const auto& [name, value] : result.threshold.tags) {
    tags += (tags.empty() ? "" : ", ") + name + ":" + value;
  }
  if (!tags.empty()) metric += "{" + tags + "}";
  std::string text = "Threshold " + metric + " " + Describe(result.threshold) + " failed: ";
  if (!result.has_data) return text + "there is no data.";
  text += std::string(result.is_lower_bound ? "at least " : "") + result.text;
  return text + (result.detail.empty() ? "" : " (" + result.detail + ")") + ".";
}

}  // namespace

ExitCode Verdict::code() const {
  for (const ExitCode code : kPrecedence) {
    const bool applies = std::any_of(reasons.begin(), reasons.end(),
                                     [code](const auto& reason) { return reason.code == code; });
    if (applies) return code;
  }
  return ExitCode::kPassed;
}

bool Verdict::passed() const {
  return code() == ExitCode::kPassed || code() == ExitCode::kReportNotWritten;
}

void Verdict::AddThresholds(const std::vector<ThresholdResult>& results) {
  for (const ThresholdResult& result : results) {
    if (result.passed) continue;
    const bool is_slope = result.threshold.aggregator == Threshold::Aggregator::kSlope;
    reasons.push_back(
        {is_slope ? ExitCode::kDrift : ExitCode::kThresholdFailed, SentenceOf(result)});
  }
}

}  // namespace stressbot
