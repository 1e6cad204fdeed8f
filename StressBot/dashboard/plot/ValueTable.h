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

/// What the crosshair reads. It never leaves the plot: names are shortened, and of rows that do not
/// fit only the number is told. Only for the sources of dashboard/plot.
class ValueTable {
 public:
  /// Beside the crosshair at `x`.
  ValueTable(const Canvas& canvas, const Box& plot, float x, std::vector<ValueRow> rows);
  const Box& box() const { return box_; }
  void Draw(const Canvas& canvas) const;

 private:
  void Measure(const Canvas& canvas, const Box& plot);
  void DrawRow(const Canvas& canvas, const ValueRow& row, float y) const;

  std::vector<ValueRow> rows_;
  std::size_t shown_ = 0;                      ///< of the rows
  float pad_, row_height_, swatch_;            ///< px
  float name_ = 0, value_ = 0, extremes_ = 0;  ///< widths of columns
  Box box_;
};

}  // namespace stressbot::plot
