#include "StressBot/cli/ProgressPrinter.h"

#include "StressBot/report/Progress.h"
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

ProgressPrinter::ProgressPrinter(std::FILE* stream, int columns, std::chrono::nanoseconds planned)
    : stream_(stream), columns_(columns), planned_(planned) {}

void ProgressPrinter::Show(const MetricsInterval& interval, const RunMetrics& so_far,
                           const ByHand& by_hand) {
  const bool plain = columns_ == 0;
  if (plain && interval.to < next_plain_) return;
  const std::string line = (by_hand.paused ? "PAUSED  " : "") +
                           FormatProgress(interval, so_far, planned_ + by_hand.held);
  if (plain) {
    while (next_plain_ <= interval.to) next_plain_ += kPlainEvery;
    std::fprintf(stream_, "%s\n", line.c_str());
  } else {
    std::fprintf(stream_, "\r\033[K%s", CutTo(line, columns_).c_str());
    line_is_open_ = true;
  }
  std::fflush(stream_);
}

void ProgressPrinter::Say(const std::string& line) {
  Clear();
  std::fprintf(stream_, "%s\n", line.c_str());
  std::fflush(stream_);
}

void ProgressPrinter::Clear() {
  if (!line_is_open_) return;
  std::fputs("\r\033[K", stream_);
  std::fflush(stream_);
  line_is_open_ = false;
}

}  // namespace stressbot
