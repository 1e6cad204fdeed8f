#include "StressBot/report/RunReader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "StressBot/report/JsonReport.h"
#include "StressBot/report/JsonValues.h"
#include "StressBot/report/ReportFormats.h"
#include "StressBot/report/Summary.h"
#include "tests/report/SampleRun.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// A run of 100 minutes: warm-up, load, stop, and a timeline that had to be thinned.
class LongRun {
 public:
  LongRun() {
    std::chrono::nanoseconds at{};
    const auto add = [&](Phase phase, std::chrono::nanoseconds length, int i) {
      MetricsInterval interval{at, at + length, phase, MetricsFrame(catalog_)};
      at += length;
      Fill(interval.frame, i);
      metrics_.Add(interval);
    };
    add(Phase::kWarmup, 333'333'333ns, 0);
    for (int i = 1; i < 6'000; ++i) add(Phase::kLoad, 1s, i);
    add(Phase::kStop, 17ns, 1);
    result_.metrics = &metrics_;
    result_.duration = at;
    result_.events = {{1'234'567'891ns, "dropped bots by reset", 100, 6'234'567'891ns},
                      {at, "the end", {}}};
    ServerReport& server = result_.servers.emplace_back();
    server.name = "game";
    server.watched = true;
    server.ending = "killed by signal 11 (SIGSEGV) at 12.4 s";
    server.last_lines = {"채팅", "the end"};
    server.ended_badly = true;
    server.stack = {"#0  Walk", "#1  Broadcast"};
    server.last_packets = "S_CHAT 4,000";
    std::string error;
    const auto judge = [&](const char* metric, MetricKind kind, const char* expression) {
      result_.thresholds.push_back(Judge(
          ParseThreshold({metric, {{"group", "a"}}}, kind, expression, error).value(), metrics_));
    };
    judge("request_duration", MetricKind::kTrend, "avg<3ms");
    judge("request_duration", MetricKind::kTrend, "p(99.5)<3.3ms");
    judge("server_memory", MetricKind::kGauge, "slope<1kB/h");
    judge("request_duration", MetricKind::kTrend, "slope(p(99))<1ms/h");
    judge("requests", MetricKind::kCounter, "rate>1");
    judge("checks", MetricKind::kRate, "rate>0.1");
    result_.verdict.AddThresholds(result_.thresholds);
  }
  const RunResult& result() const { return result_; }

 private:
  void Fill(MetricsFrame& frame, int i) const {
    const auto n = static_cast<std::uint64_t>(i);
    if (i % 3 == 0) frame.Record(latency_, 1'234'567 + 7'919LL * i);
    if (i % 1'000 == 0) frame.RecordAtLeast(latency_, 5'000'000'001);
    if (i > 100) frame.Add(requests_, n % 10);
    frame.Count(checks_, i % 7 != 0);
    frame.Set(memory_, 1e6 / 3 + 0.1 * i);
  }

  const Tags tags_{{"group", "a"}, {"step", "채팅 \"quoted\""}};
  MetricsCatalog catalog_;
  TrendId latency_ = catalog_.Trend("request_duration", tags_);
  CounterId requests_ = catalog_.Counter("requests", tags_);
  RateId checks_ = catalog_.Rate("checks", tags_);
  GaugeId memory_ = catalog_.Gauge("server_memory", tags_);
  CounterId never_ = catalog_.Counter("bots_dropped", tags_);
  RunMetrics metrics_{catalog_};
  RunResult result_;
};

void ExpectTheSameReports(const RunResult& live) {
  std::string error;
  const auto read = ReadRun(WriteJson(live), error);
  ASSERT_NE(read, nullptr) << error;
  EXPECT_EQ(FormatSummary(read->result), FormatSummary(live));
  for (const ReportFormat& format : ReportFormats()) {
    // As a bool: a difference of megabytes is nothing to print.
    EXPECT_TRUE(format.write(read->result) == format.write(live)) << format.name;
  }
}

TEST(RunReaderTest, ReportsOfAFileAreThoseOfTheRun) {
  ExpectTheSameReports(SampleRun().result);
  ExpectTheSameReports(LongRun().result());
}

TEST(RunReaderTest, AReportFromBeforeAKeyCameIsRead) {
  auto json = ToJson(SampleRun().result);
  json.erase("pauses");
  json["generator"].erase("saturation");
  for (auto& server : json["servers"]) server.erase("ended_badly");
  for (auto& failure : json["first_failures"]) failure.erase("at_s");
  std::string error;
  EXPECT_NE(ReadRun(json.dump(), error), nullptr) << error;
}

TEST(RunReaderTest, ARunThatCouldNotBeginIsReadToo) {
  RunResult result;
  result.scenario = "town";
  result.verdict.reasons = {{ExitCode::kCouldNotBegin, "the server does not listen"}};
  ExpectTheSameReports(result);
}

TEST(RunReaderTest, MetricsCanBeMergedAndJudgedAgain) {
  const LongRun live;
  std::string error;
  const auto read = ReadRun(WriteJson(live.result()), error);
  ASSERT_NE(read, nullptr) << error;
  const RunMetrics& metrics = *read->result.metrics;
  for (const ThresholdResult& before : live.result().thresholds) {
    const ThresholdResult again = Judge(before.threshold, metrics);
    EXPECT_EQ(again.text, before.text);
    EXPECT_EQ(again.passed, before.passed);
  }
  const Histogram& trend = metrics.measured().trend(TrendId{0});
  EXPECT_EQ(trend.Percentile(12.5),
            live.result().metrics->measured().trend(TrendId{0}).Percentile(12.5));
}

TEST(RunReaderTest, DurationsAreWrittenTheSameAgain) {
  for (const double ns :
       {0.0, 1.0, 999'999.0, 12'400'001.0, 4'398'046'511'103.0, 1e6 / 3, 1.1e9 / 7}) {
    const double milliseconds = MillisecondsOf(ns);
    EXPECT_DOUBLE_EQ(MillisecondsOf(NanosecondsOf(milliseconds)), milliseconds);
  }
  EXPECT_EQ(NanosecondsOf(MillisecondsOf(std::int64_t{4'398'046'511'103})), 4'398'046'511'103.0);
}

std::string MistakeOf(const std::string& text) {
  std::string error;
  EXPECT_EQ(ReadRun(text, error), nullptr);
  return error;
}

/// The sample's report after `change`.
std::string Changed(const std::function<void(nlohmann::ordered_json&)>& change) {
  nlohmann::ordered_json json = ToJson(SampleRun().result);
  change(json);
  return json.dump();
}

TEST(RunReaderTest, WhatIsNoReportIsOneSentence) {
  EXPECT_THAT(MistakeOf(""), HasSubstr("no JSON"));
  EXPECT_THAT(MistakeOf("[]"), HasSubstr("no JSON report of stressbot"));
  EXPECT_THAT(MistakeOf("{}"), HasSubstr("--out json=FILE"));
  EXPECT_THAT(MistakeOf(R"({"schema": "stressbot-run/9"})"),
              HasSubstr("has the schema \"stressbot-run/9\", but this version reads"));
  const std::string whole = WriteJson(SampleRun().result);
  EXPECT_THAT(MistakeOf(whole.substr(0, whole.size() / 2)), HasSubstr("not all of it is there"));
}

TEST(RunReaderTest, WhatIsMissingOrOfAnotherTypeIsNamedByItsPlace) {
  EXPECT_THAT(MistakeOf(Changed([](auto& json) { json.erase("seed"); })),
              HasSubstr("is damaged: seed is missing"));
  EXPECT_THAT(MistakeOf(Changed([](auto& json) { json["thresholds"][1]["kind"] = "sum"; })),
              HasSubstr("thresholds[1].kind is no kind of metric"));
  EXPECT_THAT(MistakeOf(Changed([](auto& json) { json["verdict"]["reasons"][0]["code"] = 1; })),
              HasSubstr("verdict.reasons[0].code"));
  EXPECT_THAT(MistakeOf(Changed([](auto& json) { json["series"][0]["tags"]["server"] = 1; })),
              HasSubstr("series[0].tags.server must be a text"));
  EXPECT_THAT(MistakeOf(Changed([](auto& json) { json["series"].push_back(json["series"][0]); })),
              HasSubstr("is there twice"));
}

TEST(RunReaderTest, ImpossibleNumbersAreRefused) {
  const auto histogram = [](auto change) {
    return MistakeOf(
        Changed([&](auto& json) { change(json["series"][0]["measured"]["histogram"]); }));
  };
  const char* const kDoNotFit = "buckets and totals do not fit";
  EXPECT_THAT(histogram([](auto& json) { json["buckets"][0] = 33'792; }), HasSubstr(kDoNotFit));
  EXPECT_THAT(histogram([](auto& json) { json["buckets"][1] = 0; }), HasSubstr(kDoNotFit));
  EXPECT_THAT(histogram([](auto& json) { json["buckets"].push_back(40'000); }),
              HasSubstr(kDoNotFit));
  EXPECT_THAT(histogram([](auto& json) {
                json["buckets"].push_back(40'000);
                json["buckets"].push_back(1);
              }),
              HasSubstr(kDoNotFit));
  EXPECT_THAT(histogram([](auto& json) { json["min_ns"] = 1; }), HasSubstr(kDoNotFit));
  EXPECT_THAT(histogram([](auto& json) { json["sum_ns"] = -1; }), HasSubstr(kDoNotFit));
  EXPECT_THAT(MistakeOf(Changed([](auto& json) {
                json["timeline"]["to_s"] = {1, 2};
              })),
              HasSubstr("timeline.to_s must be a list of 1"));
  EXPECT_THAT(MistakeOf(Changed([](auto& json) { json["series"][0]["timeline"]["first"] = 7; })),
              HasSubstr("timeline.first must be a whole number from 0 to 0"));
  EXPECT_THAT(MistakeOf(Changed([](auto& json) {
                json["series"][0]["timeline"]["heat"][0] = {99, 1};
              })),
              HasSubstr("rows in order"));
}

/// Whatever is put in place of any value, reading ends with a report or a sentence.
TEST(RunReaderTest, AnyValueMayBeAnything) {
  const nlohmann::ordered_json whole = ToJson(SampleRun().result);
  const std::vector<nlohmann::ordered_json> others{nullptr,    -1,        1e300, "text",
                                                   {{"a", 1}}, {1, 2, 3}, true};
  const nlohmann::ordered_json flat = whole.flatten();
  std::size_t tried = 0;
  std::size_t refused = 0;
  for (const auto& [pointer, ignored] : flat.items()) {
    nlohmann::ordered_json changed = whole;
    changed[nlohmann::ordered_json::json_pointer(pointer)] = others[tried++ % others.size()];
    std::string error;
    const auto run = ReadRun(changed.dump(), error);
    EXPECT_EQ(run == nullptr, !error.empty());
    if (run == nullptr) ++refused;
    if (run != nullptr) FormatSummary(run->result);
  }
  EXPECT_GT(refused, tried / 2);
}

}  // namespace
}  // namespace stressbot
