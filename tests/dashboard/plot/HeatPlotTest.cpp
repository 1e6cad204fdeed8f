#include <gtest/gtest.h>

#include <algorithm>

#include "tests/dashboard/plot/PlotsFixture.h"

namespace stressbot::plot {
namespace {

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
