#include "StressBot/report/Summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/report/SampleRun.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// The line that starts with `start`, or empty.
std::string LineOf(const std::string& text, const std::string& start) {
  const std::string all = "\n" + text;
  const std::size_t from = all.find("\n" + start);
  if (from == std::string::npos) return {};
  return all.substr(from + 1, all.find('\n', from + 1) - from - 1);
}

constexpr std::string_view kGolden =
    R"(login_enter_chat  1,000 bots  30.0 s  seed 42  game 127.0.0.1:7777 (reference-server, pid 4711)                FAIL 99
  99  Threshold bots_dropped count==0 failed: 3.

thresholds
  ok     chat_rtt       p(99)<50ms   12.4 ms
  ok     checks         rate>0.999   1.0000    (2,408 of 2,408)
  FAIL   bots_dropped   count==0     3         first: bot 512 at 12.4 s, reset by server in step chat

latency (from when due)   count       min       p50       p90       p95       p99     p99.9        max   sent to reply p99
  connect                 1,204    210 us    210 us    210 us    210 us    210 us    210 us     210 us                   -
  C_LOGIN                     0         -         -         -         -         -         -          -                   -
  chat_rtt                1,205   12.4 ms   12.4 ms   12.4 ms   12.4 ms   12.4 ms   12.4 ms   ≥ 5.00 s             12.1 ms

checks        2,408 of 2,408 held
traffic       out 31,319 packets  1.1 MB   1,044/s      in 1,448,300 packets  61 MB   48,277/s
connections   opened 1,204   failed 0   ended: by us 1,201 (201 resets), by server 0, reset 3, timed out 0
load          asked 1,000.0/s   delivered 999.8/s   lateness p99 200 us   generator CPU 18 %   memory 14 MB (1.9 KiB a bot)
server        alive   CPU 41 %   memory 38 MB, rose by 50 kB   threads 4   handles 1,012

events
  12.4 s   mark: boss appears
)";

TEST(SummaryTest, HasItsShape) {
  const SampleRun run;
  EXPECT_EQ(FormatSummary(run.result), kGolden);
}

TEST(SummaryTest, LeavesOutWhatThereIsNothingToSayAbout) {
  const MetricsCatalog catalog;
  const RunMetrics metrics(catalog);
  RunResult result;
  result.scenario = "empty";
  result.metrics = &metrics;
  const std::string text = FormatSummary(result);
  EXPECT_TRUE(text.starts_with("empty  0 bots  0.0 s  seed 0")) << text;
  EXPECT_TRUE(text.ends_with("PASS 0\n")) << text;
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
}

TEST(SummaryTest, ARunThatNeverStartedTellsWhy) {
  RunResult result;
  result.scenario = "town";
  result.verdict.reasons = {{ExitCode::kConfiguration, "There is no packet C_LOGN."}};
  EXPECT_THAT(FormatSummary(result), HasSubstr("FAIL 104\n  104  There is no packet C_LOGN.\n"));
}

TEST(SummaryTest, ADeadServerShowsItsEndingAndLastLinesMadeSafe) {
  SampleRun run;
  run.result.servers[0].alive = false;
  run.result.servers[0].ending = "killed by signal 9 (SIGKILL) at 12.4 s";
  run.result.servers[0].last_lines = {"room 7 \x1B[31mfull", "bad \xFF"};
  const std::string text = FormatSummary(run.result);
  EXPECT_THAT(LineOf(text, "server"), HasSubstr("killed by signal 9 (SIGKILL) at 12.4 s"));
  EXPECT_THAT(text, HasSubstr("  | room 7 \uFFFD[31mfull\n  | bad \uFFFD\n"));
}

TEST(SummaryTest, AServerThatEndedBadlyAfterTheRunShowsItsLastLines) {
  SampleRun run;
  ServerReport& server = run.result.servers[0];
  server.ending = "exited with code 23";
  server.last_lines = {"==7==ERROR: LeakSanitizer: detected memory leaks"};
  EXPECT_THAT(FormatSummary(run.result), testing::Not(HasSubstr("LeakSanitizer")));
  server.ended_badly = true;
  const std::string text = FormatSummary(run.result);
  EXPECT_THAT(LineOf(text, "server"), HasSubstr("alive; asked to end: exited with code 23 "));
  EXPECT_THAT(text, HasSubstr("\n  | ==7==ERROR: LeakSanitizer: detected memory leaks\n"));
}

TEST(SummaryTest, ADeadServerShowsItsPacketsItsStackAndWhatASanitizerSaid) {
  SampleRun run;
  ServerReport& server = run.result.servers[0];
  server.alive = false;
  server.ending = "exited with code 1 at 12.4 s";
  server.last_packets = "S_CHAT 4,000";
  server.stack = {"#0  Walk", "#1  Broadcast"};
  server.last_lines = std::vector<std::string>(100, "said before");
  server.last_lines.push_back("==7==ERROR: AddressSanitizer: SEGV");
  server.last_lines.insert(server.last_lines.end(), 100, "    #0 in Broadcast");
  run.result.verdict.reasons = {{ExitCode::kServerDied, "it died"}};
  const std::string text = FormatSummary(run.result);
  EXPECT_THAT(
      text,
      HasSubstr(
          "  packets of its last second: S_CHAT 4,000\n  stack: #0  Walk\n  stack: #1  Broadcast\n"
          "  | said before\n  | said before\n  | said before\n"
          "  | said before\n  | said before\n"
          "  | ==7==ERROR: AddressSanitizer: SEGV\n  |     #0 in Broadcast\n"));
  const std::string verdict = FormatVerdict(run.result);
  EXPECT_TRUE(verdict.starts_with("FAIL 123  ")) << verdict;
  EXPECT_THAT(verdict, HasSubstr("\n  123  it died\n  packets of its last second: "));
  EXPECT_EQ(std::count(verdict.begin(), verdict.end(), '\n'), 55) << verdict;
}

TEST(SummaryTest, AFirstFailureWithoutAFailedThresholdHasItsOwnSection) {
  SampleRun run;
  run.result.first_failures.push_back({"requests_failed", 3s, "bot 7 at 3.0 s, C_LOGIN timed out"});
  EXPECT_THAT(FormatSummary(run.result),
              HasSubstr("first failures\n  requests_failed   bot 7 at 3.0 s, C_LOGIN timed out\n"));
}

TEST(SummaryTest, EveryKindOfEndingIsToldApart) {
  MetricsCatalog catalog;
  catalog.Rate("connects_failed", {});
  struct Ending {
    const char *by, *how;
    std::uint64_t count;
  };
  constexpr Ending kEndings[]{{"us", "orderly", 1},    {"us", "reset", 2},
                              {"us", "timeout", 4},    {"server", "orderly", 8},
                              {"server", "reset", 16}, {"none", "reset", 32},
                              {"none", "timeout", 64}};
  for (const auto& [by, how, count] : kEndings) {
    catalog.Counter("sessions_ended", {{"by", by}, {"how", how}});
  }
  MetricsInterval interval{{}, std::chrono::seconds(1), Phase::kStop, MetricsFrame(catalog)};
  for (const auto& [by, how, count] : kEndings) {
    interval.frame.Add(catalog.Counter("sessions_ended", {{"by", by}, {"how", how}}), count);
  }
  RunMetrics metrics(catalog);
  metrics.Add(interval);
  RunResult result;
  result.metrics = &metrics;
  EXPECT_EQ(LineOf(FormatSummary(result), "connections"),
            "connections   opened 0   failed 0   ended: by us 3 (2 resets), by server 8, reset 48, "
            "timed out 68");
}

TEST(SummaryTest, FailedChecksAreNamed) {
  MetricsCatalog catalog;
  const RateId check = catalog.Rate("checks", {{"step", "로그인"}, {"check", "success"}});
  MetricsInterval interval{{}, std::chrono::seconds(1), Phase::kLoad, MetricsFrame(catalog)};
  interval.frame.Count(check, true, 5);
  interval.frame.Count(check, false, 2);
  RunMetrics metrics(catalog);
  metrics.Add(interval);
  RunResult result;
  result.metrics = &metrics;
  EXPECT_EQ(LineOf(FormatSummary(result), "checks"),
            "checks        5 of 7 held   failed 2 times: success in 로그인");
}

TEST(SummaryTest, ARunThatWasChangedByHandSaysSo) {
  SampleRun run;
  const std::string words = "changed by hand";
  EXPECT_EQ(FormatSummary(run.result).find(words), std::string::npos);
  run.result.changed_by_hand = true;
  EXPECT_NE(FormatSummary(run.result).find(words), std::string::npos);
}

}  // namespace
}  // namespace stressbot
