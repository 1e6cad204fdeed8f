#include "StressBot/report/CsvReport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/report/SampleRun.h"

namespace stressbot {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(CsvReportTest, HoldsTotalsAndPointsInTime) {
  const std::string csv = WriteCsv(SampleRun().result);
  EXPECT_THAT(csv, StartsWith("part,metric,tags,from_s,to_s,phase,aggregate,value,at_least\r\n"));
  EXPECT_THAT(csv, HasSubstr("\r\nwhole,packets_sent,,,,,count,31319,\r\n"));
  EXPECT_THAT(csv, HasSubstr("\r\ntimeline,packets_sent,,0,30,load,count,31319,\r\n"));
  EXPECT_THAT(csv,
              HasSubstr("\r\nmeasured,request_duration,group:players;step:chat,,,,max_ms,5000,1"
                        "\r\n"));
  EXPECT_THAT(csv, HasSubstr("\r\nmeasured,checks,step:C_LOGIN;check:success,,,,total,2408,\r\n"));
  // The login's latency was never measured.
  EXPECT_THAT(csv, Not(HasSubstr("request_duration,group:players;step:C_LOGIN")));
}

TEST(CsvReportTest, NamesWithCommasQuotesAndLineBreaksAreQuoted) {
  MetricsCatalog catalog;
  const CounterId id = catalog.Counter("requests", {{"step", "a,\"b\"\nc"}});
  RunMetrics metrics(catalog);
  MetricsInterval interval{{}, std::chrono::seconds(1), Phase::kLoad, MetricsFrame(catalog)};
  interval.frame.Add(id);
  metrics.Add(interval);
  RunResult result;
  result.metrics = &metrics;
  EXPECT_THAT(WriteCsv(result),
              HasSubstr("\r\nwhole,requests,\"step:a,\"\"b\"\"\nc\",,,,count,1,\r\n"));
}

TEST(CsvReportTest, ARunThatCouldNotBeginHasNoNumbers) {
  EXPECT_EQ(WriteCsv({}), "part,metric,tags,from_s,to_s,phase,aggregate,value,at_least\r\n");
}

}  // namespace
}  // namespace stressbot
