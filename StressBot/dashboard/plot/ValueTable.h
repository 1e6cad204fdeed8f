#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "StressBot/dashboard/plot/Area.h"
#include "StressBot/dashboard/plot/Canvas.h"

namespace stressbot::plot {

/// A row of the table beside the crosshair.
struct ValueRow {
  Rgba swatch = 0;  ///< 0: none
  std::string name, value, extremes;
};

/// What the crosshair reads. Rows that a low plot has no room for stand beside the others, and
/// names are shortened for that; if that is not enough, it covers more of its card than the plot.
/// Where not even the card does, the table of the plot under the mouse leaves it; one of another
/// plot, which would cover its neighbours' tables, tells how many it leaves out. Only for the
/// sources of dashboard/plot.
class ValueTable {
 public:
  /// Beside the crosshair at `x`.
  ValueTable(const Canvas& canvas, const Box& plot, const Box& card, float x, bool is_pointed,
             std::vector<ValueRow> rows);
  const Box& box() const { return box_; }
  /// Of the rows that are shown.
  std::vector<Box> PlacesOfRows() const;
  void Draw(const Canvas& canvas) const;

 private:
  void Measure(const Canvas& canvas);
  /// Into how many columns of so many rows it goes, and whether they hold all.
  bool Arrange(const Canvas& canvas, float width, float height);
  Box PlaceOf(std::size_t row) const;
  void DrawRow(const Canvas& canvas, const ValueRow& row, const Box& place) const;

  std::vector<ValueRow> rows_;
  std::size_t shown_ = 0;                          ///< of the rows
  std::size_t columns_ = 1, high_ = 0;             ///< a column has so many places for rows
  float pad_, pad_y_, gap_, row_height_, swatch_;  ///< px
  float name_ = 0, value_ = 0, extremes_ = 0;      ///< widths of parts of a row
  bool is_beyond_ = false;                         ///< it leaves the card
  Box box_;
};

}  // namespace stressbot::plot
