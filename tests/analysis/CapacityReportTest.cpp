#include "StressBot/analysis/CapacityReport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace stressbot {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using Outcome = ProbeResult::Outcome;

/// A search of 500 to 20,000 players, not interrupted.
CapacityRun Of(const std::vector<std::tuple<std::uint64_t, Outcome, double>>& probes) {
  CapacityRun run;
  run.scenario = "town";
  run.varied = "players";
  run.range = {500, 20'000};
  std::string error;
  run.holds = {
      ParseThreshold({"chat_rtt", {}}, MetricKind::kTrend, "p(99)<100ms", error).value(),
      ParseThreshold({"bots_dropped", {}}, MetricKind::kCounter, "count==0", error).value()};
  for (const auto& [value, outcome, ms] : probes) {
    run.probes.push_back({{value, outcome}, 42, ms * 1e6, "text"});
  }
  return run;
}

constexpr auto kHeld = Outcome::kHeld;
constexpr auto kFailed = Outcome::kFailed;
constexpr auto kLimited = Outcome::kLimited;

CapacityRun Found() {
  return Of({{500, kHeld, 12.5}, {1'000, kHeld, 50}, {2'000, kFailed, 300}, {1'000, kHeld, 75}});
}

TEST(CapacityReportTest, TheCurveHasItsLimitInTheMiddle) {
  EXPECT_EQ(FormatCapacity(Found()),
            "\n"
            "  players     held   chat_rtt   | is the limit of p(99)<100ms\n"
            "      500   1 of 1    12.5 ms   ###                     |\n"
            "    1,000   2 of 2    62.5 ms   ###############         |\n"
            "    2,000   0 of 1     300 ms   ########################|######################>\n"
            "\n"
            "1,000 players hold, 2,000 do not.\n");
}

TEST(CapacityReportTest, SentencesTellHowFarItWent) {
  EXPECT_EQ(CapacitySentence(Of({})), "nothing was tried.");
  EXPECT_EQ(CapacitySentence(Of({{500, kFailed, 200}, {500, kFailed, 200}})),
            "not even 500 players hold.");
  EXPECT_EQ(CapacitySentence(Of({{500, kHeld, 1}, {1'000, kLimited, 1}})),
            "at least 500 players hold; at 1,000 the generator gave in before the server did.");
  EXPECT_EQ(CapacitySentence(Of({{500, kLimited, 1}, {500, kLimited, 1}})),
            "nothing is known; at 500 the generator gave in before the server did.");
  EXPECT_EQ(CapacitySentence(Of({{500, kHeld, 1}, {20'000, kHeld, 1}})),
            "at least 20,000 players hold, which is all that was asked for.");
  CapacityRun interrupted = Of({{500, kHeld, 1}, {1'000, kHeld, 1}});
  interrupted.interrupted = true;
  EXPECT_EQ(CapacitySentence(interrupted),
            "Interrupted; so far: at least 1,000 players hold, more were not tried.");
}

TEST(CapacityReportTest, TheSpreadIsToldWhereProbesDisagree) {
  EXPECT_EQ(CapacitySentence(Of({{500, kHeld, 1},
                                 {1'000, kHeld, 90},
                                 {1'050, kFailed, 110},
                                 {1'000, kFailed, 101},
                                 {1'000, kHeld, 99},
                                 {1'050, kHeld, 99},
                                 {1'050, kFailed, 103},
                                 {2'000, kFailed, 300}})),
            "1,000 players hold, 1,050 do not. Spread: every probe up to 500 held, none from 2,000 "
            "on.");
}

TEST(CapacityReportTest, ExitCodes) {
  EXPECT_EQ(Found().code(), ExitCode::kPassed);
  EXPECT_EQ(Of({{500, kFailed, 1}}).code(), ExitCode::kThresholdFailed);
  CapacityRun run = Found();
  run.at_least = 1'000;
  EXPECT_EQ(run.code(), ExitCode::kPassed);
  run.at_least = 1'001;
  EXPECT_EQ(run.code(), ExitCode::kThresholdFailed);
  EXPECT_THAT(CapacitySentence(run), HasSubstr("do not. Asked for were 1,001."));
  run.interrupted = true;
  EXPECT_EQ(run.code(), ExitCode::kInterrupted);
  CapacityRun limited = Of({{500, kHeld, 1}, {1'000, kLimited, 1}});
  EXPECT_EQ(limited.code(), ExitCode::kPassed);
  limited.at_least = 700;  // nobody knows
  EXPECT_EQ(limited.code(), ExitCode::kGeneratorLimited);
  EXPECT_EQ(Of({{500, kLimited, 1}}).code(), ExitCode::kGeneratorLimited);
}

TEST(CapacityReportTest, ALineForEachProbe) {
  CapacityRun run = Found();
  run.probes.back().text = "chat_rtt 75.0 ms";
  EXPECT_EQ(FormatLastProbe(run), "probe  4     1,000 players   holds   chat_rtt 75.0 ms");
}

TEST(CapacityReportTest, MarkdownHasTheCurveAndTheProbes) {
  const std::string page = CapacityMarkdown(Found());
  EXPECT_THAT(page, StartsWith("## Capacity of town: players from 500 to 20,000, chat\\_rtt "
                               "p(99)&lt;100ms and bots\\_dropped count==0\n\n1,000 players hold"));
  EXPECT_THAT(page, HasSubstr("\n```\n  players     held "));
  EXPECT_THAT(page, HasSubstr("\n| 3 | 2,000 | fails | text |\n"));
}

TEST(CapacityReportTest, JsonHasEverything) {
  CapacityRun run = Found();
  run.at_least = 900;
  const auto json = nlohmann::json::parse(CapacityJson(run));
  EXPECT_EQ(json["schema"], "stressbot-capacity/1");
  EXPECT_EQ(json["kind"], "found");
  EXPECT_EQ(json["code"], 0);
  EXPECT_EQ(json["value"], 1'000);
  EXPECT_EQ(json["next"], 2'000);
  EXPECT_EQ(json["sure"], 1'000);
  EXPECT_EQ(json["hopeless"], 2'000);
  EXPECT_EQ(json["at_least"], 900);
  EXPECT_EQ(json["probes"].size(), 4U);
  EXPECT_EQ(json["probes"][2]["outcome"], "failed");
  EXPECT_EQ(json["probes"][2]["measured_ms"], 300);
}

}  // namespace
}  // namespace stressbot
