#include "StressBot/report/HtmlReport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "StressBot/report/ChartColumns.h"
#include "StressBot/report/HtmlParts.h"
#include "tests/report/SampleRun.h"
#include "tests/report/StuckRun.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

/// What is wrong with the nesting of a page's elements; empty when nothing is.
std::string NestingMistakeOf(std::string_view page) {
  std::vector<std::string> open;
  for (std::size_t at = page.find('<'); at != std::string_view::npos; at = page.find('<', at + 1)) {
    const std::size_t end = page.find_first_of(" >\n", at);
    const std::string name(page.substr(at + 1, end - at - 1));
    if (name == "!doctype" || name == "!--" || name == "meta" || name == "wbr") continue;
    if (name.front() != '/') {
      open.push_back(name);
      // In these a "<" begins nothing but their end.
      if (name == "script" || name == "style") at = page.find("</" + name, at) - 1;
      continue;
    }
    if (open.empty() || "/" + open.back() != name)
      return name + " closes " + (open.empty() ? "nothing" : open.back());
    open.pop_back();
  }
  return open.empty() ? "" : open.back() + " stays open";
}

nlohmann::json DataOf(const std::string& page) {
  const std::string_view kBegin = "<script type=\"application/json\" id=\"data\">";
  const std::size_t begin = page.find(kBegin) + kBegin.size();
  return nlohmann::json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

TEST(HtmlReportTest, TellsWhatFailedWhenAndHowBadFirst) {
  const std::string page = WriteHtml(SampleRun().result);
  EXPECT_THAT(page, StartsWith("<!doctype html>\n<html lang=\"en\">"));
  EXPECT_EQ(NestingMistakeOf(page), "");
  EXPECT_THAT(page, HasSubstr("<title>FAIL 99: login_enter_chat</title>"));
  EXPECT_THAT(page, HasSubstr("<p class=\"meaning\">1 of 3 thresholds failed</p>"));
  EXPECT_THAT(page, HasSubstr("FAIL <span class=\"code\">exit code 99: a threshold failed</span>"));
  EXPECT_THAT(page,
              HasSubstr("<h3>bots_<wbr>dropped <span class=\"wanted\">should be</span> "
                        "<code>count==0</code></h3>\n<p class=\"value\">3</p>\n"
                        "<p>Seen during 30.0 s of 30.0 s, first after 0.0 s; worst after 0.0 s: "
                        "3.</p>\n<p>First ones:</p>\n<ul>\n<li>bot 512 at 12.4 s, reset"));
  EXPECT_LT(page.find("What failed"), page.find("id=\"thresholds\""));
}

TEST(HtmlReportTest, HasAllParts) {
  SampleRun run;
  run.result.first_failures.push_back({"checks", 3s, "bot 7 at 3.0 s"});
  const std::string page = WriteHtml(run.result);
  for (const char* id : {"main", "thresholds", "failures", "events", "charts", "latencies",
                         "totals", "servers", "packets", "repeat", "notes"}) {
    EXPECT_THAT(page, HasSubstr("id=\"" + std::string(id) + "\"")) << id;
  }
  EXPECT_THAT(page, HasSubstr("≥ "));
  EXPECT_THAT(page, HasSubstr("mark: boss appears"));
  EXPECT_THAT(page,
              HasSubstr("<pre tabindex=\"0\">stressbot run login.json --bots 1000 --seed 42 "
                        "--server 'build/bin/reference-server --listen 127.0.0.1:7777'</pre>"));
  std::vector<std::string> charts;
  const nlohmann::json data = DataOf(page);
  for (const auto& chart : data.at("charts")) charts.push_back(chart.at("id"));
  EXPECT_THAT(charts, ElementsAre("latency", "heat", "errors", "packets", "bytes", "connections",
                                  "lateness"));
}

TEST(HtmlReportTest, NeedsNothingFromOutside) {
  const std::string page = WriteHtml(SampleRun().result);
  for (const char* outside : {"http://", "https://", "src=", "<link", "@import", "url(h"}) {
    std::string text = page;
    const std::string name = "http://www.w3.org/2000/svg";  // a name, nothing that is fetched
    if (const std::size_t at = text.find(name); at != std::string::npos)
      text.erase(at, name.size());
    EXPECT_THAT(text, Not(HasSubstr(outside)));
  }
  EXPECT_THAT(page, HasSubstr("default-src 'none'; style-src 'sha256-"));
}

TEST(HtmlReportTest, HostileTextStaysText) {
  SampleRun run;
  const std::string hostile = "</script><script>alert(1)</script>\"'&<!--\xff\x1b[31m\n\x01 채팅";
  run.result.scenario = hostile;
  run.result.description = hostile;
  run.result.first_failures.push_back({"bots_dropped", 0s, hostile});
  run.result.verdict.reasons.push_back({ExitCode::kServerDied, hostile});
  run.result.events.push_back({1s, hostile, {}, 2s});
  run.result.options.emplace_back("--target", hostile);
  run.result.servers.front().alive = false;
  run.result.servers.front().ending = hostile;
  run.result.servers.front().last_lines = {hostile};
  run.catalog.Alias(hostile, "request_duration", {{"step", "C_LOGIN"}});
  const std::string page = WriteHtml(run.result);
  EXPECT_EQ(NestingMistakeOf(page), "");
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(page, Not(HasSubstr("\xff")));
  EXPECT_THAT(page, Not(HasSubstr("\x1b")));
  EXPECT_THAT(page, Not(HasSubstr("\x01")));
  EXPECT_THAT(page, HasSubstr("&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;'&amp;"));
  EXPECT_THAT(page, HasSubstr("채팅"));
  EXPECT_THAT(DataOf(page).at("events").back().at("text").get<std::string>(),
              StartsWith("</script><script>alert(1)</script>\"'&<!--"));
}

TEST(HtmlReportTest, AFailureHasItsConversation) {
  SampleRun run;
  ConversationLine line;
  line.at = 12s;
  line.way = ConversationLine::Way::kReceived;
  line.packet = "S_CHAT";
  line.content = "{msg: \"<b>\"}";
  run.result.first_failures.front().conversation = {line, line};
  const std::string page = WriteHtml(run.result);
  EXPECT_EQ(NestingMistakeOf(page), "");
  EXPECT_THAT(page, HasSubstr("<details><summary>What was said before</summary>"));
  EXPECT_THAT(page, HasSubstr("{msg: &quot;&lt;b&gt;&quot;}\n"));
}

TEST(HtmlReportTest, ARunThatCouldNotBeginHasAPageToo) {
  RunResult result;
  result.scenario = "town";
  result.verdict.reasons = {{ExitCode::kCouldNotBegin, "the server does not listen"}};
  const std::string page = WriteHtml(result);
  EXPECT_EQ(NestingMistakeOf(page), "");
  EXPECT_THAT(page, HasSubstr("The run could not begin"));
  EXPECT_THAT(page, HasSubstr("the server does not listen"));
  EXPECT_TRUE(DataOf(page).is_null());
}

TEST(HtmlReportTest, TheIncidentIsToldUnderTheVerdictAndTintedInTheCharts) {
  const StuckRun run;
  const std::string page = WriteHtml(run.result);
  EXPECT_EQ(NestingMistakeOf(page), "");
  EXPECT_THAT(page, HasSubstr("<p class=\"incident\">Requests were stuck for 4.0 s (3.0–7.0 s"));
  EXPECT_LT(page.find("class=\"incident\""), page.find("What failed"));
  const nlohmann::json data = DataOf(page);
  EXPECT_EQ(data.at("incidents").dump(), R"([{"from":3.0,"silent":[3.0,6.0],"to":7.0}])");
  EXPECT_THAT(page, HasSubstr("The tinted stretch is when requests were stuck"));
  EXPECT_THAT(page, HasSubstr("Without any reply or over the limit during 4.0 s of 10.0 s, first "
                              "after 3.0 s; worst after 6.0 s: 3.50 s."));
}

TEST(HtmlReportTest, APauseIsTintedAndExplained) {
  StuckRun run;
  EXPECT_THAT(WriteHtml(run.result), Not(HasSubstr("paused by hand")));
  run.result.pauses = {{1s, 2500ms}};
  const std::string page = WriteHtml(run.result);
  EXPECT_EQ(DataOf(page).at("pauses").dump(), R"([{"from":1.0,"to":2.5}])");
  EXPECT_THAT(page, HasSubstr("In the blue stretch the load was paused by hand"));
}

TEST(HtmlReportTest, SaysWhatWasDeliveredAndWhoseFaultTheRestIs) {
  const StuckRun run;
  const std::string page = WriteHtml(run.result);
  EXPECT_THAT(page, HasSubstr("(140 of 180 delivered)"));
  EXPECT_THAT(page,
              HasSubstr("worst after 6.0 s: 40 missed of 60. 40 were never sent, because "
                        "their bots still waited for the server when they were due. StressBot "
                        "itself was in time: its timers p99 300 us late."));
  EXPECT_THAT(page, HasSubstr("<th scope=\"row\">chat_rtt</th><td class=\"number\">140</td>"
                              "<td class=\"number\">2.00 ms</td>"));
  EXPECT_THAT(page, HasSubstr("<td class=\"number\">3.50 s</td><td class=\"number\">40</td>"));
  EXPECT_THAT(page, HasSubstr("never sent: due while the bot still waited"));
}

TEST(HtmlReportTest, TheFunnelStandsBelowTheLatencyAndItsBusiestStepIsLoud) {
  const StuckRun run;
  const nlohmann::json data = DataOf(WriteHtml(run.result));
  std::vector<std::string> charts;
  for (const auto& chart : data.at("charts")) charts.push_back(chart.at("id"));
  EXPECT_THAT(charts,
              ElementsAre("latency", "funnel", "cpu", "heat", "errors", "bots", "lateness"));
  std::map<std::string, int> colors;
  for (const auto& series : data.at("charts").at(1).at("choices").at(0).at("series"))
    colors[series.at("name")] = series.at("color");
  EXPECT_THAT(colors, ElementsAre(std::pair("between steps", 8), std::pair("chat", 1)));
}

TEST(HtmlReportTest, ExplainsOnlyWhatStandsOnThePage) {
  const std::string with_all = WriteHtml(SampleRun().result);
  EXPECT_THAT(with_all, HasSubstr("≥ marks a value"));
  EXPECT_THAT(with_all, HasSubstr("A vertical line is an event."));
  EXPECT_THAT(with_all, HasSubstr("A dashed line across a chart is a threshold."));
  EXPECT_THAT(with_all, Not(HasSubstr("The tinted stretch")));
  EXPECT_THAT(with_all, Not(HasSubstr("hatched.")));
  const std::string few = WriteHtml(StuckRun().result);
  EXPECT_THAT(few, Not(HasSubstr("≥ marks a value")));
  EXPECT_THAT(few, Not(HasSubstr("A vertical line is an event.")));
  EXPECT_THAT(few, Not(HasSubstr("not waited for:")));
}

TEST(HtmlReportTest, ADescriptionOfOtherNumbersIsPutRight) {
  EXPECT_THAT(WriteHtml(SampleRun().result),
              HasSubstr("players log in and chat (this run: 1,000 bots, --bots 1000)</p>"));
}

/// Two steps, second by second: step a slow from second 300 to 309, timed out at the end.
class LongHtmlRun {
 public:
  explicit LongHtmlRun(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      MetricsInterval interval{i * 1s, (i + 1) * 1s, Phase::kLoad, MetricsFrame(catalog_)};
      interval.frame.Record(slow_, i >= 300 && i < 310 ? 90'000'000 + i : 1'000'000 + i);
      interval.frame.Record(fast_, 500'000);
      interval.frame.Add(sent_, i == 77 ? 1'000 : 10);
      interval.frame.Set(memory_, i == 55 ? 9e6 : 1e6);
      if (i + 1 == seconds) interval.frame.RecordAtLeast(slow_, 5'000'000'000);
      metrics_.Add(interval);
    }
    std::string error;
    result.thresholds.push_back(Judge(ParseThreshold({"request_duration", {{"step", "a"}}},
                                                     MetricKind::kTrend, "p(99)<20ms", error)
                                          .value(),
                                      metrics_));
    result.metrics = &metrics_;
  }
  RunResult result;

 private:
  MetricsCatalog catalog_;
  TrendId fast_ = catalog_.Trend("request_duration", {{"step", "b"}});
  TrendId slow_ = catalog_.Trend("request_duration", {{"step", "a"}});
  CounterId sent_ = catalog_.Counter("packets_sent", {});
  GaugeId memory_ = catalog_.Gauge("server_memory", {{"server", "game"}});
  RunMetrics metrics_{catalog_};
};

TEST(HtmlReportTest, SaysWhenALatencyBroke) {
  const LongHtmlRun run(400);
  EXPECT_EQ(
      html::WhenItBroke(run.result.thresholds.front(), *run.result.metrics),
      "Over the limit during 11.0 s of 6 min 40 s, first after 5 min 00 s; worst after 6 min 39 s: "
      "≥ 5.00 s.");
  EXPECT_EQ(html::HowFarOff(run.result.thresholds.front()), "4.5 times the limit");
}

TEST(HtmlReportTest, TheStepThatFailedComesFirstWithItsLimit) {
  const LongHtmlRun run(60);
  const nlohmann::json data = DataOf(WriteHtml(run.result));
  const nlohmann::json& choices = data.at("charts").at(0).at("choices");
  ASSERT_EQ(choices.size(), 2U);
  EXPECT_EQ(choices[0].at("name"), "a");
  EXPECT_EQ(choices[0].at("limits"),
            nlohmann::json::parse(R"([{"name":"p(99)<20ms","value":20,"passed":false}])"));
  EXPECT_EQ(choices[0].at("at_least").size(), 60U);
  EXPECT_EQ(choices[1].at("name"), "b");
  EXPECT_THAT(choices[1].at("limits"), IsEmpty());
}

TEST(HtmlReportTest, AnHourIsBoundedAndKeepsItsPeaks) {
  const LongHtmlRun run(3'600);
  const std::string page = WriteHtml(run.result);
  EXPECT_LT(page.size(), 300'000U);
  const nlohmann::json data = DataOf(page);
  EXPECT_LE(data.at("from").size(), ChartColumns::kColumnsMax);
  EXPECT_EQ(data.at("to").back(), 3'600.0);
  for (const auto& chart : data.at("charts")) {
    if (chart.at("id") != "packets" && chart.at("id") != "memory") continue;
    const nlohmann::json& series = chart.at("choices").at(0).at("series").at(0);
    EXPECT_EQ(series.at("v").size(), data.at("from").size());
    const double most = *std::max_element(series.at("hi").begin(), series.at("hi").end());
    EXPECT_EQ(most, chart.at("id") == "packets" ? 1'000 : 9e6);
  }
  const nlohmann::json& p99 = data.at("charts").at(0).at("choices").at(0).at("series").at(2);
  EXPECT_GE(*std::max_element(p99.at("v").begin(), p99.at("v").end()), 90);
}

TEST(ChartColumnsTest, FewPointsStayAsTheyAre) {
  const LongHtmlRun run(5);
  const ChartColumns columns(run.result.metrics->timeline());
  EXPECT_EQ(columns.FromSeconds().dump(), "[0.0,1.0,2.0,3.0,4.0]");
  EXPECT_EQ(columns.Counters({0}).dump(), R"({"v":[10,10,10,10,10]})");
}

TEST(ChartColumnsTest, ALastMomentHasNoGauge) {
  MetricsCatalog catalog;
  const GaugeId cpu = catalog.Gauge("server_cpu", {});
  RunMetrics metrics(catalog);
  for (int i = 0; i < 3; ++i) {
    const auto from = i * 1s;
    MetricsInterval interval{from, i < 2 ? from + 1s : from + 5ms, Phase::kLoad,
                             MetricsFrame(catalog)};
    interval.frame.Set(cpu, i < 2 ? 5 : 45);
    metrics.Add(interval);
  }
  const ChartColumns columns(metrics.timeline());
  EXPECT_EQ(columns.Gauges({cpu.index}).dump(), R"({"v":[5,5,null]})");
}

TEST(ChartColumnsTest, NumbersAreShort) {
  EXPECT_EQ(ChartNumber(1234567.0).dump(), "1235000");
  EXPECT_EQ(ChartNumber(0.0123456).dump(), "0.01235");
  EXPECT_TRUE(ChartNumber(std::numeric_limits<double>::infinity()).is_null());
}

}  // namespace
}  // namespace stressbot
