#include <gtest/gtest.h>

#include <algorithm>

#include "StressBot/engine/ArrivalSchedule.h"
#include "StressBot/engine/GroupSchedule.h"
#include "tests/engine/SimRun.h"

/// Somebody changes how many bots there are, or how many arrive, while it runs.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;

Group UpTo(std::uint32_t bots, Nanoseconds duration) {
  Group group = Constant(LoginEnterChat(100ms), bots, duration);
  return group;
}

void ChangeTo(SimRun& run, std::uint32_t bots, Nanoseconds over = 0s, std::uint16_t group = 0) {
  run.load().Post(ChangeBots{group, bots, run.load().Elapsed(), over});
}

TEST(ChangeTest, BotsLeaveInOrderAndComeBack) {
  for (const std::size_t shards : {1U, 3U}) {
    SimRun run(ProgramOf({UpTo(30, 10s)}), {.shards = shards});
    run.Start();
    run.RunFor(1s);
    ChangeTo(run, 10);
    run.RunFor(1s);
    EXPECT_EQ(run.server().open().size(), 10U);
    EXPECT_EQ(run.Counter("iterations", {{"outcome", "completed"}}), 20U);
    ChangeTo(run, 25);
    run.RunFor(1s);
    EXPECT_EQ(run.server().open().size(), 25U);
    ChangeTo(run, 0);
    run.RunFor(1s);
    EXPECT_TRUE(run.server().open().empty());
    ChangeTo(run, 30);
    run.RunFor(1s);
    EXPECT_EQ(run.server().open().size(), 30U);
    ASSERT_TRUE(run.Finish());
    EXPECT_NEAR(static_cast<double>(run.load().Elapsed() / 1ms), 10'000, 150);
    EXPECT_EQ(run.Counter("iterations", {{"outcome", "completed"}}), 20U + 25U + 30U);
    EXPECT_EQ(run.Counter("iterations"), 75U);
  }
}

TEST(ChangeTest, OverATimeTheNumberChangesLinearly) {
  SimRun run(ProgramOf({UpTo(20, 20s)}), {.shards = 2});
  run.Start();
  run.RunFor(1s);
  ChangeTo(run, 0, 10s);
  run.RunFor(5s + 50ms);
  EXPECT_NEAR(static_cast<double>(run.server().open().size()), 10, 1);
  ChangeTo(run, 20, 5s);  // in the middle of it
  run.RunFor(2500ms);
  EXPECT_NEAR(static_cast<double>(run.server().open().size()), 15, 1);
  run.RunFor(3s);
  EXPECT_EQ(run.server().open().size(), 20U);
  ASSERT_TRUE(run.Finish());
}

TEST(ChangeTest, StagesCountNoLonger) {
  Group group = UpTo(0, 0s);
  group.stages = {{4s, 40}, {4s, 40}, {4s, 0}};
  SimRun run(ProgramOf({group}), {.shards = 2});
  run.Start();
  run.RunFor(2s + 1ms);  // 21 have begun
  ChangeTo(run, 10);
  run.RunFor(9s);
  EXPECT_EQ(run.server().peers().size(), 21U);
  EXPECT_EQ(run.server().open().size(), 10U);
  ASSERT_TRUE(run.Finish());
  EXPECT_NEAR(static_cast<double>(run.load().Elapsed() / 1ms), 12'000, 150);
}

TEST(ChangeTest, ThoseWhoHadEndedByTheScheduleComeBack) {
  Group group = UpTo(20, 2s);
  group.stages = {{2s, 20}, {0s, 5}, {8s, 5}};
  SimRun run(ProgramOf({group}), {.shards = 4});
  run.Start();
  run.RunFor(4s);
  EXPECT_EQ(run.server().open().size(), 5U);
  ChangeTo(run, 20);
  run.RunFor(1s);
  EXPECT_EQ(run.server().open().size(), 20U);
  ASSERT_TRUE(run.Finish());
}

TEST(ChangeTest, InAPauseItWaitsForTheLoadToGoOn) {
  SimRun run(ProgramOf({UpTo(10, 5s)}), {.shards = 2});
  run.Start();
  run.RunFor(1s);
  ChangeTo(run, 4);
  run.RunFor(1s);
  run.load().Post(PauseLoad{2s});
  run.load().Post(ChangeBots{0, 9, 2s, 0s});
  run.RunFor(3s);
  EXPECT_EQ(run.server().open().size(), 4U);
  run.load().Post(ResumeLoad{5s});
  run.RunFor(200ms);
  EXPECT_EQ(run.server().open().size(), 9U);
  ASSERT_TRUE(run.Finish());
  EXPECT_NEAR(static_cast<double>(run.load().Elapsed() / 1ms), 8'000, 150);
}

TEST(ChangeTest, AGroupThatIsOverStaysOver) {
  Group shorter = UpTo(5, 2s);
  SimRun run(ProgramOf({shorter, UpTo(3, 4s)}));
  run.Start();
  run.RunFor(3s);
  ChangeTo(run, 5);
  run.RunFor(500ms);
  EXPECT_EQ(run.server().open().size(), 3U);
  ASSERT_TRUE(run.Finish());
}

TEST(ChangeTest, WhoWasStoppedByItsStepStaysAway) {
  Asked wrong = Login();
  wrong.check = {{"success", Literal(false)}};
  wrong.on_fail = OnFail::kStopBot;
  SimRun run(ProgramOf({Constant(Flow().Connect().Request(wrong).Build(), 4, 5s), UpTo(1, 5s)}));
  run.Start();
  run.RunFor(1s);
  ChangeTo(run, 0);
  run.RunFor(1s);
  ChangeTo(run, 4);
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.server().peers().size(), 5U);
}

TEST(ChangeTest, TheRateOfArrivals) {
  const FlowProgram visit = Flow().Connect().Request(Login()).Build();
  for (const std::size_t shards : {1U, 3U}) {
    SimRun run(ProgramOf({Arriving(visit, 10, 10s, 50)}), {.shards = shards});
    run.Start();
    run.RunFor(2s);
    run.load().Post(ChangeRate{0, 100, 2s, 0s});
    run.RunFor(2s);
    EXPECT_NEAR(static_cast<double>(run.server().peers().size()), 20 + 200, 2);
    run.load().Post(ChangeRate{0, 0, 4s, 0s});
    run.RunFor(1s);
    const std::size_t before = run.server().peers().size();
    run.RunFor(1s);
    EXPECT_EQ(run.server().peers().size(), before);
    run.load().Post(ChangeRate{0, 100, 6s, 2s});
    ASSERT_TRUE(run.Finish());
    EXPECT_NEAR(static_cast<double>(run.server().peers().size()), 220 + 100 + 200, 3);
    EXPECT_EQ(run.Counter("dropped_iterations"), 0U);
    EXPECT_EQ(run.Rate("load_delivered").total, run.server().peers().size());
  }
}

TEST(ChangeTest, ACommandOfTheOtherKindOfGroupDoesNothing) {
  const FlowProgram visit = Flow().Connect().Request(Login()).Build();
  SimRun run(ProgramOf({Arriving(visit, 10, 2s, 5), UpTo(3, 2s)}));
  run.Start();
  run.RunFor(1s);
  ChangeTo(run, 1, 0s, 0);
  run.load().Post(ChangeRate{1, 100, 1s, 0s});
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.server().peers().size(), 23U);
}

TEST(ChangeTest, ScheduleCountsBotsAtAnyTime) {
  Group group;
  group.stages = {{4s, 4}, {1s, 4}, {2s, 2}, {2s, 4}, {1s, 0}};
  GroupSchedule schedule(group);
  const auto bots = [&](Nanoseconds at) { return schedule.BotsAt(at); };
  EXPECT_EQ(bots(0s), 1U);
  EXPECT_EQ(bots(999ms), 1U);
  EXPECT_EQ(bots(1s), 2U);
  EXPECT_EQ(bots(4500ms), 4U);
  EXPECT_EQ(bots(6s), 3U);
  EXPECT_EQ(bots(7s), 3U);  // bot 2 begins again at 7 s
  EXPECT_EQ(bots(9500ms), 2U);
  EXPECT_EQ(bots(10s), 0U);
  schedule.Change(6s, 3s, 0);
  EXPECT_EQ(bots(6s), 3U);
  EXPECT_EQ(bots(7s), 2U);
  EXPECT_EQ(bots(9s), 0U);
  EXPECT_EQ(schedule.EdgeOf(0, 0)->at, 9s);
  EXPECT_EQ(schedule.EdgeOf(3, 0)->at, 10s);  // not there any more: the last end
}

TEST(ChangeTest, ArrivalsKeepTheirNumbersAndWhatWasDueBefore) {
  ArrivalSchedule changed({0, {{10s, 100}}, 1});
  ArrivalSchedule before({0, {{10s, 100}}, 1});
  EXPECT_DOUBLE_EQ(changed.RateAt(5s), 50);
  changed.Change(5s, 0s, 10);
  EXPECT_DOUBLE_EQ(changed.RateAt(5s), 10);
  EXPECT_EQ(changed.count(), 125U + 50U);
  for (std::uint64_t i = 0; i < 125; ++i) EXPECT_EQ(changed.DueOf(i), before.DueOf(i));
  EXPECT_EQ(changed.DueOf(125), 5s);
  EXPECT_EQ(changed.DueOf(126), 5100ms);
  EXPECT_EQ(changed.DueOf(174), 9900ms);
}

}  // namespace
}  // namespace stressbot::testing
