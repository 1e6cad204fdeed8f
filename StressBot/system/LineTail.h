#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace stressbot {

/// A line that a program wrote, and when we had it.
struct OutputLine {
  std::chrono::steady_clock::time_point at;
  std::uint64_t number = 0;  ///< from 0, of all that it wrote
  std::string text;
};

/// Collects a stream of bytes as its last lines. Thread: any.
class LineTail {
 public:
  LineTail(std::size_t lines_kept, std::size_t line_bytes_max)
      : lines_kept_(lines_kept), line_bytes_max_(line_bytes_max) {}

  void Take(std::string_view bytes);
  /// Oldest first, without their ends; one that has no end yet is the last.
  std::vector<std::string> Lines() const;
  /// Those that have ended, from that number on, as far as they are kept.
  std::vector<OutputLine> From(std::uint64_t number) const;

 private:
  void EndLine();

  const std::size_t lines_kept_;
  const std::size_t line_bytes_max_;  ///< longer ones are cut into several
  mutable std::mutex mutex_;
  std::deque<OutputLine> lines_;
  std::uint64_t ended_ = 0;
  std::string partial_;
};

}  // namespace stressbot
