#pragma once
#include <limits>
#include <optional>

namespace stressbot::plot {

/// The window of time that all plots show, and the moment that is read on all of them. Live, it
/// follows the newest data; zoomed or moved by hand it stays where it was put.
/// Thread: the one that draws.
class TimeView {
 public:
  static constexpr double kDefaultSpan_s = 60;
  static constexpr double kWholeRun = std::numeric_limits<double>::infinity();
  static constexpr double kSpanMin_s = 2;  ///< points are a second long
  enum class Key { kLeft, kRight, kIn, kOut, kBegin, kEnd };

  /// How far the data go. Once the run is over (not `running`) the whole run is shown to its exact
  /// end; before, to a round moment, so that it does not shrink with each second.
  void SetData(double end_s, bool running);

  double from_s() const { return from_s_; }
  double to_s() const { return to_s_; }
  double span_s() const { return to_s_ - from_s_; }
  bool IsLive() const { return is_live_; }
  double followed_span_s() const { return followed_s_; }  ///< kWholeRun: all of it

  /// Shows the newest `span_s` from now on.
  void Follow(double span_s);
  void BackToLive() { Follow(followed_s_); }
  /// By a factor below one the span gets shorter. `at_s` stays where it is on the screen, unless
  /// the data end there. All of the run at once is live again.
  void ZoomAt(double at_s, double factor);
  /// Later by so much, as far as there are data; at their end it is live again.
  void Pan(double by_s);
  /// Brings a moment into the middle, if it is not in sight, and keeps reading it.
  void Show(double at_s);
  /// Left and right by a quarter; in and out around what is read, or else around the middle; to the
  /// first moment; back to live.
  void Apply(Key key);

  /// The moment that is read: under the mouse, else the one that was shown last.
  std::optional<double> crosshair_s() const { return hovered_s_ ? hovered_s_ : pinned_s_; }
  std::optional<double> pinned_s() const { return pinned_s_; }
  void Pin(std::optional<double> at_s);
  /// The mouse is at this moment of some plot. To be said in each frame in which it is.
  void Hover(double at_s) { next_hovered_s_ = at_s; }
  /// After all plots of a frame are drawn. True: what some of them showed is out of date, so draw
  /// one more frame.
  bool EndFrame();

 private:
  void SetWindow(double from_s, double to_s);
  void FollowData();
  double WholeEnd() const;

  double end_s_ = 0;
  bool is_running_ = true;
  bool is_live_ = true;
  double followed_s_ = kDefaultSpan_s;
  double from_s_ = 0, to_s_ = kDefaultSpan_s;
  std::optional<double> hovered_s_, next_hovered_s_, pinned_s_;
  bool has_changed_ = false;  ///< in this frame
};

}  // namespace stressbot::plot
