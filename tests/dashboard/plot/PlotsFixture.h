#pragma once
#include <gtest/gtest.h>
#include <imgui.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "StressBot/dashboard/plot/Plots.h"
#include "tests/dashboard/plot/PlotSamples.h"

namespace stressbot::plot {

inline constexpr float kWidth = 640, kHeight = 240;

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

inline Line Named(const char* name, Color color, std::size_t count, double value) {
  Line line = Constant(count, value);
  line.name = name;
  line.color = color;
  return line;
}

}  // namespace stressbot::plot
