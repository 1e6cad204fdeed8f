#include "StressBot/cli/ProgressPrinter.h"

#include "StressBot/report/Progress.h"

namespace stressbot {

ProgressPrinter::ProgressPrinter(std::FILE* stream, int columns, std::chrono::nanoseconds planned)
    : stream_(stream), line_(stream, columns), planned_(planned) {}

void ProgressPrinter::Show(const MetricsInterval& interval, const RunMetrics& so_far,
                           const RunObserver::ByHand& by_hand) {
  const bool plain = !line_.on_terminal();
  if (plain && interval.to < next_plain_) return;
  const std::string line = (by_hand.paused ? "PAUSED  " : "") +
                           FormatProgress(interval, so_far, planned_ + by_hand.held);
  if (!plain) return line_.Show(line);
  while (next_plain_ <= interval.to) next_plain_ += kPlainEvery;
  Say(line);
}

void ProgressPrinter::Say(const std::string& line) {
  line_.Clear();
  std::fprintf(stream_, "%s\n", line.c_str());
  std::fflush(stream_);
}

}  // namespace stressbot
