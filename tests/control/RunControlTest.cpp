#include "StressBot/control/RunControl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/control/ControlledRun.h"

namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;
using Kind = ControlAnswer::Kind;

TEST(RunControlTest, BeforeAndAfterTheRunNothingCanBeChanged) {
  ControlledRun run(PlayersAndVisitors());
  EXPECT_EQ(run.control().Status().state, RunState::kStarting);
  EXPECT_EQ(run.control().Do(PauseCommand{}).kind, Kind::kOutOfPlace);
  run.Begin();
  EXPECT_EQ(run.control().Status().state, RunState::kRunning);
  run.run().RunFor(1s);
  run.control().End();
  EXPECT_EQ(run.control().Do(MarkCommand{}).text, "the run is over");
  EXPECT_EQ(run.control().Status().state, RunState::kOver);
  EXPECT_EQ(run.control().Status().elapsed, 1s);
  EXPECT_FALSE(run.control().changed());
}

TEST(RunControlTest, PauseAndResume) {
  ControlledRun run(PlayersAndVisitors(), 2);
  run.Begin();
  run.run().RunFor(2s);
  EXPECT_EQ(run.control().Do(ResumeCommand{}).text, "it is not paused");
  ASSERT_TRUE(run.control().Do(PauseCommand{}).done());
  EXPECT_EQ(run.control().Do(PauseCommand{}).text, "paused already");
  run.run().RunFor(1ms);
  const std::size_t chats = run.run().server().Count("C_CHAT");
  run.run().RunFor(4999ms);
  EXPECT_EQ(run.run().server().Count("C_CHAT"), chats);
  RunStatus status = run.control().Status();
  EXPECT_EQ(status.state, RunState::kPaused);
  EXPECT_EQ(status.elapsed, 7s);
  EXPECT_EQ(status.load_time, 2s);
  EXPECT_TRUE(status.changed);
  EXPECT_EQ(run.control().held(), 5s);
  ASSERT_EQ(run.control().pauses().size(), 1U);
  EXPECT_EQ(run.control().pauses()[0].to, 7s) << "it goes on";
  ASSERT_TRUE(run.control().Do(ResumeCommand{}).done());
  run.run().RunFor(1s);
  EXPECT_GT(run.run().server().Count("C_CHAT"), chats + 150);
  ASSERT_EQ(run.control().pauses().size(), 1U);
  EXPECT_EQ(run.control().pauses()[0].from, 2s);
  EXPECT_EQ(run.control().pauses()[0].to, 7s);
  EXPECT_EQ(run.control().held(), 5s);
  const auto notes = run.control().TakeNotes();
  ASSERT_EQ(notes.size(), 2U);
  EXPECT_EQ(notes[1].at, 7s);
  EXPECT_EQ(notes[1].text, "by hand: the load goes on, after 5.0 s");
  EXPECT_TRUE(run.control().TakeNotes().empty());
}

TEST(RunControlTest, APauseThatTheEndCutsShortIsOneToo) {
  for (const bool is_stopped : {true, false}) {
    ControlledRun run(PlayersAndVisitors());
    run.Begin();
    run.run().RunFor(1s);
    ASSERT_TRUE(run.control().Do(PauseCommand{}).done());
    run.run().RunFor(2s);
    if (is_stopped) run.control().NoteStopping();
    run.control().End();
    ASSERT_EQ(run.control().pauses().size(), 1U);
    EXPECT_EQ(run.control().pauses()[0].to, 3s);
  }
}

TEST(RunControlTest, BotsAndRateOfTheOnlyGroupThatHasThem) {
  ControlledRun run(PlayersAndVisitors(), 2);
  run.Begin();
  run.run().RunFor(1s);
  EXPECT_EQ(run.control().Status().groups[0].target, 20);
  EXPECT_EQ(run.control().Status().groups[1].target, 10);
  EXPECT_EQ(run.control().Do(BotsCommand{{}, 5, 0s}).text, "by hand: players goes to 5 bots");
  EXPECT_EQ(run.control().Do(RateCommand{{}, 0, 2s}).text,
            "by hand: visitors goes to 0/s within 2.0 s");
  run.run().RunFor(1s);
  EXPECT_EQ(run.control().Status().groups[0].target, 5);
  EXPECT_EQ(run.control().Status().groups[1].target, 5);
  run.run().RunFor(2s);
  EXPECT_EQ(run.control().Status().groups[1].target, 0);
  EXPECT_EQ(run.run().server().open().size(), 5U);
}

TEST(RunControlTest, WhatCannotBeIsSaid) {
  Program program = PlayersAndVisitors();
  program.groups.push_back(Constant(LoginEnterChat(100ms), 3, 2s));
  program.groups.back().name = "guests";
  program.groups.push_back(Iterating(Flow().Connect().Request(Login()).Build(), 2, 1, 2s));
  program.groups.back().name = "once";
  ControlledRun run(program);
  run.Begin();
  run.run().RunFor(1s);
  const auto refused = [&](const ControlCommand& command) {
    const ControlAnswer answer = run.control().Do(command);
    EXPECT_EQ(answer.kind, Kind::kWrong) << answer.text;
    return answer.text;
  };
  EXPECT_EQ(refused(BotsCommand{{}, 5, 0s}), "say which \"group\"; there is players, guests, once");
  EXPECT_EQ(refused(BotsCommand{"player", 5, 0s}),
            "no group \"player\"; there is players, guests, once");
  EXPECT_EQ(refused(BotsCommand{"visitors", 5, 0s}),
            "group \"visitors\" has arrivals: change its rate");
  EXPECT_EQ(refused(RateCommand{"players", 5, 0s}),
            "group \"players\" has no arrivals: change its bots");
  EXPECT_EQ(refused(BotsCommand{"players", 21, 0s}),
            "group \"players\" has 20 bots at most; \"maxBots\" in the scenario allows more");
  EXPECT_NE(refused(BotsCommand{"once", 1, 0s}).find("number of iterations"), std::string::npos);
  EXPECT_NE(refused(RateCommand{{}, 1e9, 0s}).find("4,294,967,295"), std::string::npos);
  EXPECT_EQ(refused(DropCommand{"nobody", 1, true, {}}), "no group \"nobody\"");
  EXPECT_EQ(refused(MarkCommand{std::string(101, 'x')}), "a mark's name has at most 100 bytes");
  EXPECT_FALSE(run.control().changed());
  run.run().RunFor(2s);
  EXPECT_EQ(run.control().Do(BotsCommand{"guests", 2, 0s}).kind, Kind::kOutOfPlace);
}

TEST(RunControlTest, MoreAndFewerAreATenthAndAtLeastOne) {
  ControlledRun run(PlayersAndVisitors());
  run.Begin();
  run.run().RunFor(1s);
  EXPECT_EQ(run.control().Do(ScaleCommand{1 / 1.1}).text,
            "by hand: players goes to 18 bots, visitors goes to 9.091/s");
  ASSERT_TRUE(run.control().Do(ScaleCommand{1.1}).done());
  EXPECT_EQ(run.control().Status().groups[0].target, 20);
  ASSERT_TRUE(run.control().Do(BotsCommand{{}, 1, 0s}).done());
  ASSERT_TRUE(run.control().Do(ScaleCommand{1 / 1.1}).done());
  EXPECT_EQ(run.control().Status().groups[0].target, 0);
  ASSERT_TRUE(run.control().Do(ScaleCommand{1.1}).done());
  EXPECT_EQ(run.control().Status().groups[0].target, 1);
}

TEST(RunControlTest, AtTheScenariosMostThereIsNoMore) {
  ControlledRun run(ProgramOf({Constant(LoginEnterChat(100ms), 4, 5s)}));
  run.Begin();
  run.run().RunFor(1s);
  EXPECT_EQ(run.control().Do(ScaleCommand{1.1}).text,
            "there are as many bots as there can be; \"maxBots\" in the scenario allows more");
  EXPECT_FALSE(run.control().changed());
}

TEST(RunControlTest, MaxBotsMakesRoomForMore) {
  Program program = ProgramOf({Constant(LoginEnterChat(100ms), 4, 5s)});
  program.groups[0].bots_by_hand_max = 30;
  ControlledRun run(program, 3);
  run.Begin();
  run.run().RunFor(1s);
  EXPECT_EQ(run.run().server().open().size(), 4U);
  EXPECT_EQ(run.control().Do(BotsCommand{{}, 31, 0s}).kind, Kind::kWrong);
  ASSERT_TRUE(run.control().Do(BotsCommand{{}, 20, 0s}).done());
  run.run().RunFor(1s);
  EXPECT_EQ(run.run().server().open().size(), 20U);
  ASSERT_TRUE(run.control().Do(DropCommand{{}, 0.5, true, {}}).done());
  run.run().RunFor(10ms);
  EXPECT_EQ(run.run().load().TakeOccurrences().at(0).bots, 10U) << "half of those who are there";
  ASSERT_TRUE(run.run().Finish());
}

TEST(RunControlTest, DropsAreReportedByTheShardsWithWhatWasAskedFor) {
  ControlledRun run(PlayersAndVisitors(), 2);
  run.Begin();
  run.run().RunFor(1s);
  ASSERT_TRUE(run.control().Do(DropCommand{"players", 0.5, true, {}}).done());
  ASSERT_TRUE(run.control().Do(DropCommand{"players", 1, false, {}}).done());
  run.run().RunFor(100ms);
  const std::vector<Occurrence> occurred = run.run().load().TakeOccurrences();
  ASSERT_EQ(occurred.size(), 2U);
  EXPECT_EQ(occurred[0].bots, 10U);
  EXPECT_TRUE(run.control().OrderOf(occurred[0].firing).reset);
  EXPECT_FALSE(run.control().OrderOf(occurred[1].firing).reset);
  EXPECT_TRUE(run.control().changed());
}

TEST(RunControlTest, AMarkChangesNothing) {
  ControlledRun run(PlayersAndVisitors());
  run.Begin();
  run.run().RunFor(1s);
  EXPECT_EQ(run.control().Do(MarkCommand{"deploy"}).text, "mark deploy");
  EXPECT_EQ(run.control().Do(MarkCommand{}).text, "mark 1");
  EXPECT_EQ(run.control().Do(MarkCommand{}).text, "mark 2");
  EXPECT_FALSE(run.control().changed());
  EXPECT_EQ(run.control().TakeNotes().size(), 3U);
}

TEST(RunControlTest, AStopIsForTheDriverAndAnAbortCountsMore) {
  ControlledRun run(PlayersAndVisitors());
  run.Begin();
  run.run().RunFor(1s);
  EXPECT_EQ(run.control().wanted_ending(), RunControl::Ending::kNone);
  ASSERT_TRUE(run.control().Do(StopCommand{}).done());
  EXPECT_EQ(run.control().wanted_ending(), RunControl::Ending::kStop);
  EXPECT_EQ(run.control().Do(StopCommand{}).kind, Kind::kOutOfPlace);
  run.control().NoteStopping();
  EXPECT_EQ(run.control().Status().state, RunState::kStopping);
  EXPECT_EQ(run.control().Do(PauseCommand{}).kind, Kind::kOutOfPlace);
  EXPECT_EQ(run.control().Do(BotsCommand{{}, 3, 0s}).kind, Kind::kOutOfPlace);
  EXPECT_EQ(run.control().Do(DropCommand{}).kind, Kind::kOutOfPlace);
  ASSERT_TRUE(run.control().Do(AbortCommand{}).done());
  EXPECT_EQ(run.control().wanted_ending(), RunControl::Ending::kAbort);
  EXPECT_TRUE(run.control().changed());
}

TEST(RunControlTest, StatusTellsTheNewestSecond) {
  ControlledRun run(PlayersAndVisitors());
  run.Begin();
  run.Take(3s);
  const RunStatus status = run.control().Status();
  EXPECT_EQ(status.newest.from, 3s);
  EXPECT_EQ(status.newest.to, 4s);
  EXPECT_EQ(status.newest.requests_per_s, 40);  // four requests
  EXPECT_NEAR(static_cast<double>(status.newest.p99_ns), 1.6e6, 2e3);
  EXPECT_EQ(status.groups[0].bots_in[2], 7U);
  EXPECT_EQ(status.groups[0].bots_max, 20U);
  EXPECT_FALSE(status.groups[0].is_open);
  EXPECT_TRUE(status.groups[1].is_open);
  std::uint64_t number = 0;
  run.control().Read([&](const RunControl::View& view) {
    number = view.number;
    EXPECT_EQ(view.newest->from, 3s);
  });
  EXPECT_EQ(number, 1U);
}

}  // namespace
}  // namespace stressbot::testing
