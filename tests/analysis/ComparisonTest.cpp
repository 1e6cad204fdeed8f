#include "StressBot/analysis/Comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <deque>

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Change = ComparedFigure::Change;

/// Runs of one watched server whose CPU and memory are as told; they are all that is known of them.
class Runs {
 public:
  Runs& Old(double cpu_percent, double memory_bytes = 100e6) {
    return Add("old-" + std::to_string(runs_.size() + 1) + ".json", cpu_percent, memory_bytes);
  }
  Runs& New(double cpu_percent, double memory_bytes = 100e6) {
    return Add("new.json", cpu_percent, memory_bytes);
  }
  RunResult& Last() { return runs_.back(); }
  RunResult& First() { return runs_.front(); }

  Comparison Judge(ComparisonOptions options = {}) const {
    const std::vector<NamedRun> named = Named();
    return Compare({named.begin(), named.end() - 1}, named.back(), options);
  }
  std::vector<std::string> WhyNot() const {
    const std::vector<NamedRun> named = Named();
    return WhyNotComparable({named.begin(), named.end() - 1}, named.back());
  }

 private:
  Runs& Add(std::string file, double cpu_percent, double memory_bytes) {
    files_.push_back(std::move(file));
    RunResult& run = runs_.emplace_back();
    run.scenario = "town";
    run.scenario_hash = "fnv1a64:1";
    run.metrics = &metrics_;
    ServerReport server;
    server.name = "game";
    server.watched = true;
    server.cpu_percent = cpu_percent;
    server.memory_bytes = memory_bytes;
    run.servers = {server};
    return *this;
  }
  std::vector<NamedRun> Named() const {
    std::vector<NamedRun> named;
    for (std::size_t i = 0; i < runs_.size(); ++i) named.push_back({files_[i], &runs_[i]});
    return named;
  }

  MetricsCatalog catalog_;
  RunMetrics metrics_{catalog_};
  std::deque<RunResult> runs_;
  std::vector<std::string> files_;
};

const ComparedFigure& FigureOf(const Comparison& comparison, std::string_view name) {
  static const ComparedFigure kNone;
  for (const ComparedFigure& figure : comparison.figures) {
    if (figure.name == name) return figure;
  }
  ADD_FAILURE() << "no figure " << name;
  return kNone;
}

Change CpuChange(const Comparison& comparison) { return FigureOf(comparison, "server CPU").change; }

/// What is expected of one figure with these old values.
Interval Expected(FigureUnit unit, const std::vector<double>& old_values, double floor,
                  ComparisonOptions options = {}) {
  ComparedFigure figure;
  figure.unit = unit;
  figure.old_values = old_values;
  for (const double value : old_values)
    figure.old_mean += value / static_cast<double>(old_values.size());
  return ExpectedOf(figure, floor, 0.05, options);
}

TEST(ExpectedTest, OfOneOldRunItIsTheToleranceAndNeverLessThanTheFloor) {
  const auto high = [](double old_value, double floor, ComparisonOptions options = {}) {
    return Expected(FigureUnit::kPercent, {old_value}, floor, options).high;
  };
  EXPECT_DOUBLE_EQ(high(50, 1), 55);
  EXPECT_DOUBLE_EQ(high(50, 1, {0.2}), 60);
  EXPECT_DOUBLE_EQ(high(50, 7), 57);
  EXPECT_DOUBLE_EQ(Expected(FigureUnit::kPercent, {50}, 7).low, 43);
  // 0.02 ms that become 0.04 ms are no news.
  EXPECT_DOUBLE_EQ(Expected(FigureUnit::kNanoseconds, {0.02e6}, 0.1e6).high, 0.12e6);
}

TEST(ExpectedTest, OfSeveralItIsThePredictionIntervalForOneMore) {
  // Mean 12, s = sqrt(10 / 4), t(4) = 2.131847 at 5 %.
  const std::vector<double> old_values{10, 11, 12, 13, 14};
  const double half = 2.131846786 * std::sqrt(2.5) * std::sqrt(1.2);
  const auto expected = [&](double floor, ComparisonOptions options = {}) {
    return Expected(FigureUnit::kPercent, old_values, floor, options);
  };
  EXPECT_NEAR(expected(0).low, 12 - half, 1e-6);
  EXPECT_NEAR(expected(0).high, 12 + half, 1e-6);
  EXPECT_NEAR(expected(0, {0.1}).high, 12 + half, 1e-6);
  EXPECT_DOUBLE_EQ(expected(0, {0.5}).high, 18);
  EXPECT_DOUBLE_EQ(expected(9).high, 21);
}

TEST(ExpectedTest, LatenciesDifferByFactors) {
  // Logarithms: mean ln(2e6), s = ln 2; t(2) = 2.919986 at 5 %.
  const Interval expected = Expected(FigureUnit::kNanoseconds, {1e6, 2e6, 4e6}, 0);
  const double factor = std::exp(2.919985580 * std::log(2.0) * std::sqrt(4.0 / 3));
  EXPECT_NEAR(expected.low, 2e6 / factor, 1);
  EXPECT_NEAR(expected.high, 2e6 * factor, 1);
}

TEST(ExpectedTest, OldRunsThatAreAllTheSameLeaveTheFloor) {
  EXPECT_DOUBLE_EQ(Expected(FigureUnit::kCount, {0, 0, 0}, 3).high, 3);
  EXPECT_DOUBLE_EQ(Expected(FigureUnit::kPerSecond, {8, 8}, 0.5).low, 7.5);
}

TEST(ComparisonTest, OneOldRunAndTheDefaultTolerance) {
  EXPECT_EQ(CpuChange(Runs().Old(100).New(110).Judge()), Change::kSame);
  EXPECT_EQ(CpuChange(Runs().Old(100).New(110.1).Judge()), Change::kWorse);
  EXPECT_EQ(CpuChange(Runs().Old(100).New(89.9).Judge()), Change::kBetter);
  EXPECT_EQ(CpuChange(Runs().Old(20).New(24.9).Judge()), Change::kSame);  // below the floor of 5
  EXPECT_TRUE(Runs().Old(100).New(110.1).Judge().IsWorse());
  EXPECT_FALSE(Runs().Old(100).New(50).Judge().IsWorse());
}

TEST(ComparisonTest, FalseAlarmsAreSharedOutToTheFiguresThatVary) {
  // t(2) at 5 %, for CPU alone: 2.919986 * 10 * sqrt(4/3) = 33.72.
  EXPECT_EQ(CpuChange(Runs().Old(90).Old(100).Old(110).New(133).Judge()), Change::kSame);
  EXPECT_EQ(CpuChange(Runs().Old(90).Old(100).Old(110).New(134).Judge()), Change::kWorse);
  // Memory varies too, so each has 2.5 %: 4.302653 * 10 * sqrt(4/3) = 49.68.
  const auto two = [](double cpu_percent) {
    return Runs().Old(90, 90e6).Old(100, 100e6).Old(110, 110e6).New(cpu_percent).Judge();
  };
  EXPECT_EQ(CpuChange(two(149)), Change::kSame);
  EXPECT_EQ(CpuChange(two(150)), Change::kWorse);
  EXPECT_NEAR(FigureOf(two(150), "server memory").expected.high, 149.68e6, 0.01e6);
}

TEST(ComparisonTest, WhatGotWorseComesFirst) {
  const Comparison comparison = Runs().Old(100, 100e6).New(100, 200e6).Judge();
  EXPECT_EQ(comparison.figures.front().name, "server memory");
  EXPECT_EQ(comparison.CountOf(Change::kWorse), 1U);
  EXPECT_EQ(comparison.CountOf(Change::kSame), 1U);
}

TEST(ComparisonTest, WhatARunDoesNotHaveCannotBeJudged) {
  Runs runs;
  runs.Old(100).Old(100).New(100);
  runs.First().servers.clear();
  EXPECT_EQ(CpuChange(runs.Judge()), Change::kUnknown);
  runs.Last().servers.clear();
  EXPECT_FALSE(FigureOf(runs.Judge(), "server CPU").new_value);
  EXPECT_FALSE(runs.Judge().IsWorse());
}

TEST(ComparisonTest, ARunThatFailedAfterOnesThatPassedIsWorse) {
  Runs runs;
  runs.Old(100).New(100);
  runs.Last().verdict.reasons = {{ExitCode::kThresholdFailed, "Threshold x failed: 2."},
                                 {ExitCode::kServerDied, "the server died at 3.0 s"}};
  EXPECT_TRUE(runs.Judge().IsWorse());
  EXPECT_EQ(runs.Judge().verdict_change,
            "The old runs passed, and new.json did not. 123: the server died at 3.0 s");
  runs.First().verdict.reasons = {{ExitCode::kThresholdFailed, "Threshold x failed: 2."}};
  EXPECT_FALSE(runs.Judge().IsWorse());
}

TEST(ComparisonTest, RemarksTellWhatMakesItWeak) {
  EXPECT_THAT(Runs().Old(1).New(1).Judge().remarks, IsEmpty());
  EXPECT_THAT(Runs().Old(1).Old(1).New(1).Judge().remarks,
              ElementsAre(HasSubstr("Of 2 old runs the noise is hardly known")));
  Runs runs;
  runs.Old(1).New(1);
  runs.Last().machine.cores = 8;
  EXPECT_THAT(runs.Judge().remarks, ElementsAre(HasSubstr("different machines")));
}

/// Whether runs can be compared after something was changed about the old and about the new one.
template <typename Spoil>
std::vector<std::string> WhyNotAfter(Spoil&& spoil) {
  Runs runs;
  runs.Old(1).New(1);
  spoil(runs.First(), runs.Last());
  return runs.WhyNot();
}

TEST(ComparableTest, RunsOfTheSameScenarioUnderTheSameLoadAre) {
  EXPECT_THAT(WhyNotAfter([](RunResult&, RunResult&) {}), IsEmpty());
  const auto other_target_and_seed = [](RunResult& was, RunResult& is) {
    was.options = {{"--target", "a:1"}, {"--bots", "5"}, {"--seed", "1"}};
    is.options = {{"--seed", "2"}, {"--target", "b:2"}, {"--bots", "5"}};
  };
  EXPECT_THAT(WhyNotAfter(other_target_and_seed), IsEmpty());
}

TEST(ComparableTest, OthersAreRefusedWithASentence) {
  EXPECT_THAT(WhyNotAfter([](RunResult& was, RunResult&) { was.scenario = "city"; }),
              ElementsAre("old-1.json and new.json are of different scenarios: city and town."));
  EXPECT_THAT(WhyNotAfter([](RunResult& was, RunResult&) { was.scenario_hash = "2"; }),
              ElementsAre(HasSubstr("different texts of the scenario town")));
  EXPECT_THAT(WhyNotAfter([](RunResult& was, RunResult&) {
                was.options = {{"--bots", "5"}};
              }),
              ElementsAre("old-1.json and new.json had different options: --bots 5, and none."));
  EXPECT_THAT(WhyNotAfter([](RunResult&, RunResult& is) { is.bots_max = 7; }),
              ElementsAre(HasSubstr("different loads")));
  EXPECT_THAT(WhyNotAfter([](RunResult&, RunResult& is) { is.planned_duration = 7s; }),
              ElementsAre(HasSubstr("different loads")));
  EXPECT_THAT(WhyNotAfter([](RunResult&, RunResult& is) { is.changed_by_hand = true; }),
              ElementsAre(HasSubstr("new.json cannot be compared: somebody changed the load")));
  EXPECT_THAT(WhyNotAfter([](RunResult& was, RunResult&) { was.metrics = nullptr; }),
              ElementsAre("old-1.json cannot be compared: it measured nothing."));
}

TEST(ComparableTest, VerdictsThatSayLittleOfTheServerAreRefused) {
  const auto with = [](bool is_old, ExitCode code) {
    return WhyNotAfter([=](RunResult& was, RunResult& is) {
      (is_old ? was : is).verdict.reasons = {{code, "because"}};
    });
  };
  for (const bool is_old : {true, false}) {
    EXPECT_THAT(with(is_old, ExitCode::kGeneratorLimited),
                ElementsAre(HasSubstr("its generator was the bottleneck (120)")));
    EXPECT_THAT(with(is_old, ExitCode::kInterrupted),
                ElementsAre(HasSubstr("it is no whole run (105: because)")));
    EXPECT_THAT(with(is_old, ExitCode::kThresholdFailed), IsEmpty());
    EXPECT_THAT(with(is_old, ExitCode::kReportNotWritten), IsEmpty());
  }
  EXPECT_THAT(with(true, ExitCode::kServerDied), ElementsAre(HasSubstr("no measure (123")));
  EXPECT_THAT(with(false, ExitCode::kServerDied), IsEmpty());
}

}  // namespace
}  // namespace stressbot
