#include "StressBot/dashboard/plot/ValueTable.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace stressbot::plot {

ValueTable::ValueTable(const Canvas& canvas, const Box& plot, float x, std::vector<ValueRow> rows)
    : rows_(std::move(rows)),
      pad_(std::round(0.5F * canvas.em())),
      row_height_(std::round(1.15F * canvas.em())),
      swatch_(std::round(canvas.em())) {
  if (rows_.empty()) return;
  const auto fitting = static_cast<std::size_t>(
      std::max(1.0F, std::floor((plot.height() - 2 * pad_) / row_height_)));
  const bool has_more = rows_.size() > fitting;
  shown_ = has_more ? std::max<std::size_t>(fitting, 2) - 1 : rows_.size();
  Measure(canvas, plot);
  const float width = std::ceil(2 * pad_ + swatch_ + name_ + canvas.em() + value_ + extremes_);
  const float height = 2 * pad_ + row_height_ * static_cast<float>(shown_ + (has_more ? 1 : 0));
  box_ = PlaceBeside(std::round(x), plot.top + std::round(0.3F * canvas.em()),
                     std::round(0.8F * canvas.em()), width, height, plot);
}

void ValueTable::Measure(const Canvas& canvas, const Box& plot) {
  // Wide enough for most numbers from the beginning, so that the table does not breathe.
  value_ = Canvas::WidthOf("88.8 ms");
  for (const ValueRow& row : rows_) {
    name_ = std::max(name_, Canvas::WidthOf(row.name));
    value_ = std::max(value_, Canvas::WidthOf(row.value));
    extremes_ = std::max(extremes_, Canvas::WidthOf(row.extremes));
  }
  if (extremes_ > 0) extremes_ += canvas.em();
  // Names give way first, then extremes: the values are what it is for.
  const float room = plot.width() - 3.5F * canvas.em();
  name_ = std::min(name_, std::max(0.45F * room, 3 * canvas.em()));
  if (name_ + value_ + extremes_ > room) extremes_ = 0;
}

void ValueTable::Draw(const Canvas& canvas) const {
  if (rows_.empty()) return;
  const float rounding = std::round(0.3F * canvas.em());
  canvas.Fill(box_, canvas.style().card, rounding);
  canvas.Outline(box_, canvas.style().line, rounding);
  float y = box_.top + pad_;
  for (std::size_t i = 0; i < shown_; ++i, y += row_height_) DrawRow(canvas, rows_[i], y);
  if (shown_ < rows_.size())
    canvas.Text(box_.left + pad_ + swatch_, y, canvas.style().quiet,
                "+ " + std::to_string(rows_.size() - shown_));
}

void ValueTable::DrawRow(const Canvas& canvas, const ValueRow& row, float y) const {
  const float left = box_.left + pad_;
  const float right = box_.right - pad_;
  const float side = std::round(0.6F * canvas.em());
  const float top = std::round(y + (canvas.em() - side) / 2);
  if (row.swatch != 0)
    canvas.Fill({left, top, left + side, top + side}, row.swatch, std::round(0.12F * canvas.em()));
  canvas.Text(left + swatch_, y, canvas.style().quiet, Canvas::Shortened(row.name, name_));
  canvas.TextRight(right - extremes_, y, canvas.style().text, row.value);
  if (extremes_ > 0) canvas.TextRight(right, y, canvas.style().quiet, row.extremes);
}

}  // namespace stressbot::plot
