#include "StressBot/dashboard/plot/TimeView.h"

#include <algorithm>
#include <cmath>

#include "StressBot/dashboard/plot/Ticks.h"

namespace stressbot::plot {

namespace {

constexpr double kStep = 0.25;       ///< of the span, a key moves by
constexpr double kZoom = 0.5;        ///< a key zooms by
constexpr double kShortestRun = 10;  ///< s; what a run that has just begun is shown as

}  // namespace

void TimeView::SetData(double end_s, bool running) {
  end_s_ = std::max(end_s, 0.0);
  is_running_ = running;
  if (is_live_) FollowData();
}

double TimeView::WholeEnd() const {
  if (!is_running_) return std::max(end_s_, kSpanMin_s);
  const double end = std::max(end_s_, kShortestRun);
  const double step = RoundUpTo125(end / 20);
  return std::ceil(end / step - 1e-9) * step;
}

void TimeView::FollowData() {
  if (std::isinf(followed_s_)) return SetWindow(0, WholeEnd());
  // A run that is shorter than what is followed begins at the left, and the axis stands still.
  const double to = std::max(end_s_, followed_s_);
  if (!is_running_ && end_s_ < followed_s_) return SetWindow(0, WholeEnd());
  SetWindow(to - followed_s_, to);
}

void TimeView::SetWindow(double from_s, double to_s) {
  const bool same = !(std::abs(from_s - from_s_) > 0) && !(std::abs(to_s - to_s_) > 0);
  has_changed_ = has_changed_ || !same;
  from_s_ = from_s;
  to_s_ = to_s;
}

void TimeView::Follow(double span_s) {
  followed_s_ = std::max(span_s, kSpanMin_s);
  is_live_ = true;
  FollowData();
}

void TimeView::ZoomAt(double at_s, double factor) {
  const double limit = std::max(to_s_, WholeEnd());
  const double span = std::max(span_s() * factor, std::min(kSpanMin_s, span_s()));
  if (span >= limit) return Follow(kWholeRun);
  const double share = std::clamp((at_s - from_s_) / span_s(), 0.0, 1.0);
  const double at = from_s_ + share * span_s();
  const double from = std::clamp(at - share * span, 0.0, std::min(limit - span, end_s_));
  is_live_ = false;
  SetWindow(from, from + span);
}

void TimeView::Pan(double by_s) {
  const double span = span_s();
  const double latest = std::max(end_s_, span);
  // The axis may be ahead of the data; then nothing is hidden on the right.
  if (by_s > 0 && to_s_ + by_s >= latest) {
    if (is_live_ && to_s_ >= latest) return;
    const bool is_whole = from_s_ <= 0 && span >= WholeEnd();
    if (is_whole) return Follow(kWholeRun);
    return Follow(span);
  }
  const double from = std::max(from_s_ + by_s, 0.0);
  if (!(std::abs(from - from_s_) > 0)) return;
  is_live_ = false;
  SetWindow(from, from + span);
}

void TimeView::Show(double at_s) {
  Pin(at_s);
  if (at_s >= from_s_ && at_s <= to_s_) return;
  const double span = span_s();
  const double from = std::clamp(at_s - span / 2, 0.0, std::max(end_s_ - span, 0.0));
  is_live_ = false;
  SetWindow(from, from + span);
}

void TimeView::Apply(Key key) {
  const double middle = (from_s_ + to_s_) / 2;
  const std::optional<double> read = crosshair_s();
  const double about = read && *read >= from_s_ && *read <= to_s_ ? *read : middle;
  switch (key) {
    case Key::kLeft:
      return Pan(-kStep * span_s());
    case Key::kRight:
      return Pan(kStep * span_s());
    case Key::kIn:
      return ZoomAt(about, kZoom);
    case Key::kOut:
      return ZoomAt(about, 1 / kZoom);
    case Key::kBegin:
      return Pan(-from_s_);
    case Key::kEnd:
      return BackToLive();
  }
}

void TimeView::Pin(std::optional<double> at_s) {
  has_changed_ = has_changed_ || at_s != pinned_s_;
  pinned_s_ = at_s;
}

bool TimeView::EndFrame() {
  const bool again = has_changed_ || hovered_s_ != next_hovered_s_;
  hovered_s_ = next_hovered_s_;
  next_hovered_s_.reset();
  has_changed_ = false;
  return again;
}

}  // namespace stressbot::plot
