#include "StressBot/cli/WatchedProcess.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "StressBot/system/ChildProcess.h"
#include "tests/cli/Child.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class WatchedProcessTest : public testing::Test {
 protected:
  WatchedProcessTest() {
    for (const char* name : {"game", "login"}) program_.servers.emplace_back().name = name;
  }
  std::int64_t StartChild() {
    std::string error;
    child_ = ChildProcess::Start(Child("wait"), error);
    EXPECT_NE(child_, nullptr) << error;
    return child_->pid();
  }
  std::vector<std::string> NamesOf(const std::vector<WatchRequest>& requests,
                                   std::vector<std::string> taken = {}) {
    std::vector<std::string> names;
    for (const auto& process : FindWatched(requests, program_, std::move(taken), mistakes_))
      names.push_back(process.name());
    return names;
  }

  Program program_;
  std::unique_ptr<ChildProcess> child_;
  std::vector<std::string> mistakes_;
};

TEST_F(WatchedProcessTest, IsMeasuredUntilItEndsAndThatIsTold) {
  const std::int64_t pid = StartChild();
  std::string error;
  auto process = WatchedProcess::Find("db", pid, error);
  ASSERT_TRUE(process) << error;
  MetricsCatalog catalog;
  const EngineMetrics metrics(program_, 1, catalog);
  process->Register(program_, metrics, catalog);
  const auto memory = Tags{{"server", "db"}};
  const auto gauge = [&](const char* metric) {
    MetricsFrame frame(catalog);
    process->SetGauges(frame);
    return Select(catalog, frame, metric, memory).gauge_value;
  };
  EXPECT_FALSE(process->HasEnded(1s));
  EXPECT_EQ(process->Complaint(), "");
  EXPECT_GE(gauge("server_threads"), 1);
  EXPECT_EQ(gauge("server_up"), 1);

  child_->Kill();
  ASSERT_TRUE(child_->WaitFor(60s));
  EXPECT_TRUE(process->HasEnded(12'400ms));
  EXPECT_TRUE(process->HasEnded(99s));
  EXPECT_THAT(process->Complaint(), HasSubstr("(db) ended at 12.4 s"));
  EXPECT_EQ(gauge("server_up"), 0);
  EXPECT_EQ(gauge("server_memory"), 0);
  ServerReport report;
  process->Describe(report);
  EXPECT_TRUE(report.watched);
  EXPECT_FALSE(report.alive);
  EXPECT_EQ(report.ending, "ended at 12.4 s");
}

TEST_F(WatchedProcessTest, OneWithTheNameOfAServerFillsThatServersSeries) {
  std::string error;
  auto process = WatchedProcess::Find("login", OwnProcessId(), error);
  ASSERT_TRUE(process) << error;
  MetricsCatalog catalog;
  const EngineMetrics metrics(program_, 1, catalog);
  const std::size_t series = catalog.gauges().size();
  process->Register(program_, metrics, catalog);
  EXPECT_EQ(catalog.gauges().size(), series);
  MetricsFrame frame(catalog);
  process->SetGauges(frame);
  EXPECT_EQ(frame.gauge(metrics.servers[1].up), 1);
  EXPECT_GT(frame.gauge(metrics.servers[1].memory), 1e6);
  EXPECT_GE(frame.gauge(metrics.servers[1].threads), 1);  // Wine does not tell the handles
  EXPECT_EQ(frame.gauge(metrics.servers[0].up), 0);
}

TEST_F(WatchedProcessTest, EachHasANameOfItsOwn) {
  const std::int64_t own = OwnProcessId();
  const std::string by_number = "pid " + std::to_string(own);
  EXPECT_THAT(NamesOf({{"", own}, {"db", own}}), ElementsAre(by_number, "db"));
  program_.servers.pop_back();
  EXPECT_THAT(NamesOf({{"", own}, {"", own}}), ElementsAre("game", by_number));
  EXPECT_THAT(NamesOf({{"", own}}, {"game"}), ElementsAre(by_number));
  EXPECT_THAT(mistakes_, IsEmpty());
}

TEST_F(WatchedProcessTest, MistakesAreSentences) {
  EXPECT_THAT(NamesOf({{"game", OwnProcessId()}}, {"game"}), IsEmpty());
  EXPECT_THAT(NamesOf({{"db", 0x7FFFFFFF}}), IsEmpty());
  ASSERT_EQ(mistakes_.size(), 2U);
  EXPECT_THAT(mistakes_[0], HasSubstr("\"game\" has a process already"));
  EXPECT_THAT(mistakes_[1], HasSubstr("--watch-pid 2147483647: there is no such process"));
}

}  // namespace
}  // namespace stressbot
