#pragma once
#include <cstdio>
#include <string>

namespace stressbot {

/// The line at the bottom of a terminal that is rewritten while something goes on. Without a
/// terminal there is none: what it is told is not shown. Thread: one.
class StatusLine {
 public:
  /// `columns`: of the terminal on `stream`, 0 without one.
  StatusLine(std::FILE* stream, int columns) : stream_(stream), columns_(columns) {}
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;
  ~StatusLine() { Clear(); }

  bool on_terminal() const { return columns_ > 0; }
  /// In place of what it shows; cut where it would wrap. REQUIRES valid UTF-8.
  void Show(std::string line);
  /// Whoever writes a line that stays does this before.
  void Clear();

 private:
  std::FILE* const stream_;
  const int columns_;
  bool is_open_ = false;
};

}  // namespace stressbot
