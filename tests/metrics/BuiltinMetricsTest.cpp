#include "StressBot/metrics/BuiltinMetrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <set>
#include <sstream>

namespace stressbot {
namespace {

using testing::HasSubstr;

TEST(BuiltinMetricsTest, EachHasItsOwnNameAndAMeaning) {
  std::set<std::string_view> names;
  for (const BuiltinMetric& metric : BuiltinMetrics()) {
    EXPECT_TRUE(names.insert(metric.name).second) << metric.name;
    EXPECT_FALSE(metric.meaning.empty()) << metric.name;
    EXPECT_EQ(metric.tags.empty(), metric.name == "generator_memory") << metric.name;
  }
}

TEST(BuiltinMetricsTest, TheDocumentTellsEachOfThem) {
  constexpr std::array kKinds{"trend", "counter", "rate", "gauge"};
  std::ifstream file(STRESSBOT_ROOT "/docs/REPORTS.md");
  std::ostringstream document;
  document << file.rdbuf();
  for (const BuiltinMetric& metric : BuiltinMetrics()) {
    std::ostringstream row;
    row << "\n| `" << metric.name << "` | " << kKinds[static_cast<std::size_t>(metric.kind)]
        << " | " << metric.unit << " | " << metric.tags << " | " << metric.meaning << " |\n";
    EXPECT_THAT(document.str(), HasSubstr(row.str()));
  }
}

TEST(BuiltinMetricsTest, TheDefaultThresholdsNameBuiltinMetrics) {
  for (const Threshold& threshold : DefaultThresholds()) {
    const BuiltinMetric* metric = FindBuiltinMetric(threshold.metric);
    ASSERT_NE(metric, nullptr) << threshold.metric;
    EXPECT_EQ(metric->kind, threshold.kind) << threshold.metric;
  }
}

TEST(BuiltinMetricsTest, AnAliasHasTheKindOfWhatItStandsFor) {
  std::string error;
  EXPECT_EQ(KindOfSelector({"chat_rtt", {}}, {"chat_rtt"}, error), MetricKind::kTrend);
  EXPECT_EQ(KindOfSelector({"checks", {{"step", "login"}}}, {}, error), MetricKind::kRate);
}

TEST(BuiltinMetricsTest, UnknownNamesAndTagsGetASuggestion) {
  std::string error;
  EXPECT_FALSE(KindOfSelector({"chat_rt", {}}, {"chat_rtt"}, error));
  EXPECT_THAT(error, HasSubstr("Did you mean \"chat_rtt\"?"));
  EXPECT_FALSE(KindOfSelector({"request_durations", {}}, {}, error));
  EXPECT_THAT(error, HasSubstr("Did you mean \"request_duration\"?"));
  EXPECT_FALSE(KindOfSelector({"checks", {{"stepp", "login"}}}, {}, error));
  EXPECT_THAT(error, HasSubstr("Did you mean \"step\"?"));
}

}  // namespace
}  // namespace stressbot
