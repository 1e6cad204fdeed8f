#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "StressBot/engine/FailureLog.h"
#include "StressBot/engine/IntervalCollector.h"

/// What shards leave for the reader: failures in words, and intervals of metrics.
namespace stressbot {
namespace {

using namespace std::chrono_literals;

TEST(FailureLogTest, KeepsTheFirstOfEachKindByTime) {
  FailureLog log;
  EXPECT_TRUE(log.Wants("checks"));
  for (int i = 0; i < 10; ++i) log.Add("checks", (10 - i) * 1s, "check " + std::to_string(i));
  EXPECT_FALSE(log.Wants("checks"));
  EXPECT_TRUE(log.Wants("bots_dropped"));
  log.Add("bots_dropped", 7500ms, "dropped");
  std::vector<std::string> texts;
  for (const FailureLog::Entry& entry : log.Entries()) texts.push_back(entry.text);
  EXPECT_THAT(texts, ::testing::ElementsAre("check 4", "check 3", "dropped", "check 2", "check 1",
                                            "check 0"));
}

TEST(FailureLogTest, RemembersTheWishToAbort) {
  FailureLog log;
  EXPECT_FALSE(log.abort_requested());
  log.RequestAbort();
  EXPECT_TRUE(log.abort_requested());
}

class IntervalCollectorTest : public ::testing::Test {
 protected:
  IntervalCollectorTest() : requests_(catalog_.Counter("requests", {})) {}

  void Deliver(std::size_t shard, std::chrono::nanoseconds from, std::chrono::nanoseconds to,
               Phase phase, std::uint64_t count) {
    MetricsFrame frame(catalog_);
    frame.Add(requests_, count);
    const MetricsFrame empty = collector_.Deliver(shard, from, to, phase, std::move(frame));
    EXPECT_EQ(empty.counter(requests_), 0U);
  }
  /// "from-to: count" in ms, or nothing.
  std::string Take() {
    auto interval = collector_.Take();
    if (!interval) return "";
    const std::string text = std::to_string(interval->from / 1ms) + "-" +
                             std::to_string(interval->to / 1ms) + ": " +
                             std::to_string(interval->frame.counter(requests_));
    collector_.GiveBack(std::move(interval->frame));
    return text;
  }

  MetricsCatalog catalog_;
  const CounterId requests_;
  IntervalCollector collector_{catalog_, 2};
};

TEST_F(IntervalCollectorTest, AnIntervalIsReadyWhenAllShardsDeliveredIt) {
  EXPECT_EQ(Take(), "");
  Deliver(0, 0s, 1s, Phase::kLoad, 1);
  Deliver(0, 1s, 2s, Phase::kLoad, 2);
  EXPECT_EQ(Take(), "");
  Deliver(1, 0s, 1s, Phase::kLoad, 10);
  EXPECT_EQ(Take(), "0-1000: 11");
  EXPECT_EQ(Take(), "");
  Deliver(1, 1s, 2s, Phase::kLoad, 20);
  EXPECT_EQ(Take(), "1000-2000: 22");
  EXPECT_EQ(Take(), "");
}

TEST_F(IntervalCollectorTest, ShardsThatStopSlightlyApartMeetAgain) {
  Deliver(0, 3s, 3999ms, Phase::kLoad, 1);
  Deliver(0, 3999ms, 4s, Phase::kStop, 2);
  Deliver(1, 3s, 4s, Phase::kLoad, 10);
  EXPECT_EQ(Take(), "3000-4000: 11");
  EXPECT_EQ(Take(), "");  // the other shard may still be in its load
  Deliver(1, 4s, 4001ms, Phase::kLoad, 20);
  EXPECT_EQ(Take(), "4000-4001: 20");
  Deliver(0, 4s, 5s, Phase::kStop, 4);
  Deliver(1, 4001ms, 5s, Phase::kStop, 40);
  EXPECT_EQ(Take(), "3999-4000: 2");
  EXPECT_EQ(Take(), "4000-5000: 44");
}

TEST_F(IntervalCollectorTest, AShardThatFinishedIsNotWaitedFor) {
  Deliver(0, 0s, 500ms, Phase::kLoad, 1);
  Deliver(1, 0s, 1s, Phase::kLoad, 10);
  Deliver(1, 1s, 2s, Phase::kLoad, 20);
  EXPECT_EQ(Take(), "0-1000: 11");
  EXPECT_EQ(Take(), "");
  collector_.FinishShard(0);
  EXPECT_EQ(Take(), "1000-2000: 20");
}

}  // namespace
}  // namespace stressbot
