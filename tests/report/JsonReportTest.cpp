#include "StressBot/report/JsonReport.h"

#include <gtest/gtest.h>

#include "tests/report/SampleRun.h"

namespace stressbot {
namespace {

using Json = nlohmann::ordered_json;

Json RoundTrip(const RunResult& result) { return Json::parse(ToJson(result).dump(2)); }

const Json& SeriesOf(const Json& report, const std::string& metric, const Json& tags) {
  static const Json kNone;
  for (const Json& series : report["series"]) {
    if (series["metric"] == metric && series["tags"] == tags) return series;
  }
  return kNone;
}

TEST(JsonReportTest, TellsTheRunAndItsVerdict) {
  const SampleRun run;
  const Json report = RoundTrip(run.result);
  EXPECT_EQ(report["schema"], "stressbot-run/1");
  EXPECT_EQ(report["scenario"]["name"], "login_enter_chat");
  EXPECT_EQ(report["seed"], 42);
  EXPECT_EQ(report["started_at"], "2026-01-02T03:04:05Z");
  EXPECT_EQ(report["measured_s"], 30.0);
  EXPECT_EQ(report["verdict"]["code"], 99);
  EXPECT_EQ(report["verdict"]["passed"], false);
  EXPECT_EQ(report["verdict"]["reasons"].size(), 1U);
  EXPECT_EQ(report["thresholds"].size(), 3U);
  EXPECT_EQ(report["thresholds"][0]["limit_ms"], 50.0);
  EXPECT_EQ(report["thresholds"][1]["limit"], 0.999);
  EXPECT_EQ(report["servers"][0]["pid"], 4711);
  EXPECT_EQ(report["events"][0]["at_s"], 12.4);
  EXPECT_EQ(report["pauses"][0]["from_s"], 20);
  EXPECT_EQ(report["pauses"][0]["to_s"], 21.5);
  EXPECT_EQ(report["first_failures"][0]["metric"], "bots_dropped");
  EXPECT_EQ(report["first_failures"][0]["at_s"], 12.4);
  EXPECT_EQ(report["aliases"][0]["name"], "chat_rtt");
  EXPECT_EQ(report["scenario"]["hash"], "fnv1a64:0123456789abcdef");
  EXPECT_EQ(report["options"][0]["value"], "1000");
  EXPECT_EQ(report["machine"]["cores"], 4);
  EXPECT_EQ(report["changed_by_hand"], false);
}

TEST(JsonReportTest, EverySeriesHasItsAggregates) {
  const SampleRun run;
  const Json report = RoundTrip(run.result);
  const Json chat = SeriesOf(report, "request_duration", {{"group", "players"}, {"step", "chat"}});
  EXPECT_EQ(chat["kind"], "trend");
  EXPECT_EQ(chat["measured"]["count"], 1'205);
  EXPECT_NEAR(chat["measured"]["p99_ms"].get<double>(), 12.4, 0.0124);
  EXPECT_EQ(chat["measured"]["max_ms"], 5'000.0);
  EXPECT_EQ(chat["measured"]["timed_out"], 1);
  EXPECT_EQ(chat["measured"]["lower_bound"], Json({"max"}));
  const Json silent =
      SeriesOf(report, "request_duration", {{"group", "players"}, {"step", "C_LOGIN"}});
  EXPECT_EQ(silent["measured"], Json({{"count", 0}}));
  const Json checks = SeriesOf(report, "checks", {{"step", "C_LOGIN"}, {"check", "success"}});
  EXPECT_EQ(checks["whole"]["rate"], 1.0);
  EXPECT_EQ(SeriesOf(report, "packets_sent", Json::object())["whole"]["count"], 31'319);
}

TEST(JsonReportTest, TheTextIsTheSameInReadableLines) {
  const SampleRun run;
  const std::string text = WriteJson(run.result);
  EXPECT_EQ(Json::parse(text), ToJson(run.result));
  const Json report = ToJson(run.result);
  EXPECT_NE(text.find("\n    " + report["series"][0].dump() + ",\n"), std::string::npos);
}

TEST(JsonReportTest, PointsInTimeStandBesideTheirSeries) {
  const SampleRun run;
  const Json report = RoundTrip(run.result);
  EXPECT_EQ(report["timeline"]["to_s"], Json({30.0}));
  EXPECT_EQ(report["timeline"]["phase"], Json({"load"}));
  EXPECT_EQ(report["timeline"]["heat_rows_ms"].size(), kHeatRows);
  const Json chat = SeriesOf(report, "request_duration", {{"group", "players"}, {"step", "chat"}});
  EXPECT_EQ(chat["timeline"]["count"], Json({1'205}));
  EXPECT_EQ(chat["timeline"]["max_ms"], Json({5'000.0}));
  EXPECT_EQ(chat["timeline"]["lower_bound_from"], Json({"max"}));
  EXPECT_EQ(chat["timeline"]["heat"][0].size(), 4U);
  const Json sent = SeriesOf(report, "packets_sent", Json::object());
  EXPECT_EQ(sent["timeline"]["counts"], Json({31'319}));
  const Json silent =
      SeriesOf(report, "request_duration", {{"group", "players"}, {"step", "C_LOGIN"}});
  EXPECT_FALSE(silent.contains("timeline"));
}

TEST(JsonReportTest, BadBytesFromOutsideDoNotSpoilIt) {
  SampleRun run;
  run.result.scenario = "bad \xFF name";
  run.result.servers[0].last_lines = {"\xC3(", "채팅"};
  run.result.verdict.reasons[0].text += '\x80';
  const Json report = RoundTrip(run.result);
  EXPECT_EQ(report["scenario"]["name"], "bad \uFFFD name");
  EXPECT_EQ(report["servers"][0]["last_lines"][0], "\uFFFD(");
  EXPECT_EQ(report["servers"][0]["last_lines"][1], "채팅");
}

TEST(JsonReportTest, ARunThatNeverStartedHasAVerdict) {
  RunResult result;
  result.verdict.reasons = {{ExitCode::kConfiguration, "no such file"}};
  const Json report = RoundTrip(result);
  EXPECT_EQ(report["verdict"]["code"], 104);
  EXPECT_FALSE(report.contains("series"));
}

}  // namespace
}  // namespace stressbot
