#include <gtest/gtest.h>

#include "StressBot/engine/GroupSchedule.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;

using Edges = std::vector<std::pair<std::int64_t, bool>>;  // ms, begins

Edges EdgesOf(const GroupSchedule& schedule, std::uint32_t bot) {
  Edges edges;
  for (std::size_t n = 0;; ++n) {
    const auto edge = schedule.EdgeOf(bot, n);
    if (!edge) return edges;
    edges.emplace_back(edge->at / 1ms, edge->begins);
  }
}

TEST(GroupScheduleTest, ConstantBotsBeginTogetherAndEndTogether) {
  Group group;
  group.bots_at_start = 3;
  group.start_time = 2s;
  group.stages = {{10s, 3}};
  const GroupSchedule schedule(group);
  for (std::uint32_t bot = 0; bot < 3; ++bot)
    EXPECT_EQ(EdgesOf(schedule, bot), (Edges{{2000, true}, {12000, false}}));
  EXPECT_TRUE(EdgesOf(schedule, 3).empty());
  EXPECT_EQ(schedule.end(), 12s);
}

/// Each has a last end when the group ends, also those that ended before.
TEST(GroupScheduleTest, ARampBeginsTheLowestFirstAndEndsItLast) {
  Group group;
  group.stages = {{4s, 4}, {1s, 4}, {2s, 2}, {2s, 4}, {1s, 0}};
  const GroupSchedule schedule(group);
  EXPECT_EQ(EdgesOf(schedule, 0), (Edges{{0, true}, {10000, false}, {10000, false}}));
  EXPECT_EQ(EdgesOf(schedule, 1), (Edges{{1000, true}, {9750, false}, {10000, false}}));
  EXPECT_EQ(EdgesOf(schedule, 2),
            (Edges{{2000, true}, {7000, false}, {7000, true}, {9500, false}, {10000, false}}));
  EXPECT_EQ(EdgesOf(schedule, 3),
            (Edges{{3000, true}, {6000, false}, {8000, true}, {9250, false}, {10000, false}}));
}

TEST(GroupScheduleTest, LongRampsOfManyBotsDoNotOverflow) {
  Group group;
  group.stages = {{240h, 1'000'000}};
  const GroupSchedule schedule(group);
  EXPECT_EQ(schedule.EdgeOf(500'000, 0)->at, 120h);
  EXPECT_EQ(schedule.EdgeOf(999'999, 0)->at, 240h - 864ms);
  EXPECT_EQ(schedule.EdgeOf(999'999, 1)->at, 240h);
}

TEST(GroupScheduleTest, StagesWithoutTimeJump) {
  Group group;
  group.stages = {{0s, 2}, {1s, 2}, {0s, 1}, {1s, 1}};
  const GroupSchedule schedule(group);
  EXPECT_EQ(EdgesOf(schedule, 0), (Edges{{0, true}, {2000, false}}));
  EXPECT_EQ(EdgesOf(schedule, 1), (Edges{{0, true}, {1000, false}, {2000, false}}));
}

}  // namespace
}  // namespace stressbot
