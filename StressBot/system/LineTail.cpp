#include "StressBot/system/LineTail.h"

#include <algorithm>
#include <utility>

namespace stressbot {

void LineTail::Take(std::string_view bytes) {
  const std::scoped_lock lock(mutex_);
  for (const char c : bytes) {
    if (c != '\n') partial_ += c;
    if (c == '\n' || partial_.size() >= line_bytes_max_) EndLine();
  }
}

std::vector<std::string> LineTail::Lines() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> lines;
  for (const OutputLine& line : lines_) lines.push_back(line.text);
  if (!partial_.empty()) lines.push_back(partial_);
  return lines;
}

std::vector<OutputLine> LineTail::From(std::uint64_t number) const {
  const std::scoped_lock lock(mutex_);
  const auto first = std::find_if(lines_.begin(), lines_.end(), [number](const OutputLine& line) {
    return line.number >= number;
  });
  return {first, lines_.end()};
}

void LineTail::EndLine() {
  lines_.push_back({std::chrono::steady_clock::now(), ended_++, std::move(partial_)});
  partial_.clear();
  if (lines_.size() > lines_kept_) lines_.pop_front();
}

}  // namespace stressbot
