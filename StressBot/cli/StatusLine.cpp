#include "StressBot/cli/StatusLine.h"

#include <utility>

#include "StressBot/report/Utf8.h"

namespace stressbot {

namespace {

/// A line that wraps cannot be rewritten.
std::string CutTo(std::string line, int columns) {
  const auto fits = [columns](const std::string& text) {
    return DisplayWidth(text) < static_cast<std::size_t>(columns);
  };
  while (!fits(line)) {
    // A letter of several bytes goes as a whole.
    while ((static_cast<unsigned char>(line.back()) & 0xC0) == 0x80) line.pop_back();
    line.pop_back();
  }
  return line;
}

}  // namespace

void StatusLine::Show(std::string line) {
  if (!on_terminal()) return;
  std::fprintf(stream_, "\r\033[K%s", CutTo(std::move(line), columns_).c_str());
  std::fflush(stream_);
  is_open_ = true;
}

void StatusLine::Clear() {
  if (!is_open_) return;
  std::fputs("\r\033[K", stream_);
  std::fflush(stream_);
  is_open_ = false;
}

}  // namespace stressbot
