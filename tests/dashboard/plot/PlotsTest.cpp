#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "tests/dashboard/plot/PlotsFixture.h"

namespace stressbot::plot {
namespace {

TEST_F(PlotsTest, ASpikeOfOnePointAmongThousandsIsDrawnToItsTop) {
  for (const std::size_t at : {0U, 1U, 1'234U, 2'250U, 4'498U, 4'499U}) {
    Line line = Named("p99", Color::kOrange, 4'500, 1);
    line.values[at] = 100;
    Show(4'500, {line});
    view_.Follow(TimeView::kWholeRun);
    Frame();
    // The axis ends at 100, which is the top of the plot.
    EXPECT_NEAR(HighestOf(Color::kOrange), state_.plot.top, 1.5F) << at;
  }
}

TEST_F(PlotsTest, APeakIsNotDrawnHigherThanItIs) {
  Line line = Named("p99", Color::kOrange, 60, 1);
  for (std::size_t i = 5; i < 60; i += 7) line.values[i] = 80;
  line.values[30] = 100;
  Show(60, {line});
  Frame();
  for (const ImVec2& corner : CornersOf(Color::kOrange)) EXPECT_GE(corner.y, state_.plot.top - 2);
}

TEST_F(PlotsTest, APictureHasAFewThousandCornersALineWhateverTheData) {
  std::mt19937_64 random(71);
  std::vector<Line> lines;
  for (int i = 0; i < 4; ++i) {
    lines.push_back(RandomLine(random, 4'500, true));
    lines.back().name = std::to_string(i);
    lines.back().color = static_cast<Color>(i);
  }
  Show(4'500, lines);
  for (int i = 0; i < 100'000; ++i)
    marks_.push_back({static_cast<double>(random() % 4500), "line", Mark::Kind::kServerLine});
  view_.Follow(TimeView::kWholeRun);
  Frame();
  EXPECT_GT(ImGui::GetDrawData()->TotalVtxCount, 2'000);
  EXPECT_LT(ImGui::GetDrawData()->TotalVtxCount, 20'000);  // both charts and four lines
}

TEST_F(PlotsTest, ManyLinesAndChartsDoNotNeedMoreThanSixteenBits) {
  std::mt19937_64 random(72);
  std::vector<Line> lines;
  for (int i = 0; i < 40; ++i) {
    lines.push_back(RandomLine(random, 4'500, true));
    lines.back().name = std::to_string(i);
  }
  Show(4'500, lines);
  other_.lines = lines;
  view_.Follow(TimeView::kWholeRun);
  Frame();  // else ImGui says so
  const ImDrawData& data = *ImGui::GetDrawData();
  for (int i = 0; i < data.CmdListsCount; ++i) EXPECT_LT(data.CmdLists[i]->VtxBuffer.Size, 65'536);
  EXPECT_GT(data.TotalVtxCount, 20'000);
}

TEST_F(PlotsTest, AGapIsLeftEmpty) {
  Line line = Named("p99", Color::kOrange, 60, 1);
  for (std::size_t i = 20; i < 30; ++i) line.values[i] = kNoValue;
  Show(60, {line});
  Frame();
  const float left = state_.plot.left + state_.plot.width() * 20 / 60;
  const float right = state_.plot.left + state_.plot.width() * 30 / 60;
  EXPECT_TRUE(
      Within(CornersOf(Color::kOrange), {left + 2, state_.plot.top, right - 2, state_.plot.bottom})
          .empty());
  EXPECT_GT(CornersInPlot(Color::kOrange), 20U);
}

TEST_F(PlotsTest, AValueAloneIsSeen) {
  Line line = Named("p99", Color::kOrange, 60, kNoValue);
  line.values[33] = 5;
  Show(60, {line});
  Frame();
  EXPECT_GE(CornersInPlot(Color::kOrange), 4U);
}

TEST_F(PlotsTest, TheWheelZoomsAtTheMouseAndDoesNotScrollTheWindow) {
  Show(1'000, {Named("a", Color::kBlue, 1'000, 1)});
  Frame();
  MoveInto(state_.plot, 0.25F);
  Frame();
  const double at = view_.from_s() + 0.25 * view_.span_s();
  ImGui::GetIO().MouseWheel = 1;
  EXPECT_TRUE(Frame()) << "other plots are to follow";
  ImGui::GetIO().MouseWheel = 0;
  Frame();
  EXPECT_NEAR(view_.span_s(), 48, 1e-6);
  EXPECT_NEAR((at - view_.from_s()) / view_.span_s(), 0.25, 1e-3);
  EXPECT_FLOAT_EQ(scroll_, 0);
}

TEST_F(PlotsTest, BesideThePlotTheWheelScrollsTheWindow) {
  Show(1'000, {Named("a", Color::kBlue, 1'000, 1)});
  Frame();
  MoveTo({state_.plot.left + 50, state_.plot.top - 20});  // the title
  Frame();
  ImGui::GetIO().MouseWheel = -1;
  Frame();
  ImGui::GetIO().MouseWheel = 0;
  Frame();
  EXPECT_GT(scroll_, 0);
  EXPECT_TRUE(view_.IsLive());
}

TEST_F(PlotsTest, ADragMovesAllAndADoubleClickIsLiveAgain) {
  Show(1'000, {Named("a", Color::kBlue, 1'000, 1)});
  Frame();
  MoveInto(state_.plot);
  Frame();
  Press(0);
  Frame();
  MoveInto(state_.plot, 0.75F);
  Frame();
  EXPECT_NEAR(view_.to_s(), 1'000 - 15, 0.5);
  Release(0);
  Frame();
  for (int i = 0; i < 20; ++i) Frame();  // no double click yet
  Click(0);
  Click(0);
  EXPECT_TRUE(view_.IsLive());
  EXPECT_NEAR(view_.to_s(), 1'000, 1e-6);
}

TEST_F(PlotsTest, OneCrosshairIsOnAllPlots) {
  Show(60, {Named("a", Color::kBlue, 60, 1)});
  other_.lines = {Named("b", Color::kPink, 60, 1)};
  Frame();
  const std::size_t before = CornersOf(DarkPlots().text).size();
  MoveInto(state_.plot, 0.3F);
  EXPECT_TRUE(Frame());
  EXPECT_FALSE(Frame());
  EXPECT_NEAR(view_.crosshair_s().value_or(0), 18, 0.1);
  const std::vector<ImVec2> corners = CornersOf(DarkPlots().text);
  EXPECT_GT(corners.size(), before);
  EXPECT_GE(Within(corners, state_.plot).size(), 4U);
  EXPECT_GE(Within(corners, other_state_.plot).size(), 4U) << "on the other chart too";
}

TEST_F(PlotsTest, TheTableOfValuesStaysInThePlot) {
  std::vector<Line> lines;
  for (int i = 0; i < 30; ++i)
    lines.push_back(Named("a line with a name that is far too long for any table of values",
                          Color::kBlue, 60, 1e9 + i));
  for (Line& line : lines) line.name += std::to_string(&line - lines.data());
  Show(60, lines);
  Frame();
  EXPECT_GT(state_.plot.height(), kHeight / 3) << "names leave no room";
  for (const float share : {0.01F, 0.5F, 0.99F}) {
    MoveInto(state_.plot, share);
    Frame();
    Frame();
    for (const ImVec2& corner : CornersOf(DarkPlots().text)) {
      if (corner.y < state_.plot.top || corner.y > state_.plot.bottom) continue;
      EXPECT_GE(corner.x, state_.plot.left - 1);
      EXPECT_LE(corner.x, state_.plot.right + 1);
    }
  }
}

TEST_F(PlotsTest, AClickOnANameHidesItsLine) {
  Show(60, {Named("a", Color::kBlue, 60, 1), Named("b", Color::kOrange, 60, 2)});
  Frame();
  EXPECT_GT(CornersInPlot(Color::kOrange), 0U);
  MoveInto(state_.names[1]);
  Frame();
  Click(0);
  MoveTo({-9, -9});
  Frame();
  EXPECT_EQ(state_.hidden, (std::set<std::string>{"b"}));
  EXPECT_EQ(CornersInPlot(Color::kOrange), 0U);
  EXPECT_GT(CornersInPlot(Color::kBlue), 0U);
}

TEST_F(PlotsTest, ARightClickOrADoubleClickShowsOnlyThatLine) {
  Show(60, {Named("a", Color::kBlue, 60, 1), Named("b", Color::kOrange, 60, 2),
            Named("c", Color::kGreen, 60, 3)});
  Frame();
  MoveInto(state_.names[1]);
  Frame();
  const std::set<std::string> others{"a", "c"};
  Click(1);
  EXPECT_EQ(state_.hidden, others);
  Click(1);
  EXPECT_TRUE(state_.hidden.empty()) << "and all again";
  for (int i = 0; i < 20; ++i) Frame();
  Click(0);
  Click(0);
  EXPECT_EQ(state_.hidden, others);
}

TEST_F(PlotsTest, AClickedMarkIsTold) {
  Show(60, {Named("a", Color::kBlue, 60, 1)});
  marks_ = {{10, "one", Mark::Kind::kEvent}, {30, "two", Mark::Kind::kFailure}};
  Frame();
  MoveTo({state_.plot.left + state_.plot.width() / 2, state_.plot.bottom + 3});
  Frame();
  Press(0);
  Frame();
  Release(0);
  Frame();
  EXPECT_EQ(clicked_, 1U);
}

TEST_F(PlotsTest, WithoutDataItIsQuiet) {
  Show(0, {});
  Frame();
  Show(10, {Named("a", Color::kBlue, 10, kNoValue)});
  chart_.limits = {{"p(99)<50ms", 5e7, false}};
  MoveInto(state_.plot);
  Frame();
  Frame();
  EXPECT_EQ(CornersInPlot(Color::kBlue), 0U);
}

TEST_F(PlotsTest, AFailedLimitIsRedAndAPassedOneIsNot) {
  Show(60, {Named("a", Color::kBlue, 60, 4e7)});
  chart_.unit = Unit::kNanoseconds;
  chart_.scale = Scale::kLog;
  chart_.limits = {{"p(99)<50ms", 5e7, true}};
  Frame();
  EXPECT_TRUE(CornersOf(DarkPlots().fail).empty());
  chart_.limits[0].passed = false;
  Frame();
  EXPECT_GT(Within(CornersOf(DarkPlots().fail), state_.plot).size(), 40U) << "a dashed line";
}

TEST_F(PlotsTest, ItIsAnItemOfTheSizeThatWasAskedFor) {
  Show(60, {Named("a", Color::kBlue, 60, 1)});
  Frame();
  EXPECT_FLOAT_EQ(item_.x, kWidth);
  EXPECT_FLOAT_EQ(item_.y, kHeight);
}

TEST_F(PlotsTest, TheSmallestSizesAreSurvived) {
  Show(60, {Named("a", Color::kBlue, 60, 1)});
  ImGui::NewFrame();
  ImGui::Begin("small");
  const PlotFrame frame{points_, marks_, bands_, view_, texts_, LightPlots()};
  for (const float size : {1.0F, 20.0F, 60.0F}) Draw(chart_, frame, state_, {size, size});
  ImGui::End();
  ImGui::Render();
}

}  // namespace
}  // namespace stressbot::plot
