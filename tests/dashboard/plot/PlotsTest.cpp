#include "StressBot/dashboard/plot/Plots.h"

#include <gtest/gtest.h>
#include <imgui.h>

#include <cmath>
#include <random>

#include "tests/dashboard/plot/PlotSamples.h"

namespace stressbot::plot {
namespace {

constexpr float kWidth = 640, kHeight = 240;

/// ImGui without a screen: its frames end in lists of triangles, which are looked at here. The
/// window is as high as one chart and a half, so that it scrolls.
class PlotsTest : public testing::Test {
 protected:
  PlotsTest() {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = {800, 600};
    io.DeltaTime = 0.05F;
    unsigned char* pixels = nullptr;
    int width = 0;
    int height = 0;
    io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
    MoveTo({-9, -9});
    chart_.id = "one";
    chart_.title = "One";
    other_ = chart_;
    other_.id = other_.title = "other";
  }
  ~PlotsTest() override { ImGui::DestroyContext(); }

  void MoveTo(ImVec2 place) { ImGui::GetIO().MousePos = place; }
  void MoveInto(const Box& box, float x_share = 0.5F, float y_share = 0.5F) {
    MoveTo({box.left + x_share * box.width(), box.top + y_share * box.height()});
  }
  void Press(int button) { ImGui::GetIO().MouseDown[button] = true; }
  void Release(int button) { ImGui::GetIO().MouseDown[button] = false; }
  void Click(int button) {
    Press(button);
    Frame();
    Release(button);
    Frame();
  }

  /// Returns whether one more is needed.
  bool Frame() {
    ImGui::NewFrame();
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize({kWidth + 100, 1.5F * kHeight});
    ImGui::Begin("test", nullptr, ImGuiWindowFlags_NoDecoration);
    const PlotFrame frame{points_, marks_, bands_, view_, texts_, DarkPlots()};
    clicked_ = Draw(chart_, frame, state_, {width_, height_});
    item_ = ImGui::GetItemRectSize();
    if (has_heat_) DrawHeat(heat_, frame, heat_state_, {kWidth, kHeight});
    Draw(other_, frame, other_state_, {width_, height_});
    ImGui::Dummy({10, 3 * kHeight});
    scroll_ = ImGui::GetScrollY();
    ImGui::End();
    ImGui::Render();
    return view_.EndFrame();
  }

  /// The triangles' corners that have a colour, whatever their alpha, and are not above `top`.
  std::vector<ImVec2> CornersOf(Rgba color) const {
    std::vector<ImVec2> corners;
    const ImDrawData& data = *ImGui::GetDrawData();
    for (int i = 0; i < data.CmdListsCount; ++i) {
      for (const ImDrawVert& corner : data.CmdLists[i]->VtxBuffer) {
        if ((corner.col & 0xffffff) == (color & 0xffffff)) corners.push_back(corner.pos);
      }
    }
    return corners;
  }
  std::vector<ImVec2> CornersOf(Color color) const { return CornersOf(DarkPlots().Of(color)); }

  static std::vector<ImVec2> Within(const std::vector<ImVec2>& corners, const Box& box) {
    std::vector<ImVec2> found;
    for (const ImVec2& corner : corners) {
      if (corner.x >= box.left - 1 && corner.x <= box.right + 1 && corner.y >= box.top - 1 &&
          corner.y <= box.bottom + 1)
        found.push_back(corner);
    }
    return found;
  }
  float HighestOf(Color color) const {
    float highest = state_.plot.bottom;
    for (const ImVec2& corner : Within(CornersOf(color), state_.plot))
      highest = std::min(highest, corner.y);
    return highest;
  }
  std::size_t CornersInPlot(Color color) const {
    return Within(CornersOf(color), state_.plot).size();
  }

  void Show(std::size_t seconds, std::vector<Line> lines) {
    points_ = Seconds(seconds);
    chart_.lines = std::move(lines);
    view_.SetData(static_cast<double>(seconds), true);
  }

  float width_ = kWidth, height_ = kHeight;
  Points points_;
  std::vector<Mark> marks_;
  std::vector<Band> bands_;
  TimeView view_;
  PlotTexts texts_;
  Chart chart_, other_;
  Heat heat_;
  bool has_heat_ = false;
  ChartState state_, other_state_, heat_state_;
  std::optional<std::size_t> clicked_;
  ImVec2 item_;
  float scroll_ = 0;
};

Line Named(const char* name, Color color, std::size_t count, double value) {
  Line line = Constant(count, value);
  line.name = name;
  line.color = color;
  return line;
}

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

/// Rows as runs have them: two to each power of two.
std::vector<double> HeatEdges() {
  std::vector<double> edges;
  for (double edge = 1'024; edges.size() < 65; edge *= 2) {
    edges.push_back(edge);
    edges.push_back(1.5 * edge);
  }
  return edges;
}

TEST_F(PlotsTest, TheHeatMapIsAsHighAsTheRowsInUse) {
  points_ = Seconds(60);
  view_.SetData(60, true);
  heat_.id = "heat";
  heat_.edges_ns = HeatEdges();
  for (std::uint32_t i = 0; i < 60; ++i) heat_.columns.push_back({{22 + i % 4, 5}});
  has_heat_ = true;
  const auto height_of_cells = [&] {
    const Box& plot = heat_state_.plot;
    float least = plot.bottom;
    float most = plot.top;
    for (const ImVec2& corner : Within(CornersOf(Color::kBlue), plot)) {
      least = std::min(least, corner.y);
      most = std::max(most, corner.y);
    }
    return most - least;
  };
  Frame();
  const float before = height_of_cells();
  EXPECT_GT(before, 0.4F * heat_state_.plot.height());
  heat_.columns[59].push_back({26, 1});
  Frame();
  EXPECT_GE(height_of_cells(), before) << "a row more has room already";
  heat_.columns[59].push_back({40, 1});
  Frame();
  EXPECT_GT(height_of_cells(), 0.6F * heat_state_.plot.height()) << "nothing is cut off";
}

TEST_F(PlotsTest, HeatIsDrawnInItsCells) {
  points_ = Seconds(60);
  view_.SetData(60, true);
  heat_.id = "heat";
  heat_.edges_ns = {1e5, 1e6, 1e7, 1e8};
  for (std::uint32_t i = 0; i < 60; ++i) heat_.columns.push_back({{i < 30 ? 0U : 2U, 1 + i}});
  has_heat_ = true;
  Frame();
  const Box& plot = heat_state_.plot;
  const float middle = (plot.left + plot.right) / 2;
  const std::vector<ImVec2> corners = Within(CornersOf(Color::kBlue), plot);
  EXPECT_GE(corners.size(), 240U);
  for (const ImVec2& corner : corners) {
    if (corner.x < middle - 1) {
      EXPECT_GE(corner.y, plot.bottom - plot.height() / 3 - 2);
    }
    if (corner.x > middle + 1) {
      EXPECT_LE(corner.y, plot.top + plot.height() / 3 + 2);
    }
  }
  MoveInto(plot, 0.7F, 0.1F);
  Frame();
  Frame();
}

}  // namespace
}  // namespace stressbot::plot
