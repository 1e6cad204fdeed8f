#include "StressBot/metrics/BuiltinMetrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
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
    const bool is_one = metric.name == "generator_memory" || metric.name == "scrapes_failed";
    EXPECT_EQ(metric.tags.empty(), is_one) << metric.name;
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

TEST(BuiltinMetricsTest, TheDocumentTellsOfNoOther) {
  std::ifstream file(STRESSBOT_ROOT "/docs/REPORTS.md");
  std::size_t rows = 0;
  for (std::string line; std::getline(file, line);) {
    // | `name` | kind | unit | ...
    const std::size_t end = line.find("` | ", 3);
    const bool is_row = line.starts_with("| `") && end != std::string::npos;
    constexpr std::array kKinds{"trend |", "counter |", "rate |", "gauge |"};
    const auto names_a_kind = [&](const char* kind) {
      return std::string_view(line).substr(end + 4).starts_with(kind);
    };
    if (!is_row || !std::any_of(kKinds.begin(), kKinds.end(), names_a_kind)) continue;
    ++rows;
    EXPECT_NE(FindBuiltinMetric(line.substr(3, end - 3)), nullptr) << line;
  }
  EXPECT_EQ(rows, BuiltinMetrics().size());
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
