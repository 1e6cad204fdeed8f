#include "StressBot/cli/LastMoments.h"

#include <gtest/gtest.h>

namespace stressbot {
namespace {

using namespace std::chrono_literals;

class LastMomentsTest : public testing::Test {
 protected:
  LastMomentsTest() {
    const Tags active{{"group", "players"}, {"state", "active"}};
    const Tags away{{"group", "players"}, {"state", "away"}};
    active_ = catalog_.Gauge("bots", active);
    away_ = catalog_.Gauge("bots", away);
    for (const char* group : {"players", "speaker"}) {
      chats_.push_back(catalog_.Counter(
          "packets_received", {{"group", group}, {"packet", "S_CHAT"}, {"server", "game"}}));
    }
    login_ = catalog_.Counter("packets_received",
                              {{"group", "players"}, {"packet", "S_LOGIN"}, {"server", "game"}});
  }
  void Observe(double active, std::uint64_t chats, std::uint64_t logins) {
    MetricsFrame frame(catalog_);
    frame.Set(active_, active);
    frame.Set(away_, 7);
    for (const CounterId chat : chats_) frame.Add(chat, chats);
    frame.Add(login_, logins);
    moments_.Observe({0s, 1s, Phase::kLoad, std::move(frame)}, catalog_);
  }

  MetricsCatalog catalog_;
  GaugeId active_, away_;
  std::vector<CounterId> chats_;
  CounterId login_;
  LastMoments moments_;
};

TEST_F(LastMomentsTest, TellsWhoWasThereAndWhatHappenedBefore) {
  Observe(1'000, 0, 0);
  const std::vector<RunEvent> events{{1s, "mark storm"},
                                     {2'100ms, "killed (1 of 20): 1,000 bots were reset"},
                                     {2'200ms, "the server died"}};
  EXPECT_EQ(moments_.Describe(2'102'100us, events),
            "1,000 bots connected at 1.0 s; last event \"killed (1 of 20): 1,000 bots were reset\" "
            "3 ms before");
  EXPECT_EQ(moments_.Describe(2s, events),
            "1,000 bots connected at 1.0 s; last event \"mark storm\" 1.0 s before");
}

TEST_F(LastMomentsTest, WithoutAnEventItSaysSo) {
  EXPECT_EQ(moments_.Describe(2s, {}), "no event before");  // who was there nobody knows yet
  Observe(1, 0, 0);
  EXPECT_EQ(moments_.Describe(2s, {}), "1 bot connected at 1.0 s; no event before");
}

TEST_F(LastMomentsTest, TellsThePacketsOfTheNewestSecondMostFirst) {
  EXPECT_EQ(moments_.PacketsOf("game"), "");
  Observe(10, 5, 900);
  Observe(10, 2'000, 3);
  EXPECT_EQ(moments_.PacketsOf("game"), "S_CHAT 4,000, S_LOGIN 3");
  EXPECT_EQ(moments_.PacketsOf("login"), "");
}

}  // namespace
}  // namespace stressbot
