#include "StressBot/control/PrometheusText.h"

#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "tests/control/ControlledRun.h"

namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;

std::string TextOf(ControlledRun& run) {
  std::string text;
  run.control().Read([&](const RunControl::View& view) { text = PrometheusText(view); });
  return text;
}

/// The whole text would tell nobody what is missing.
bool Has(const std::string& text, std::string_view line) {
  return text.find(line) != std::string::npos;
}

TEST(PrometheusTextTest, CountersGaugesAndWhatIsKnownOfTheRun) {
  ControlledRun run(PlayersAndVisitors());
  run.Begin();
  run.Take(1s);
  run.Take(2s);
  const std::string text = TextOf(run);
  EXPECT_TRUE(Has(text, "# TYPE stressbot_requests_total counter\n"));
  EXPECT_TRUE(Has(text, "stressbot_requests_total{group=\"players\",flow=\"main\",step=\"chat\""));
  EXPECT_TRUE(Has(text, "} 20\n"));  // both seconds
  EXPECT_TRUE(Has(text, "} 7\n"));
  EXPECT_TRUE(Has(text, "stressbot_bots{group=\"players\",state=\"active\",step=\""));
  EXPECT_TRUE(Has(text, "stressbot_bots_wanted{group=\"players\"} 20\n"));
  EXPECT_TRUE(Has(text, "stressbot_arrivals_wanted_per_second{group=\"visitors\"} 10\n"));
  EXPECT_TRUE(Has(text, "stressbot_generator_cpu_ratio{shard=\"0\"} 0\n"));
  EXPECT_TRUE(Has(text, "stressbot_data_sent_bytes_total{"));
  EXPECT_TRUE(Has(text, "stressbot_checks_samples_total{"));
  EXPECT_FALSE(Has(text, "stressbot_packets_sent_total{"));  // there were none
  EXPECT_FALSE(Has(text, "stressbot_server_up{"));           // nobody watches it
  EXPECT_TRUE(Has(text, "stressbot_run_paused 0\n"));
  run.control().Do(PauseCommand{});
  EXPECT_TRUE(Has(TextOf(run), "stressbot_run_paused 1\n"));
}

TEST(PrometheusTextTest, HistogramsHaveTheSameBucketsAndEndInAll) {
  ControlledRun run(PlayersAndVisitors());
  run.Begin();
  run.Take(1s);
  const std::string text = TextOf(run);
  std::map<std::string, std::uint64_t> chat;  // le: count
  std::map<std::string, std::set<std::string>> ends;
  const std::regex bucket(R"re((\w+)_bucket\{(.*),?le="([^"]*)"\} (\d+))re");
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::smatch found;
    if (!std::regex_match(line, found, bucket)) continue;
    ends[found[1].str() + found[2].str()].insert(found[3]);
    if (found[1] == "stressbot_request_duration_seconds" &&
        found[2].str().find("step=\"chat\"") != std::string::npos)
      chat[found[3]] = std::stoull(found[4]);
  }
  ASSERT_GT(ends.size(), 6U);
  for (const auto& [series, its_ends] : ends) EXPECT_EQ(its_ends, ends.begin()->second) << series;
  EXPECT_EQ(chat.size(), 38U);
  EXPECT_EQ(chat.at("5e-05"), 0U);
  EXPECT_EQ(chat.at("0.0015"), 0U);  // recorded were 1.6 ms
  EXPECT_EQ(chat.at("0.002"), 1U);
  EXPECT_EQ(chat.at("50"), 1U);
  EXPECT_EQ(chat.at("+Inf"), 1U);
  EXPECT_TRUE(Has(text, "stressbot_request_duration_seconds_count{"));
  EXPECT_TRUE(Has(text, "} 0.0016\n"));
}

TEST(PrometheusTextTest, EachFamilyIsToldOnceAndTogether) {
  ControlledRun run(PlayersAndVisitors());
  run.Begin();
  run.Take(1s);
  std::set<std::string> told;
  std::string family;
  std::istringstream lines(TextOf(run));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# TYPE ")) {
      family = line.substr(7, line.find(' ', 7) - 7);
      EXPECT_TRUE(told.insert(family).second) << line;
    }
    if (!line.starts_with("#")) {
      EXPECT_TRUE(line.starts_with(family)) << line;
    }
  }
  EXPECT_GT(told.size(), 20U);
}

TEST(PrometheusTextTest, NamesAreEscaped) {
  Program program = PlayersAndVisitors();
  program.name = "a \"town\" \\ of\ntwo lines";
  ControlledRun run(program);
  run.Begin();
  EXPECT_TRUE(Has(TextOf(run), R"(scenario="a \"town\" \\ of\ntwo lines")"));
}

}  // namespace
}  // namespace stressbot::testing
