#include "StressBot/report/HdrReport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/report/SampleRun.h"

namespace stressbot {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(HdrReportTest, HasALineForEachTrendWithData) {
  const std::string log = WriteHdrLog(SampleRun().result);
  EXPECT_THAT(log, HasSubstr("#[Histogram log format version 1.3]\n#[StartTime: 1767323045.000 "));
  EXPECT_THAT(log,
              HasSubstr("\nTag=request_duration{group:players;step:chat},0.000,30.000,5000.000,"
                        "HISTFAAAA"));
  EXPECT_THAT(log, Not(HasSubstr("C_LOGIN")));
}

TEST(HdrReportTest, TagsHoldNothingThatEndsThem) {
  MetricsCatalog catalog;
  const TrendId id = catalog.Trend("request_duration", {{"step", "a, b\n#채팅"}});
  RunMetrics metrics(catalog);
  MetricsInterval interval{{}, std::chrono::seconds(1), Phase::kLoad, MetricsFrame(catalog)};
  interval.frame.Record(id, 1);
  metrics.Add(interval);
  RunResult result;
  result.metrics = &metrics;
  EXPECT_THAT(WriteHdrLog(result), HasSubstr("\nTag=request_duration{step:a__b\uFFFD_채팅},0.000"));
}

/// As HdrHistogram 2.1.11 (Java) decodes it: tests/e2e/hdr_test.py asks it. Here a value that was
/// accepted there.
TEST(HdrReportTest, TheEncodingIsThatOfHdrHistogram) {
  Histogram histogram;
  for (int i = 0; i < 1'204; ++i) histogram.Record(12'400'000);
  histogram.Record(5'000'000'000);
  EXPECT_EQ(
      EncodeHdr(histogram),
      "HISTFAAAADx4AQExAM7/HISTEwAAAAkAAAAAAAAAAwAAAAAAAAABAAAD//////8/8AAAAAAAANHnAegS+4oBAs+u"
      "C7w=");
}

TEST(HdrReportTest, ManyBucketsTakeSeveralStoredBlocks) {
  Histogram histogram;
  for (std::size_t bucket = 0; bucket < Histogram::kBuckets; ++bucket) {
    histogram.RecordMany(Histogram::LowestOf(bucket), 1'000'000'000);
  }
  // Five bytes a count, 40 of the header, two blocks and their frame.
  const std::size_t bytes = Histogram::kBuckets * 5 + 40 + 2 + 3 * 5 + 4 + 8;
  EXPECT_EQ(EncodeHdr(histogram).size(), (bytes + 2) / 3 * 4);
}

}  // namespace
}  // namespace stressbot
