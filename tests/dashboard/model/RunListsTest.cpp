#include "StressBot/dashboard/model/RunLists.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stressbot {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Kind = plot::Mark::Kind;

StepRow Row(std::string name, std::uint64_t count, double p50_ns) {
  StepRow row;
  row.name = std::move(name);
  row.count = count;
  row.latencies_ns = {0, p50_ns};
  return row;
}

TEST(RunListsTest, StepsAreAsTheyComeUntilSomebodySorts) {
  const std::vector<StepRow> steps{Row("b", 2, 20), Row("a", 3, 10)};
  EXPECT_THAT(SortSteps(steps, {}), ElementsAre(0, 1));
  EXPECT_THAT(SortSteps(steps, {.by = StepSort::By::kName}), ElementsAre(1, 0));
  EXPECT_THAT(SortSteps(steps, {.by = StepSort::By::kName, .descending = true}), ElementsAre(0, 1));
  EXPECT_THAT(SortSteps(steps, {.by = StepSort::By::kCount, .descending = true}),
              ElementsAre(1, 0));
}

// "12.4 ms" is more than "980 us", though its text is less.
TEST(RunListsTest, LatenciesAreSortedAsNumbers) {
  const std::vector<StepRow> steps{Row("slow", 1, 12.4e6), Row("quick", 1, 980e3)};
  const StepSort by_p50{.by = StepSort::By::kLatency, .latency = 1};
  EXPECT_THAT(SortSteps(steps, by_p50), ElementsAre(1, 0));
}

TEST(RunListsTest, WhatHasNoValueIsLastInBothDirections) {
  const std::vector<StepRow> steps{Row("none", 0, plot::kNoValue), Row("a", 1, 5), Row("b", 1, 7)};
  StepSort sort{.by = StepSort::By::kLatency, .latency = 1};
  EXPECT_THAT(SortSteps(steps, sort), ElementsAre(1, 2, 0));
  sort.descending = true;
  EXPECT_THAT(SortSteps(steps, sort), ElementsAre(2, 1, 0));
  sort.latency = 9;  // a column that the rows do not have
  EXPECT_THAT(SortSteps(steps, sort), ElementsAre(0, 1, 2));
}

TEST(RunListsTest, TextIsFoundInCapitalsAndSmallLetters) {
  EXPECT_TRUE(ContainsText("Player LOGGED in", "logged"));
  EXPECT_TRUE(ContainsText("서버 오류", "오류"));
  EXPECT_TRUE(ContainsText("", ""));
  EXPECT_FALSE(ContainsText("log", "logged"));
}

TEST(RunListsTest, MarksOfTheWantedKindsInOrderOfTime) {
  const std::vector<plot::Mark> marks{{9, "paused", Kind::kEvent},
                                      {5, "timed out", Kind::kFailure},
                                      {1, "listening", Kind::kServerLine},
                                      {7, "slow query", Kind::kServerLine}};
  EXPECT_THAT(FilterMarks(marks, {}), ElementsAre(1, 0)) << "a server may write a lot";
  EXPECT_THAT(FilterMarks(marks, {.server_lines = true}), ElementsAre(2, 1, 3, 0));
  EXPECT_THAT(FilterMarks(marks, {.text = "SLOW", .server_lines = true}), ElementsAre(3));
  EXPECT_THAT(FilterMarks(marks, {.events = false, .failures = false}), IsEmpty());
}

TEST(RunListsTest, LinesThatHoldAText) {
  const std::vector<ServerLine> lines{{1, "[warn] slow"}, {2, "ok"}, {3, "[WARN] slower"}};
  EXPECT_THAT(FilterLines(lines, "warn"), ElementsAre(0, 2));
  EXPECT_THAT(FilterLines(lines, ""), ElementsAre(0, 1, 2));
}

// The lines of a server come after the events, so they move when there is another event.
TEST(RunListsTest, AChosenMarkIsFoundAtItsNewPlace) {
  std::vector<plot::Mark> marks{{9, "paused", Kind::kEvent}, {1, "line", Kind::kServerLine}};
  const ChosenMark chosen{1, "line"};
  EXPECT_EQ(FindMark(marks, chosen), 1U);
  marks.insert(marks.begin() + 1, {12, "goes on", Kind::kEvent});
  EXPECT_EQ(FindMark(marks, chosen), 2U);
  EXPECT_FALSE(FindMark(marks, {1, "another"}));
}

}  // namespace
}  // namespace stressbot
