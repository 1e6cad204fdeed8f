#pragma once

namespace stressbot {

/// Says when a frame is due, so that a window in which nothing happens draws none.
/// Time is given, in seconds of any clock that does not go back.
class Redraws {
 public:
  /// Input came: ImGui needs a frame to see it, one to act on it and one to settle.
  void StirByInput() { frames_due_ = kFramesAfterInput; }
  /// New data, which change what is shown but not where it is. However often they come, a few
  /// frames a second show them.
  void StirByData() { has_data_ = true; }
  void Drew(double now_s);

  /// What goes on by itself: a caret blinks, a held button repeats. Frames are due without input.
  void set_animated(bool is_animated) { is_animated_ = is_animated; }

  bool IsDue(double now_s) const { return WaitSeconds(now_s) <= 0; }
  /// How long nothing is due, kIdleSeconds at most: at times the loop looks around nevertheless.
  double WaitSeconds(double now_s) const;

  static constexpr double kIdleSeconds = 1;

 private:
  static constexpr int kFramesAfterInput = 3;
  static constexpr double kAnimationSeconds = 0.05;
  static constexpr double kDataSeconds = 0.1;

  int frames_due_ = kFramesAfterInput;  // the first picture
  bool is_animated_ = false;
  bool has_data_ = false;
  double drawn_at_s_ = 0;
};

}  // namespace stressbot
