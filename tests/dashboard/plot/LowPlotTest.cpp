#include <gtest/gtest.h>

#include <string>

#include "tests/dashboard/plot/PlotsFixture.h"

namespace stressbot::plot {
namespace {

/// A plot with `lines` lines, as low as the least that a run's screen draws, with the crosshair on.
class LowPlotTest : public PlotsTest {
 protected:
  void ShowLines(std::size_t lines) {
    std::vector<Line> all;
    for (std::size_t i = 0; i < lines; ++i)
      all.push_back(Named(("line " + std::to_string(i)).c_str(), static_cast<Color>(i), 60, 5));
    Show(60, all);
    other_.lines = all;
    Frame();
    height_ = 9 * ImGui::GetFontSize();
    Frame();
  }
  /// How many values can be read: in the window, none over another.
  std::size_t ReadableValues(const ChartState& state) const {
    const ImVec2& screen = ImGui::GetIO().DisplaySize;
    const std::vector<ImVec2> text = CornersOf(DarkPlots().text);
    std::size_t readable = 0;
    for (std::size_t i = 0; i < state.values.size(); ++i) {
      const Box& box = state.values[i];
      bool is_alone =
          box.left >= 0 && box.top >= 0 && box.right <= screen.x && box.bottom <= screen.y;
      for (std::size_t j = 0; j < i; ++j) is_alone = is_alone && !box.Touches(state.values[j]);
      if (is_alone && !Within(text, box).empty()) ++readable;
    }
    return readable;
  }
};

TEST_F(LowPlotTest, EveryLineIsReadAtTheCrosshair) {
  ShowLines(4);
  MoveInto(state_.plot);
  Frame();
  Frame();
  for (const ChartState* state : {&state_, &other_state_}) {
    EXPECT_EQ(ReadableValues(*state), 4U);
    for (const Box& box : state->values) {
      EXPECT_GE(box.top, state->plot.top);
      EXPECT_LE(box.bottom, state->plot.bottom + 1);
    }
  }
}

TEST_F(LowPlotTest, NamesAreBesideTheTitleWhereThereIsRoom) {
  ShowLines(4);
  ASSERT_EQ(state_.names.size(), 4U);
  for (const Box& name : state_.names) EXPECT_LE(name.bottom, state_.plot.top);
  EXPECT_GT(state_.plot.height(), 0.45F * height_);
  width_ = 300;
  Frame();
  ASSERT_FALSE(state_.names.empty());
  EXPECT_GT(state_.names[0].top, state_.plot.bottom) << "the title needs all of the row";
}

TEST_F(LowPlotTest, SomeMoreLinesAreReadOnAllPlots) {
  width_ = 450;
  ShowLines(8);
  MoveInto(state_.plot);
  Frame();
  Frame();
  EXPECT_EQ(ReadableValues(state_), 8U);
  EXPECT_EQ(ReadableValues(other_state_), 8U);
}

TEST_F(LowPlotTest, ThePlotUnderTheMouseTellsOfEachOfManyLines) {
  width_ = 300;
  ShowLines(kColors);
  MoveInto(state_.plot);
  Frame();
  Frame();
  EXPECT_EQ(ReadableValues(state_), kColors);
  EXPECT_LT(other_state_.values.size(), kColors) << "it would cover the one under the mouse";
  EXPECT_FALSE(other_state_.values.empty());
  MoveTo({-9, -9});
  Frame();
  Frame();
  EXPECT_TRUE(state_.values.empty());
}

}  // namespace
}  // namespace stressbot::plot
