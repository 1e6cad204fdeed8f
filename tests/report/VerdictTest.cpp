#include <gtest/gtest.h>

#include <array>

#include "StressBot/metrics/Format.h"
#include "StressBot/report/RunResult.h"

namespace stressbot {
namespace {

TEST(VerdictTest, TheFirstInPrecedenceDecidesForEveryPairInEitherOrder) {
  constexpr std::array kInPrecedence{104, 106, 109, 123, 107, 120, 105, 103, 99, 121, 122};
  for (std::size_t i = 0; i < kInPrecedence.size(); ++i) {
    for (std::size_t j = i + 1; j < kInPrecedence.size(); ++j) {
      const VerdictReason stronger{static_cast<ExitCode>(kInPrecedence[i]), "stronger"};
      const VerdictReason weaker{static_cast<ExitCode>(kInPrecedence[j]), "weaker"};
      EXPECT_EQ((Verdict{{stronger, weaker}}.code()), stronger.code);
      EXPECT_EQ((Verdict{{weaker, stronger}}.code()), stronger.code);
    }
  }
}

TEST(VerdictTest, WithoutReasonsTheRunPassed) {
  EXPECT_EQ(Verdict{}.code(), ExitCode::kPassed);
  EXPECT_TRUE(Verdict{}.passed());
}

TEST(VerdictTest, AMissingReportDoesNotMakeTheRunBad) {
  const Verdict verdict{{{ExitCode::kReportNotWritten, "disk full"}}};
  EXPECT_EQ(verdict.code(), ExitCode::kReportNotWritten);
  EXPECT_TRUE(verdict.passed());
}

ThresholdResult Failed(Threshold::Aggregator aggregator) {
  std::string error;
  ThresholdResult result;
  result.threshold =
      ParseThreshold({"server_memory", {}}, MetricKind::kGauge, "slope<1MB/h", error).value();
  result.threshold.aggregator = aggregator;
  result.has_data = true;
  result.text = FormatShort(3);
  return result;
}

TEST(VerdictTest, OnlySlopesThatFailAreDrift) {
  Verdict verdict;
  verdict.AddThresholds({Failed(Threshold::Aggregator::kSlope)});
  EXPECT_EQ(verdict.code(), ExitCode::kDrift);
  EXPECT_EQ(verdict.reasons.front().text, "Threshold server_memory slope<1MB/h failed: 3.");
  verdict.AddThresholds({Failed(Threshold::Aggregator::kMax)});
  EXPECT_EQ(verdict.code(), ExitCode::kThresholdFailed);
}

}  // namespace
}  // namespace stressbot
