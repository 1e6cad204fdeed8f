#include "StressBot/engine/BotRecorder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "StressBot/engine/TraceLog.h"

/// What is remembered of conversations, and for how long.
namespace stressbot {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

void Note(BotRecorder& recorder, std::uint32_t bot, Nanoseconds at, std::string_view text) {
  if (!recorder.Wants(bot)) return;
  TraceHead head;
  head.bot = bot;
  head.at = at;
  recorder.Add(head, std::as_bytes(std::span(text.data(), text.size())));
}

std::string TextOf(const TraceRecord& record) {
  return {reinterpret_cast<const char*>(record.bytes.data()), record.bytes.size()};
}

std::vector<std::string> TextsOf(const std::vector<TraceRecord>& records) {
  std::vector<std::string> texts;
  for (const TraceRecord& record : records) texts.push_back(TextOf(record));
  return texts;
}

TEST(BotRecorderTest, GivesTheLastOfOneBotInOrder) {
  BotRecorder recorder(nullptr);
  EXPECT_THAT(recorder.Last(1), IsEmpty());
  Note(recorder, 1, 1s, "hello");
  Note(recorder, 2, 2s, "somebody else");
  Note(recorder, 1, 3s, "");
  Note(recorder, 1, 4s, "a text of no multiple of eight");
  EXPECT_THAT(TextsOf(recorder.Last(1)),
              ElementsAre("hello", "", "a text of no multiple of eight"));
  EXPECT_EQ(recorder.Last(1)[2].head.at, 4s);
  EXPECT_THAT(recorder.Last(3), IsEmpty());
  for (int i = 0; i < 100; ++i) Note(recorder, 1, 5s, std::to_string(i));
  EXPECT_EQ(recorder.Last(1).size(), BotRecorder::kConversationMax);
  EXPECT_EQ(TextOf(recorder.Last(1).back()), "99");
}

TEST(BotRecorderTest, KeepsTheBeginningOfLongOnes) {
  BotRecorder recorder(nullptr);
  Note(recorder, 1, 1s, std::string(5'000, 'x'));
  EXPECT_EQ(recorder.Last(1)[0].bytes.size(), BotRecorder::kPayloadBytesMax);
}

/// Records of one bot at a steady rate, so many a second.
void Fill(BotRecorder& recorder, Nanoseconds from, Nanoseconds to, int a_second,
          std::uint32_t bots) {
  const auto records = static_cast<std::uint32_t>((to - from) / 1s * a_second);
  for (std::uint32_t i = 0; i < records; ++i)
    Note(recorder, i % bots, from + i * (to - from) / records, std::string(200, 'x'));
}

TEST(BotRecorderTest, ForgetsTheOldestAndAlwaysKeepsAHalf) {
  BotRecorder recorder(nullptr);
  Note(recorder, 7, 0s, "old");
  Fill(recorder, 1s, 101s, 50,
       1);  // 5,000 records of 250 bytes: more than both halves have room for
  EXPECT_THAT(recorder.Last(7), IsEmpty());
  Note(recorder, 7, 102s, "new");
  EXPECT_THAT(TextsOf(recorder.Last(7)), ElementsAre("new"));
  for (std::uint32_t bot = 0; bot < 100; ++bot) EXPECT_TRUE(recorder.Wants(bot)) << bot;
}

TEST(BotRecorderTest, ABusyShardRecordsFewerBotsAndThoseForLongEnough) {
  constexpr std::uint32_t kBots = 1'000;
  BotRecorder recorder(nullptr);
  Fill(recorder, 0s, 60s, 20'000, kBots);
  std::vector<std::uint32_t> recorded;
  for (std::uint32_t bot = 0; bot < kBots; ++bot)
    if (recorder.Wants(bot)) recorded.push_back(bot);
  ASSERT_FALSE(recorded.empty());
  EXPECT_LT(recorded.size(), kBots / 8);
  for (const std::uint32_t bot : recorded) {
    const auto records = recorder.Last(bot);
    ASSERT_EQ(records.size(), BotRecorder::kConversationMax) << bot;
    EXPECT_LT(records.back().head.at - records.front().head.at, 2s) << "some are missing";
  }
  Fill(recorder, 60s, 2'000s, 1, kBots);  // it calms down, and more are recorded again
  std::size_t again = 0;
  for (std::uint32_t bot = 0; bot < kBots; ++bot) again += recorder.Wants(bot) ? 1U : 0U;
  EXPECT_GE(again, recorded.size());
}

TEST(BotRecorderTest, ATraceTakesEverything) {
  TraceLog log;
  BotRecorder recorder(&log);
  Note(recorder, 5, 1s, std::string(5'000, 'x'));
  const auto records = log.Take();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].bytes.size(), 5'000U);
  EXPECT_THAT(log.Take(), IsEmpty());
  EXPECT_THAT(recorder.Last(5), IsEmpty());
}

}  // namespace
}  // namespace stressbot
