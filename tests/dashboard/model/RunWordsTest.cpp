#include "StressBot/dashboard/model/RunWords.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const Texts kEnglish(Language::kEnglish);

ThresholdResult Judged(bool passed, double value_ns) {
  ThresholdResult result;
  result.threshold.metric = "chat_rtt";
  result.threshold.kind = MetricKind::kTrend;
  result.threshold.expression = "p(99)<250ms";
  result.threshold.aggregator = Threshold::Aggregator::kPercentile;
  result.threshold.limit = 250e6;
  result.passed = passed;
  result.has_data = true;
  result.value = value_ns;
  result.text = "125 ms";
  return result;
}

RunView ViewAt(double seconds, ExitCode code = ExitCode::kPassed) {
  RunView view;
  view.headline.seconds = seconds;
  if (code != ExitCode::kPassed) view.result.verdict.reasons.push_back({code, "a reason"});
  return view;
}

TEST(RunWordsTest, AStateIsCalledTheSameForTestsInAllLanguages) {
  using State = RunHost::State;
  RunStatus status;
  EXPECT_EQ(StandingOf(State::kNone, std::nullopt).name, "none");
  EXPECT_EQ(StandingOf(State::kPreparing, std::nullopt).name, "preparing");
  EXPECT_EQ(StandingOf(State::kRefused, std::nullopt).name, "refused");
  EXPECT_EQ(StandingOf(State::kOver, status).name, "over");
  status.state = RunState::kPaused;
  EXPECT_EQ(StandingOf(State::kRunning, status).name, "paused");
  status.state = RunState::kStopping;
  EXPECT_EQ(StandingOf(State::kRunning, status).name, "stopping");
}

TEST(RunWordsTest, WarmUpIsSaidButIsRunning) {
  RunStatus status;
  status.state = RunState::kRunning;
  status.phase = Phase::kWarmup;
  const RunStanding standing = StandingOf(RunHost::State::kRunning, status);
  EXPECT_EQ(standing.name, "running");
  EXPECT_EQ(standing.text, Text::kRunWarmup);
}

TEST(RunWordsTest, ProgressIsOfTheLoadWithoutPauses) {
  RunStatus status;
  status.elapsed = 20s;
  status.load_time = 12'700ms;
  status.planned = 60s;
  const RunProgress progress = ProgressOf(status, nullptr, kEnglish);
  EXPECT_EQ(progress.text, "12 s of 1 min 00 s");
  EXPECT_DOUBLE_EQ(progress.seconds, 20);
  EXPECT_NEAR(progress.share, 12.7 / 60, 1e-9);
}

TEST(RunWordsTest, ARunThatIsOverTellsHowLongItWas) {
  RunView view = ViewAt(31);
  view.is_over = true;
  view.result.duration = 31'200ms;
  view.result.planned_duration = 30s;
  const RunProgress progress = ProgressOf(std::nullopt, &view, kEnglish);
  EXPECT_EQ(progress.text, "31.2 s");
  EXPECT_DOUBLE_EQ(progress.share, 1);
}

TEST(RunWordsTest, AVerdictNeedsSomeSeconds) {
  const RunView early = ViewAt(2, ExitCode::kNothingWorked);
  EXPECT_EQ(VerdictOf(&early).text, "-") << "no reply can have come";
  EXPECT_THAT(BannersOf(early, kEnglish), IsEmpty());
  const RunView later = ViewAt(9, ExitCode::kNothingWorked);
  EXPECT_EQ(VerdictOf(&later).text, "FAIL 107");
  EXPECT_THAT(BannersOf(later, kEnglish), SizeIs(1));
  const RunView dead = ViewAt(2, ExitCode::kServerDied);
  EXPECT_EQ(VerdictOf(&dead).text, "FAIL 123") << "that is certain at once";
}

TEST(RunWordsTest, AVerdictNeedsSomethingThatWasJudged) {
  RunView view = ViewAt(11, ExitCode::kThresholdFailed);
  ThresholdResult open = Judged(false, 0);
  open.has_data = false;
  view.result.thresholds = {open, Judged(true, 1)};
  EXPECT_EQ(VerdictOf(&view).text, "-") << "it is the warm-up";
  view.result.thresholds.push_back(Judged(false, 500e6));
  EXPECT_EQ(VerdictOf(&view).text, "FAIL 99");
  view.result.thresholds.pop_back();
  view.is_over = true;
  EXPECT_EQ(VerdictOf(&view).text, "FAIL 99");
}

TEST(RunWordsTest, AChipIsGreenOrRed) {
  const ThresholdChip chip = ChipOf(Judged(true, 125e6), false, kEnglish);
  EXPECT_EQ(chip.tone, Tone::kPass);
  EXPECT_EQ(chip.name, "chat_rtt");
  EXPECT_EQ(chip.value, "125 ms");
  EXPECT_EQ(chip.limit, "p(99)<250ms");
  ThresholdResult timed_out = Judged(false, 5e9);
  timed_out.is_lower_bound = true;
  EXPECT_EQ(ChipOf(timed_out, false, kEnglish).tone, Tone::kFail);
  EXPECT_THAT(ChipOf(timed_out, false, kEnglish).value, HasSubstr("≥"));
}

// Before its first sample it has not failed; when the run is over without one, it has.
TEST(RunWordsTest, AChipWithoutDataIsOpenWhileItRuns) {
  ThresholdResult result = Judged(false, 0);
  result.has_data = false;
  EXPECT_EQ(ChipOf(result, false, kEnglish).tone, Tone::kQuiet);
  EXPECT_EQ(ChipOf(result, true, kEnglish).tone, Tone::kFail);
}

TEST(RunWordsTest, AGaugeIsAShareOfItsLimit) {
  RunView view = ViewAt(9);
  ThresholdResult checks;
  checks.threshold.metric = "checks";
  checks.threshold.kind = MetricKind::kRate;
  view.result.thresholds = {checks, Judged(true, 125e6), Judged(false, 500e6)};
  EXPECT_THAT(LatencyGauges(view, kEnglish),
              ElementsAre(Field(&LatencyGauge::share, 2), Field(&LatencyGauge::share, 0.5)))
      << "what failed is not cut off";
}

TEST(RunWordsTest, BannersTellWhatNoLabelTells) {
  RunView view = ViewAt(9, ExitCode::kThresholdFailed);
  EXPECT_THAT(BannersOf(view, kEnglish), IsEmpty());
  view.result.generator.saturation = {"its timers ran late", "a core was busy"};
  const std::vector<RunBanner> banners = BannersOf(view, kEnglish);
  ASSERT_THAT(banners, SizeIs(1));
  EXPECT_EQ(banners[0].tone, Tone::kWarn);
  EXPECT_EQ(banners[0].text, "its timers ran late; a core was busy");
}

TEST(RunWordsTest, WhatHappenedIsToldOfRunsThatFailed) {
  RunView view = ViewAt(9);
  view.incident_text = "For 4 s not one reply came.";
  EXPECT_THAT(BannersOf(view, kEnglish), IsEmpty());
  view.result.verdict.reasons.push_back({ExitCode::kThresholdFailed, "p99"});
  EXPECT_THAT(BannersOf(view, kEnglish),
              ElementsAre(Field(&RunBanner::text, "For 4 s not one reply came.")));
}

TEST(RunWordsTest, RatesHaveTenthsOnlyWhereTheyMatter) {
  EXPECT_EQ(RateText(0), "0");
  EXPECT_EQ(RateText(8.58), "8.6");
  EXPECT_EQ(RateText(42'369.4), "42,369");
}

TEST(RunWordsTest, AThresholdIsShownOnThePlotOfItsStep) {
  RunView view = ViewAt(9);
  plot::Chart chart;
  chart.id = "latency";
  chart.limits = {{"p(99)<250ms", 250e6, true}};
  view.latencies = {{"로그인", "C_LOGIN", chart}, {"채팅", "chat_rtt", chart}};
  plot::Chart errors;
  errors.id = "errors";
  view.charts = {errors};
  const ChartPlace latency = ChartOf(view, Judged(true, 1).threshold);
  EXPECT_EQ(latency.id, "latency");
  EXPECT_EQ(latency.step, "채팅");
  Threshold failed;
  failed.metric = "requests_failed";
  failed.kind = MetricKind::kRate;
  EXPECT_EQ(ChartOf(view, failed).id, "errors");
  failed.metric = "server_memory";
  EXPECT_EQ(ChartOf(view, failed).id, "") << "this run has no such plot";
}

}  // namespace
}  // namespace stressbot
