#include "StressBot/dashboard/model/RunView.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "StressBot/dashboard/model/ChartWords.h"
#include "StressBot/dashboard/ui/Hangul.h"
#include "StressBot/metrics/BuiltinMetrics.h"
#include "StressBot/report/ChartSpecs.h"
#include "tests/report/StuckRun.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const plot::Chart* FindChart(const RunView& view, const std::string& id) {
  const auto chart = std::find_if(view.charts.begin(), view.charts.end(),
                                  [&id](const plot::Chart& each) { return each.id == id; });
  return chart == view.charts.end() ? nullptr : &*chart;
}

const plot::Line* FindLine(const plot::Chart& chart, const std::string& name) {
  const auto line = std::find_if(chart.lines.begin(), chart.lines.end(),
                                 [&name](const plot::Line& each) { return each.name == name; });
  return line == chart.lines.end() ? nullptr : &*line;
}

TEST(RunViewTest, ARunThatCouldNotBeginHasNoPlots) {
  RunResult result;
  result.scenario = "town";
  const RunView view = MakeRunView(result, {}, true, Language::kEnglish);
  EXPECT_FALSE(view.has_metrics);
  EXPECT_EQ(view.result.scenario, "town");
  EXPECT_THAT(view.charts, IsEmpty());
}

TEST(RunViewTest, AValueForEachSecond) {
  const StuckRun run;
  const RunView view = MakeRunView(run.result, {}, true, Language::kEnglish);
  ASSERT_EQ(view.points.size(), 10U);
  EXPECT_EQ(view.points.from_s[3], 3);
  const plot::Chart* cpu = FindChart(view, "cpu");
  ASSERT_NE(cpu, nullptr);
  const plot::Line* server = FindLine(*cpu, "server game");
  ASSERT_NE(server, nullptr);
  EXPECT_THAT(server->values, ElementsAre(8, 8, 8, 0, 0, 0, 8, 8, 8, 8));
  EXPECT_THAT(server->low, IsEmpty());
  EXPECT_EQ(FindLine(*cpu, "stressbot"), nullptr) << "it was not measured";
}

TEST(RunViewTest, ALineKeepsItsColorWhenOneBeforeItAppears) {
  auto seconds = StuckRun::StoodStill();
  seconds[8].timeouts = 3;  // its line comes before that of requests that were never sent
  const StuckRun all(seconds);
  seconds.resize(8);
  const StuckRun begun(seconds);
  const auto color_of = [](const StuckRun& run, const char* chart, const char* line) {
    const RunView view = MakeRunView(run.result, {}, false, Language::kEnglish);
    return FindLine(*FindChart(view, chart), line)->color;
  };
  EXPECT_EQ(color_of(begun, "errors", "request never sent"),
            color_of(all, "errors", "request never sent"));
  EXPECT_NE(color_of(all, "errors", "request: timeout"),
            color_of(all, "errors", "request never sent"));
}

TEST(RunViewTest, ErrorsHaveTheirPlotBeforeThereIsOne) {
  std::vector<StuckRun::Second> seconds(3);
  const StuckRun run(seconds);
  const RunView view = MakeRunView(run.result, {}, false, Language::kKorean);
  const plot::Chart* errors = FindChart(view, "errors");
  ASSERT_NE(errors, nullptr);
  EXPECT_THAT(errors->lines, IsEmpty());
  EXPECT_EQ(errors->empty, "오류 없음");
}

TEST(RunViewTest, SecondsWithoutRepliesHaveNoLatency) {
  const StuckRun run;
  const RunView view = MakeRunView(run.result, {}, true, Language::kEnglish);
  ASSERT_THAT(view.latencies, SizeIs(1));
  const plot::Chart& chart = view.latencies[0].chart;
  EXPECT_EQ(view.latencies[0].name, "chat_rtt");
  ASSERT_THAT(chart.limits, SizeIs(1));
  EXPECT_FALSE(chart.limits[0].passed);
  EXPECT_EQ(chart.limits[0].value, 250e6);
  const plot::Line* p99 = FindLine(chart, "p99");
  ASSERT_NE(p99, nullptr);
  EXPECT_TRUE(std::isnan(p99->values[4]));
  EXPECT_GE(p99->values[6], 3.5e9);
  EXPECT_THAT(view.bands, Contains(Field(&plot::Band::kind, plot::Band::Kind::kSilent)));
  EXPECT_THAT(view.incident_text, HasSubstr("no reply came for 3.0 s"));
}

TEST(RunViewTest, LowerBoundsAreToldAsSuch) {
  auto seconds = StuckRun::StoodStill();
  seconds[6].timeouts = 20;
  const StuckRun run(seconds);
  const RunView view = MakeRunView(run.result, {}, true, Language::kEnglish);
  const plot::Line* p99 = FindLine(view.latencies.at(0).chart, "p99");
  ASSERT_THAT(p99->at_least, SizeIs(10));
  EXPECT_TRUE(p99->at_least[6]);
  EXPECT_FALSE(p99->at_least[2]);
}

TEST(RunViewTest, TheFunnelShowsWhereBotsAreStuck) {
  auto seconds = StuckRun::StoodStill();
  seconds.resize(6);
  const StuckRun stuck(seconds);
  const RunView view = MakeRunView(stuck.result, {}, false, Language::kEnglish);
  ASSERT_THAT(view.funnel, SizeIs(2));
  EXPECT_EQ(view.funnel[0].name, "chat");
  EXPECT_EQ(view.funnel[0].bots, 18U);
  EXPECT_TRUE(view.funnel[0].is_stuck);
  EXPECT_EQ(view.funnel[1].bots, 2U);
  EXPECT_FALSE(view.funnel[1].is_stuck);
}

TEST(RunViewTest, WaitingForARepliesThatComeIsNotBeingStuck) {
  auto seconds = StuckRun::StoodStill();
  seconds[9].waiting = 19;
  const StuckRun run(seconds);
  EXPECT_FALSE(MakeRunView(run.result, {}, false, Language::kEnglish).funnel.at(0).is_stuck);
}

TEST(RunViewTest, TheHeadlineIsOfTheNewestSecondThenOfTheWholeRun) {
  auto seconds = StuckRun::StoodStill();
  seconds.resize(7);
  const StuckRun run(seconds);
  const RunHeadline newest = MakeRunView(run.result, {}, false, Language::kEnglish).headline;
  EXPECT_EQ(newest.seconds, 7);
  EXPECT_EQ(newest.p99, "3.50 s");
  EXPECT_EQ(newest.asked_per_s, 60);
  EXPECT_EQ(newest.delivered_per_s, 20);
  EXPECT_EQ(newest.bots_active, 20U);
  const RunHeadline whole = MakeRunView(run.result, {}, true, Language::kEnglish).headline;
  EXPECT_NEAR(whole.delivered_per_s, 80.0 / 7, 0.01);
  ASSERT_TRUE(whole.delivered_share);
  EXPECT_NEAR(*whole.delivered_share, 80.0 / 120, 0.001);
}

TEST(RunViewTest, EventsFailuresAndLinesOfServersAreMarked) {
  StuckRun run;
  run.result.events.push_back({2s, "storm", {}});
  run.result.first_failures.push_back({"checks", 2200ms, "bot 7 at 2.2 s"});
  const RunView view = MakeRunView(run.result, {{-1, "before it began"}, {2.5, "disk full"}}, true,
                                   Language::kEnglish);
  ASSERT_THAT(view.marks, SizeIs(3));
  EXPECT_EQ(view.marks[0].text, "storm");
  EXPECT_EQ(view.marks[1].kind, plot::Mark::Kind::kFailure);
  EXPECT_EQ(view.marks[1].at_s, 2.2);
  EXPECT_EQ(view.marks[1].text, "checks: bot 7 at 2.2 s");
  EXPECT_EQ(view.marks[2].kind, plot::Mark::Kind::kServerLine);
  EXPECT_EQ(view.marks[2].at_s, 2.5);
}

TEST(RunViewTest, AMomentIsNoSecond) {
  StuckRun run;
  run.metrics.Add({10s, 10s + 3ms, Phase::kLoad, MetricsFrame(run.catalog)});
  const RunView before = MakeRunView(StuckRun().result, {}, false, Language::kEnglish);
  const RunView view = MakeRunView(run.result, {}, false, Language::kEnglish);
  EXPECT_EQ(view.headline.asked_per_s, before.headline.asked_per_s);
  EXPECT_GT(view.headline.asked_per_s, 0);
}

TEST(RunViewTest, EveryTextIsSeenForItsLetters) {
  StuckRun run;
  FirstFailure failure{"checks", 1s, "로그인"};
  failure.conversation.resize(1);
  failure.conversation[0].content = "{msg: \"안녕\"}";
  run.result.first_failures = {failure};
  run.result.servers.resize(1);
  run.result.servers[0].last_lines = {"채팅"};
  std::string all;
  ForEachText(MakeRunView(run.result, {{2, "방"}}, true, Language::kEnglish),
              [&all](const std::string& text) { all += text + "\n"; });
  for (const char* text : {"로그인", "안녕", "채팅", "방"}) EXPECT_THAT(all, HasSubstr(text));
}

TEST(RunViewTest, APauseIsTinted) {
  StuckRun run;
  run.result.pauses = {{1s, 2500ms}};
  const RunView view = MakeRunView(run.result, {}, false, Language::kEnglish);
  EXPECT_THAT(view.bands, Contains(testing::AllOf(
                              Field(&plot::Band::kind, plot::Band::Kind::kPaused),
                              Field(&plot::Band::from_s, 1), Field(&plot::Band::to_s, 2.5))));
}

TEST(RunViewTest, TheHeatMapCountsEveryReply) {
  const StuckRun run;
  const RunView view = MakeRunView(run.result, {}, true, Language::kEnglish);
  ASSERT_THAT(view.heat.columns, SizeIs(10));
  std::uint64_t replies = 0;
  for (const auto& column : view.heat.columns) {
    for (const plot::Heat::Cell& cell : column) {
      ASSERT_LT(cell.row + 1, view.heat.edges_ns.size());
      replies += cell.count;
    }
  }
  EXPECT_EQ(replies, 140U);
  EXPECT_TRUE(std::is_sorted(view.heat.edges_ns.begin(), view.heat.edges_ns.end()));
}

TEST(RunViewTest, TheTableMarksTheStepThatFailed) {
  const StuckRun run;
  const RunView view = MakeRunView(run.result, {}, true, Language::kEnglish);
  ASSERT_THAT(view.steps, SizeIs(1));
  EXPECT_TRUE(view.steps[0].has_failed);
  EXPECT_EQ(view.steps[0].count, 140U);
  EXPECT_EQ(view.steps[0].omitted, 40U);
  EXPECT_THAT(view.steps[0].latencies, SizeIs(std::size(kLatencyColumns)));
}

/// Every metric that the engine fills, once.
MetricsCatalog FullCatalog() {
  MetricsCatalog catalog;
  for (const BuiltinMetric& metric : BuiltinMetrics()) {
    Tags tags{{"server", "game"},    {"step", "chat"}, {"state", "active"},
              {"reason", "timeout"}, {"by", "server"}, {"series", "rooms"}};
    const std::string name(metric.name);
    if (metric.kind == MetricKind::kTrend) catalog.Trend(name, tags);
    if (metric.kind == MetricKind::kCounter) catalog.Counter(name, tags);
    if (metric.kind == MetricKind::kRate) catalog.Rate(name, tags);
    if (metric.kind == MetricKind::kGauge) catalog.Gauge(name, tags);
  }
  return catalog;
}

TEST(ChartWordTest, EveryChartAndLineHasAKoreanName) {
  const MetricsCatalog catalog = FullCatalog();
  const RunMetrics metrics(catalog);
  for (const ChartSpec& spec : ChartSpecs(metrics)) {
    EXPECT_TRUE(HasHangul(ChartWord(Language::kKorean, spec.title))) << spec.title;
    EXPECT_EQ(HasHangul(ChartWord(Language::kKorean, spec.note)), !spec.note.empty());
    for (const ChartSeries& line : spec.lines) {
      const bool is_name = line.name == "chat" || line.name == "rooms" ||
                           line.name == "stressbot" || line.name.starts_with("p");
      EXPECT_TRUE(is_name || HasHangul(ChartWord(Language::kKorean, line.name))) << line.name;
    }
  }
}

TEST(ChartWordTest, NamesOfServersStayAsTheyAre) {
  EXPECT_EQ(ChartWord(Language::kKorean, "server out"), "서버 out");
  EXPECT_EQ(ChartWord(Language::kKorean, "C_LOGIN"), "C_LOGIN");
  EXPECT_EQ(ChartWord(Language::kEnglish, "server out"), "server out");
}

}  // namespace
}  // namespace stressbot
