#include "StressBot/report/Incident.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "StressBot/report/JunitReport.h"
#include "StressBot/report/MarkdownReport.h"
#include "StressBot/report/Summary.h"
#include "tests/report/StuckRun.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Second = StuckRun::Second;

TEST(IncidentTest, StuckRequestsAndTheirLateRepliesAreOne) {
  const StuckRun run;
  const std::vector<Incident> incidents = FindIncidents(run.result);
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_EQ(incidents[0].from, 3s);
  EXPECT_EQ(incidents[0].to, 7s);
  EXPECT_EQ(incidents[0].silent_from, 3s);
  EXPECT_EQ(incidents[0].silent_to, 6s);
}

TEST(IncidentTest, IsToldInOneSentence) {
  const StuckRun run;
  EXPECT_EQ(DescribeIncidents(run.result),
            "Requests were stuck for 4.0 s (3.0–7.0 s, 00:00:01–00:00:05 UTC): no reply came for "
            "3.0 s, the slowest took 3.50 s; up to 18 of 20 active bots waited in chat; server CPU "
            "0 %; generator healthy.");
}

TEST(IncidentTest, IsToldByTheOtherReportsToo) {
  const StuckRun run;
  EXPECT_THAT(FormatSummary(run.result), HasSubstr("\n  Requests were stuck for 4.0 s (3.0–7.0 s"));
  EXPECT_THAT(WriteMarkdown(run.result), HasSubstr("Requests were stuck for 4.0 s"));
  EXPECT_THAT(WriteJunit(run.result), HasSubstr("<system-out>Requests were stuck for 4.0 s"));
}

TEST(IncidentTest, APassedRunHasNone) {
  StuckRun run;
  run.result.verdict.reasons.clear();
  EXPECT_THAT(FindIncidents(run.result), IsEmpty());
  EXPECT_EQ(DescribeIncidents(run.result), "");
}

TEST(IncidentTest, ARunWithoutMetricsHasNone) {
  RunResult result;
  result.verdict.reasons = {{ExitCode::kCouldNotBegin, "the server does not listen"}};
  EXPECT_THAT(FindIncidents(result), IsEmpty());
}

TEST(IncidentTest, ASecondBeforeWhoseEndSomethingWasAskedIsNoSilence) {
  std::vector<Second> seconds(4);
  seconds[2] = {0, 0, 1};
  const StuckRun run(seconds);
  EXPECT_THAT(SilentPoints(run.metrics), ElementsAre(false, false, false, false));
}

TEST(IncidentTest, ASecondThroughWhichSomebodyWaitedIsSilent) {
  std::vector<Second> seconds(4);
  seconds[1].waiting = 1;
  seconds[2] = {0, 0, 1};
  const StuckRun run(seconds);
  EXPECT_THAT(SilentPoints(run.metrics), ElementsAre(false, false, true, false));
}

TEST(IncidentTest, ATimeOutIsNoReply) {
  std::vector<Second> seconds(6);
  for (const std::size_t i : {2U, 3U, 4U}) seconds[i] = {0, 0, 20, 0, 5};
  const StuckRun run(seconds);
  EXPECT_THAT(SilentPoints(run.metrics), ElementsAre(false, false, true, true, true, false));
  EXPECT_THAT(DescribeIncidents(run.result), HasSubstr("the slowest took at least 5.00 s"));
}

TEST(IncidentTest, SlowRepliesAloneAreOneTooAndTheLongestIsTold) {
  std::vector<Second> seconds(10);
  for (const std::size_t i : {1U, 5U, 6U}) seconds[i].latency_ns = 400'000'000;
  const StuckRun run(seconds);
  ASSERT_EQ(FindIncidents(run.result).size(), 2U);
  EXPECT_EQ(DescribeIncidents(run.result),
            "Replies were over the limit for 2.0 s (5.0–7.0 s, 00:00:03–00:00:05 UTC), the slowest "
            "took 400 ms; server CPU 8 %; generator healthy; 1 more such stretch.");
}

TEST(IncidentTest, AGeneratorThatWasTheBottleneckIsNotHealthy) {
  StuckRun run;
  run.result.verdict.reasons.push_back({ExitCode::kGeneratorLimited, "its timers ran late"});
  EXPECT_THAT(DescribeIncidents(run.result), HasSubstr("StressBot itself was the bottleneck"));
  EXPECT_THAT(DescribeIncidents(run.result), Not(HasSubstr("healthy")));
}

TEST(IncidentTest, NobodyKnowsTheHourOfARunWithoutAStart) {
  StuckRun run;
  run.result.started_at = "yesterday <b>";
  EXPECT_THAT(DescribeIncidents(run.result), HasSubstr("(3.0–7.0 s): no reply"));
}

}  // namespace
}  // namespace stressbot
