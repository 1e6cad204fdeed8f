#include "StressBot/metrics/Exposition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace stressbot {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

Exposition Read(std::string_view text) {
  std::string error;
  auto exposition = ReadExposition(text, error);
  EXPECT_TRUE(exposition) << error;
  return exposition.value_or(Exposition{});
}

std::string ErrorOf(std::string_view text) {
  std::string error;
  EXPECT_FALSE(ReadExposition(text, error)) << text;
  return error;
}

std::optional<double> Value(std::string_view text, std::string_view selector) {
  std::string error;
  const auto selectors = ParseSeriesSelectors(selector, error);
  EXPECT_TRUE(selectors) << error;
  return selectors ? ValueOf(Read(text), selectors->front()) : std::nullopt;
}

TEST(ExpositionTest, ReadsWhatPrometheusDocuments) {
  // The example of the format's own page.
  const Exposition read = Read(R"(# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400"}    3 1395066363000

# Escaping in label values:
msdos_file_access_time_seconds{path="C:\\DIR\\FILE.TXT",error="Cannot find file:\n\"FILE.TXT\""} 1.458255915e9

# Minimalistic line:
metric_without_timestamp_and_labels 12.47

# A weird metric from before the epoch:
something_weird{problem="division by zero"} +Inf -3982045
# TYPE rpc_duration_seconds summary
rpc_duration_seconds{quantile="0.01"} 3102
rpc_duration_seconds_sum 1.7560473e+07
)");
  ASSERT_EQ(read.samples.size(), 7U);
  EXPECT_EQ(read.samples[0].name, "http_requests_total");
  EXPECT_THAT(read.samples[0].labels, ElementsAre(Pair("method", "post"), Pair("code", "200")));
  EXPECT_EQ(read.samples[0].value, 1027);
  EXPECT_EQ(read.samples[2].labels[0].second, "C:\\DIR\\FILE.TXT");
  EXPECT_EQ(read.samples[2].labels[1].second, "Cannot find file:\n\"FILE.TXT\"");
  EXPECT_EQ(read.samples[3].value, 12.47);
  EXPECT_TRUE(std::isinf(read.samples[4].value));
  EXPECT_EQ(read.samples[6].value, 17'560'473);
  EXPECT_EQ(read.types.at("http_requests_total"), "counter");
  EXPECT_EQ(read.types.at("rpc_duration_seconds"), "summary");
}

TEST(ExpositionTest, AlsoOpenMetricsAndOtherWaysToWriteIt) {
  const Exposition read = Read(
      "a 1 # {trace_id=\"x\"} 0.5\r\n"
      " b { l = \"1\" , } 2\n"
      "c{} NaN\n"
      "d:e_1 -1e-3 7\n"
      "# EOF");
  ASSERT_EQ(read.samples.size(), 4U);
  EXPECT_EQ(read.samples[1].labels[0].second, "1");
  EXPECT_TRUE(std::isnan(read.samples[2].value));
  EXPECT_EQ(read.samples[3].value, -0.001);
  EXPECT_TRUE(Read("").samples.empty());
}

TEST(ExpositionTest, OneBadLineRefusesTheWhole) {
  for (const char* line :
       {"<html>", "a", "a ", "a b", "a 1 b", "a 1 2 3", "1a 2", "a{ 1", "a{b} 1", "a{b=c} 1",
        "a{b=\"c} 1", "a{b=\"c\"d=\"e\"} 1", "a{b=\"c\\", "a{b:c=\"d\"} 1", "a 0x", "\"a\" 1"}) {
    EXPECT_EQ(ErrorOf("ok 1\n" + std::string(line) + "\nok 2"),
              "is no Prometheus text: line 2 is no sample");
  }
}

TEST(ExpositionTest, ASelectorSumsWhatItFinds) {
  constexpr std::string_view kText =
      "players{room=\"1\",map=\"a\"} 3\nplayers{room=\"2\",map=\"a\"} 4\nplayers_max 9\n"
      "players{room=\"3\",map=\"b\"} NaN\n";
  EXPECT_EQ(Value(kText, "players"), 7);
  EXPECT_EQ(Value(kText, "players{room=\"2\"}"), 4);
  EXPECT_EQ(Value(kText, "players{map=\"a\", room=\"1\"}"), 3);
  EXPECT_EQ(Value(kText, "players{map=\"c\"}"), std::nullopt);
  EXPECT_EQ(Value(kText, "players{map=\"b\"}"), std::nullopt);
  EXPECT_EQ(Value("a 1e308\na 1e308\n", "a"), std::nullopt);
}

TEST(ExpositionTest, SelectorsHaveCommasBetweenThem) {
  std::string error;
  const auto selectors = ParseSeriesSelectors("up, a{x=\"1,2\",y=\"}\"} ,b_total", error);
  ASSERT_TRUE(selectors) << error;
  ASSERT_EQ(selectors->size(), 3U);
  EXPECT_EQ((*selectors)[1].text, "a{x=\"1,2\",y=\"}\"}");
  EXPECT_THAT((*selectors)[1].labels, ElementsAre(Pair("x", "1,2"), Pair("y", "}")));
  EXPECT_TRUE((*selectors)[2].is_counter());
  EXPECT_FALSE((*selectors)[1].is_counter());
  for (const char* text : {"", ",", "a,", "a b", "a{x}", "a{x=\"1\"", "1"}) {
    EXPECT_FALSE(ParseSeriesSelectors(text, error)) << text;
    EXPECT_THAT(error, HasSubstr("names no series")) << text;
  }
}

TEST(ExpositionTest, ANameIsKnownAlsoBeforeItsFirstSample) {
  const Exposition read = Read("# TYPE saves_total counter\nplayers 1\n");
  EXPECT_EQ(WhyUnknown(read, {"players", "players", {{"room", "1"}}}), "");
  EXPECT_EQ(WhyUnknown(read, {"saves_total", "saves_total", {}}), "");
  EXPECT_EQ(WhyUnknown(read, {"player", "player", {}}),
            "has no series \"player\". Did you mean \"players\"?");
}

}  // namespace
}  // namespace stressbot
