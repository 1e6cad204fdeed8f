#include "StressBot/report/JunitReport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "StressBot/report/Xml.h"
#include "tests/report/SampleRun.h"

namespace stressbot {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(JunitReportTest, ThresholdsAndChecksAreTestCases) {
  const std::string xml = WriteJunit(SampleRun().result);
  EXPECT_THAT(xml,
              HasSubstr(R"(<testsuite name="login_enter_chat" tests="5" failures="1" errors="0")"));
  EXPECT_THAT(xml, HasSubstr(R"(name="chat_rtt p(99)&lt;50ms" time="0"><system-out>12.4 ms)"));
  EXPECT_THAT(xml,
              HasSubstr("<failure message=\"bots_dropped count==0 failed: 3\" "
                        "type=\"thresholds\">3\nbot 512 at 12.4 s, reset by server in step chat"));
  EXPECT_THAT(xml,
              HasSubstr(R"(name="success in C_LOGIN" time="0"><system-out>held 2,408 of 2,408)"));
  EXPECT_THAT(xml, HasSubstr("<system-out>bots_dropped: bot 512"));
}

TEST(JunitReportTest, AnythingButAThresholdIsAnErrorOfTheRun) {
  SampleRun run;
  run.result.verdict.reasons.push_back({ExitCode::kServerDied, "the server died at 3.0 s"});
  run.result.servers[0].alive = false;
  run.result.servers[0].ending = "killed by signal 9 (SIGKILL)";
  run.result.servers[0].last_lines = {"out of memory"};
  const std::string xml = WriteJunit(run.result);
  EXPECT_THAT(xml, HasSubstr(R"(failures="1" errors="1")"));
  EXPECT_THAT(xml, HasSubstr(R"(<error message="123  the server died at 3.0 s" type="run">)"));
  EXPECT_THAT(xml, HasSubstr("killed by signal 9 (SIGKILL)\n  | out of memory\n"));
}

/// A run with one check that failed once.
std::string WithAFailedCheck(const char* threshold) {
  MetricsCatalog catalog;
  const RateId id = catalog.Rate("checks", {{"group", "a"}, {"step", "login"}, {"check", "ok"}});
  RunMetrics metrics(catalog);
  MetricsInterval interval{{}, std::chrono::seconds(1), Phase::kLoad, MetricsFrame(catalog)};
  interval.frame.Count(id, true, 999);
  interval.frame.Count(id, false);
  metrics.Add(interval);
  RunResult result;
  result.metrics = &metrics;
  std::string error;
  result.thresholds.push_back(
      Judge(ParseThreshold({"checks", {}}, MetricKind::kRate, threshold, error).value(), metrics));
  return WriteJunit(result);
}

TEST(JunitReportTest, AFailedCheckFailsWhenItBrokeAThreshold) {
  EXPECT_THAT(
      WithAFailedCheck("rate==1"),
      HasSubstr(R"(name="a: ok in login" time="0"><failure message="failed 1 of 1,000 times")"));
  const std::string allowed = WithAFailedCheck("rate>0.99");
  EXPECT_THAT(allowed, HasSubstr("held 999 of 1,000 times"));
  EXPECT_THAT(allowed, Not(HasSubstr("<failure")));
}

TEST(JunitReportTest, WhatWasSaidBeforeAFailureStandsBesideIt) {
  SampleRun run;
  ConversationLine line;
  line.way = ConversationLine::Way::kSent;
  line.packet = "C_LOGIN";
  line.content = "{name: \"<bot>\"}";
  run.result.first_failures[0].conversation = {line};
  const std::string xml = WriteJunit(run.result);
  EXPECT_THAT(xml, HasSubstr("<system-out>bots_dropped: bot 512 at 12.4 s, reset by server in step "
                             "chat\n"));
  EXPECT_THAT(xml, HasSubstr("C_LOGIN (0)     0 B  {name: \"&lt;bot&gt;\"}\n"));
}

TEST(JunitReportTest, XmlIsValidWhateverNamesHold) {
  EXPECT_EQ(XmlText("a<b> & \"c\" ]]>"), "a&lt;b&gt; &amp; \"c\" ]]&gt;");
  EXPECT_EQ(XmlText(std::string("\0\x1B[31m\xFF\x0C\xEF\xBF\xBE|\t\r\n", 15)),
            "\uFFFD\uFFFD[31m\uFFFD\uFFFD\uFFFD|\t&#13;\n");
  EXPECT_EQ(XmlAttribute("\"<\n\t"), "&quot;&lt;&#10;&#9;");
  EXPECT_EQ(XmlText("채팅 😀"), "채팅 😀");
}

TEST(JunitReportTest, ARunThatCouldNotBeginIsAnError) {
  RunResult result;
  result.verdict.reasons = {{ExitCode::kCouldNotBegin, "the server does not listen"}};
  EXPECT_THAT(WriteJunit(result), HasSubstr(R"(message="106  the server does not listen")"));
}

}  // namespace
}  // namespace stressbot
