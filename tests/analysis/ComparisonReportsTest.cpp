#include "StressBot/analysis/ComparisonReports.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace stressbot {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Change = ComparedFigure::Change;

/// One figure of each kind: worse, better, unknown and idle.
Comparison Sample() {
  Comparison comparison;
  comparison.scenario = "town";
  comparison.old_files = {"a.json", "b.json"};
  comparison.new_file = "new.json";
  comparison.figures = {
      {"chat_rtt p99",
       FigureUnit::kNanoseconds,
       false,
       {6e6, 7e6},
       6.5e6,
       9.75e6,
       false,
       true,
       {5.6e6, 7.5e6},
       Change::kWorse},
      {"requests answered",
       FigureUnit::kPerSecond,
       true,
       {100, 100},
       100,
       120.0,
       false,
       false,
       {99.5, 100.5},
       Change::kBetter},
      {"connect p50",
       FigureUnit::kNanoseconds,
       false,
       {1e6},
       1e6,
       std::nullopt,
       false,
       false,
       {},
       Change::kUnknown},
      {"checks failed: a|b",
       FigureUnit::kShare,
       false,
       {0, 0},
       0,
       0.0,
       false,
       false,
       {-0.01, 0.01},
       Change::kSame},
  };
  return comparison;
}

TEST(ComparisonReportsTest, ThePeoplesTable) {
  EXPECT_EQ(FormatComparison(Sample()),
            "town   new.json against 2 old runs   WORSE 99\n\n"
            "            measured part           old         new   change             expected\n"
            "  WORSE     chat_rtt p99        6.50 ms   ≥ 9.75 ms    +50 %   5.60 ms to 7.50 ms\n"
            "  better    requests answered   100.0/s     120.0/s    +20 %    99.5/s to 100.5/s\n"
            "  unknown   connect p50         1.00 ms           -        -                    -\n\n"
            "1 of 4 figures got worse, 1 better, 1 cannot be judged; 1 zero in all runs, not "
            "shown.\n");
}

TEST(ComparisonReportsTest, AVerdictThatChangedIsSaid) {
  Comparison comparison = Sample();
  comparison.figures.clear();
  EXPECT_THAT(FormatComparison(comparison), HasSubstr("NOT WORSE 0"));
  comparison.verdict_change = "The old runs passed, and new.json did not. 123: died";
  EXPECT_THAT(FormatComparison(comparison), HasSubstr("WORSE 99\n"));
  EXPECT_THAT(FormatComparison(comparison), HasSubstr("123: died\n"));
  EXPECT_THAT(ComparisonJunit(comparison), HasSubstr("<failure message=\"got worse: The old runs"));
}

TEST(ComparisonReportsTest, MarkdownForAPullRequest) {
  const std::string page = ComparisonMarkdown(Sample());
  EXPECT_THAT(page, StartsWith("## WORSE 99: town\n\nnew.json against 2 old runs. 1 of 4 figures"));
  EXPECT_THAT(page, HasSubstr("\n| **WORSE** | chat\\_rtt p99 | 6.50 ms | ≥ 9.75 ms | +50 % | "
                              "5.60 ms to 7.50 ms |\n"));
  EXPECT_THAT(page, Not(HasSubstr("checks failed")));
}

TEST(ComparisonReportsTest, JsonHasAllInMilliseconds) {
  const auto json = nlohmann::json::parse(ComparisonJson(Sample()));
  EXPECT_EQ(json["schema"], "stressbot-compare/1");
  EXPECT_EQ(json["code"], 99);
  EXPECT_EQ(json["old"].size(), 2U);
  EXPECT_EQ(json["figures"].size(), 4U);
  const auto& worse = json["figures"][0];
  EXPECT_EQ(worse["old"], (std::vector<double>{6, 7}));
  EXPECT_EQ(worse["old_mean"], 6.5);
  EXPECT_EQ(worse["new"], 9.75);
  EXPECT_EQ(worse["expected_low"], 5.6);
  EXPECT_EQ(worse["expected_high"], 7.5);
  EXPECT_EQ(worse["unit"], "ms");
  EXPECT_EQ(worse["better"], "lower");
  EXPECT_EQ(worse["change"], "worse");
  EXPECT_EQ(worse["new_lower_bound"], true);
  EXPECT_FALSE(json["figures"][2].contains("new"));
}

TEST(ComparisonReportsTest, JunitHasACaseForEachFigure) {
  const std::string xml = ComparisonJunit(Sample());
  EXPECT_THAT(xml, HasSubstr(R"(<testsuite name="town" tests="5" failures="1" errors="0")"));
  EXPECT_THAT(xml, HasSubstr(R"(<testcase classname="town.compare" name="chat_rtt p99" time="0">)"
                             R"(<failure message="got worse: old 6.50 ms, new ≥ 9.75 ms (+50 %), )"
                             R"(expected 5.60 ms to 7.50 ms" type="compare">)"));
}

}  // namespace
}  // namespace stressbot
