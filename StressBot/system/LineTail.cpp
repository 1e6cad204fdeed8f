#include "StressBot/system/LineTail.h"

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
  std::vector<std::string> lines(lines_.begin(), lines_.end());
  if (!partial_.empty()) lines.push_back(partial_);
  return lines;
}

void LineTail::EndLine() {
  lines_.push_back(std::move(partial_));
  partial_.clear();
  if (lines_.size() > lines_kept_) lines_.pop_front();
}

}  // namespace stressbot
