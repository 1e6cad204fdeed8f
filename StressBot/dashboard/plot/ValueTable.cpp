#include "StressBot/dashboard/plot/ValueTable.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace stressbot::plot {

ValueTable::ValueTable(const Canvas& canvas, const Box& plot, const Box& card, float x,
                       bool is_pointed, std::vector<ValueRow> rows)
    : rows_(std::move(rows)),
      pad_(std::round(0.5F * canvas.em())),
      pad_y_(std::round(0.3F * canvas.em())),
      gap_(std::round(canvas.em())),
      row_height_(std::round(1.15F * canvas.em())),
      swatch_(std::round(canvas.em())) {
  if (rows_.empty()) return;
  const float room = plot.width() - 2.5F * canvas.em();  // the crosshair stays in sight
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  Box within = plot;
  bool has_all = Arrange(canvas, room, plot.height());
  if (!has_all) {
    within.top = card.top;
    within.bottom = card.bottom;
    has_all = Arrange(canvas, room, card.height());
  }
  is_beyond_ = !has_all && is_pointed;
  if (is_beyond_) {
    Arrange(canvas, room, screen.y);
    within.top = 0;
    within.bottom = screen.y;
  }
  const float each = swatch_ + name_ + gap_ + value_ + extremes_;
  const auto columns = static_cast<float>(columns_);
  const float width = std::ceil(2 * pad_ + columns * each + (columns - 1) * gap_);
  const float height = 2 * pad_y_ + row_height_ * static_cast<float>(high_);
  // Rather over the title than over the moment that is read.
  const float top = std::min(plot.top + std::round(0.3F * canvas.em()), plot.bottom - height);
  box_ = PlaceBeside(std::round(x), top, std::round(0.8F * canvas.em()), width, height, within);
}

void ValueTable::Measure(const Canvas& canvas) {
  // Wide enough for most numbers from the beginning, so that the table does not breathe.
  value_ = Canvas::WidthOf("88.8 ms");
  name_ = extremes_ = 0;
  for (const ValueRow& row : rows_) {
    name_ = std::max(name_, Canvas::WidthOf(row.name));
    value_ = std::max(value_, Canvas::WidthOf(row.value));
    extremes_ = std::max(extremes_, Canvas::WidthOf(row.extremes));
  }
  if (extremes_ > 0) extremes_ += canvas.em();
}

bool ValueTable::Arrange(const Canvas& canvas, float width, float height) {
  Measure(canvas);
  const float least_name = 3 * canvas.em();
  const float least = swatch_ + std::min(name_, least_name) + gap_ + value_;
  const auto fitting = [](float room, float each) {
    return static_cast<std::size_t>(std::max(1.0F, std::floor(room / each)));
  };
  const auto divided = [](std::size_t count, std::size_t by) { return (count + by - 1) / by; };
  const std::size_t most_high = fitting(height - 2 * pad_y_, row_height_);
  const std::size_t most_columns = fitting(width - 2 * pad_ + gap_, least + gap_);
  columns_ = std::min(divided(rows_.size(), most_high), most_columns);
  high_ = std::min(divided(rows_.size(), columns_), most_high);
  shown_ = std::min(rows_.size(), columns_ * high_);
  const bool has_all = shown_ == rows_.size();
  if (!has_all) {  // the last place tells of the rest
    if (columns_ * high_ == 1) ++high_;
    shown_ = columns_ * high_ - 1;
  }
  // Names give way first, then extremes: the values are what it is for.
  const auto columns = static_cast<float>(columns_);
  const float each = (width - 2 * pad_ - (columns - 1) * gap_) / columns;
  if (swatch_ + std::min(name_, 0.45F * each) + gap_ + value_ + extremes_ > each) extremes_ = 0;
  const float rest = each - swatch_ - gap_ - value_ - extremes_;
  name_ = std::min(name_, std::max(rest, std::min(name_, least_name)));
  return has_all;
}

Box ValueTable::PlaceOf(std::size_t row) const {
  const float each = swatch_ + name_ + gap_ + value_ + extremes_;
  const std::size_t column = row / high_;
  const float left = box_.left + pad_ + (each + gap_) * static_cast<float>(column);
  const float top = box_.top + pad_y_ + row_height_ * static_cast<float>(row % high_);
  return {left, top, left + each, top + row_height_};
}

std::vector<Box> ValueTable::PlacesOfRows() const {
  std::vector<Box> places;
  for (std::size_t i = 0; i < shown_; ++i) places.push_back(PlaceOf(i));
  return places;
}

void ValueTable::Draw(const Canvas& plot_canvas) const {
  if (rows_.empty()) return;
  const Canvas canvas =
      is_beyond_ ? Canvas(plot_canvas.style(), *ImGui::GetForegroundDrawList()) : plot_canvas;
  const float rounding = std::round(0.3F * canvas.em());
  canvas.Fill(box_, canvas.style().card, rounding);
  canvas.Outline(box_, canvas.style().line, rounding);
  for (std::size_t i = 0; i < shown_; ++i) DrawRow(canvas, rows_[i], PlaceOf(i));
  if (shown_ == rows_.size()) return;
  const Box rest = PlaceOf(shown_);
  canvas.Text(rest.left + swatch_, rest.top, canvas.style().quiet,
              "+ " + std::to_string(rows_.size() - shown_));
}

void ValueTable::DrawRow(const Canvas& canvas, const ValueRow& row, const Box& place) const {
  const float side = std::round(0.6F * canvas.em());
  const float top = std::round(place.top + (canvas.em() - side) / 2);
  if (row.swatch != 0)
    canvas.Fill({place.left, top, place.left + side, top + side}, row.swatch,
                std::round(0.12F * canvas.em()));
  canvas.Text(place.left + swatch_, place.top, canvas.style().quiet,
              Canvas::Shortened(row.name, name_));
  canvas.TextRight(place.right - extremes_, place.top, canvas.style().text, row.value);
  if (extremes_ > 0) canvas.TextRight(place.right, place.top, canvas.style().quiet, row.extremes);
}

}  // namespace stressbot::plot
