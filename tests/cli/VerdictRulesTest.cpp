#include "StressBot/cli/VerdictRules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;

/// Everything that can decide a run, from the strongest to the weakest.
struct Cause {
  ExitCode code;
  std::string RunFacts::*fact;  ///< or null: see below
};
constexpr Cause kCauses[] = {
    {ExitCode::kCouldNotBegin, &RunFacts::could_not_begin},
    {ExitCode::kInternalError, &RunFacts::internal_error},
    {ExitCode::kServerDied, &RunFacts::server_complaint},
    {ExitCode::kNothingWorked, &RunFacts::nothing_worked},
    {ExitCode::kGeneratorLimited, nullptr},
    {ExitCode::kInterrupted, &RunFacts::interrupted},
    {ExitCode::kAborted, &RunFacts::aborted},
    {ExitCode::kThresholdFailed, &RunFacts::target_lost},
    {ExitCode::kThresholdFailed, nullptr},
    {ExitCode::kDrift, nullptr},
};

/// The inputs of a verdict.
struct Inputs {
  RunFacts facts;
  std::vector<std::string> saturation;
  std::vector<ThresholdResult> thresholds;

  void Add(const Cause& cause) {
    if (cause.fact != nullptr) facts.*cause.fact = "it happened";
    if (cause.code == ExitCode::kGeneratorLimited) saturation.emplace_back("busy");
    if (cause.code == ExitCode::kThresholdFailed && cause.fact == nullptr)
      thresholds.emplace_back();
    if (cause.code == ExitCode::kDrift)
      thresholds.emplace_back().threshold.aggregator = Threshold::Aggregator::kSlope;
  }
  Verdict Judge() const { return JudgeRun(facts, saturation, thresholds); }
};

TEST(VerdictRulesTest, NothingWrongIsAPass) {
  EXPECT_EQ(Inputs{}.Judge().code(), ExitCode::kPassed);
  ThresholdResult held;
  held.passed = true;
  EXPECT_EQ(JudgeRun({}, {}, {held}).code(), ExitCode::kPassed);
}

TEST(VerdictRulesTest, EachCauseHasItsCode) {
  for (const Cause& cause : kCauses) {
    Inputs inputs;
    inputs.Add(cause);
    EXPECT_EQ(inputs.Judge().code(), cause.code);
    EXPECT_EQ(inputs.Judge().reasons.size(), 1U);
  }
}

TEST(VerdictRulesTest, OfTwoCausesTheStrongerDecidesAndBothAreTold) {
  for (std::size_t strong = 0; strong < std::size(kCauses); ++strong) {
    for (std::size_t weak = strong + 1; weak < std::size(kCauses); ++weak) {
      Inputs inputs;
      inputs.Add(kCauses[weak]);
      inputs.Add(kCauses[strong]);
      EXPECT_EQ(inputs.Judge().code(), kCauses[strong].code);
      EXPECT_EQ(inputs.Judge().reasons.size(), 2U);
    }
  }
}

/// A run of some seconds with one shard.
class SaturationTest : public testing::Test {
 protected:
  void Second(double cpu_percent, std::int64_t late_ns = 0) {
    MetricsInterval interval;
    interval.from = at_;
    interval.to = at_ += 1s;
    interval.frame = MetricsFrame(catalog_);
    interval.frame.Set(cpu_, cpu_percent);
    interval.frame.Record(lateness_, late_ns);
    metrics_.Add(interval);
    busy_.Observe(interval, catalog_);
  }

  MetricsCatalog catalog_;
  TrendId lateness_ = catalog_.Trend("generator_lateness", {{"shard", "0"}});
  GaugeId cpu_ = catalog_.Gauge("generator_cpu", {{"shard", "0"}});
  RunMetrics metrics_{catalog_};
  BusyShards busy_;
  std::chrono::nanoseconds at_{};
};

TEST_F(SaturationTest, AnEasyRunShowsNone) {
  for (int i = 0; i < 20; ++i) Second(94, 9'000'000);
  EXPECT_THAT(SaturationSigns(metrics_, busy_, {}), IsEmpty());
}

TEST_F(SaturationTest, LateTimersAreASign) {
  for (int i = 0; i < 20; ++i) Second(10, 11'000'000);
  const auto signs = SaturationSigns(metrics_, busy_, {});
  ASSERT_EQ(signs.size(), 1U);
  EXPECT_THAT(signs[0], HasSubstr("p99 11"));
}

TEST_F(SaturationTest, AShardThatIsBusyForFiveSecondsInARowIsASign) {
  Second(10);
  for (int i = 0; i < 4; ++i) Second(99);
  Second(10);
  for (int i = 0; i < 4; ++i) Second(99);
  EXPECT_THAT(SaturationSigns(metrics_, busy_, {}), IsEmpty());
  Second(99);
  const auto signs = SaturationSigns(metrics_, busy_, {});
  ASSERT_EQ(signs.size(), 1U);
  EXPECT_THAT(signs[0], HasSubstr("shard 0"));
}

TEST_F(SaturationTest, LocalLimitsAreASign) {
  const auto signs =
      SaturationSigns(metrics_, busy_,
                      {{"connects_failed", 1s, "refused"},
                       {"generator_limited", 2s, "connect: Cannot assign requested address"}});
  ASSERT_EQ(signs.size(), 1U);
  EXPECT_THAT(signs[0], HasSubstr("Cannot assign requested address"));
}

}  // namespace
}  // namespace stressbot
