#pragma once
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace stressbot {

/// Collects a stream of bytes as its last lines. Thread: any.
class LineTail {
 public:
  LineTail(std::size_t lines_kept, std::size_t line_bytes_max)
      : lines_kept_(lines_kept), line_bytes_max_(line_bytes_max) {}

  void Take(std::string_view bytes);
  /// Oldest first, without their ends; one that has no end yet is the last.
  std::vector<std::string> Lines() const;

 private:
  void EndLine();

  const std::size_t lines_kept_;
  const std::size_t line_bytes_max_;  ///< longer ones are cut into several
  mutable std::mutex mutex_;
  std::deque<std::string> lines_;
  std::string partial_;
};

}  // namespace stressbot
