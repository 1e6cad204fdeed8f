#pragma once
#include <chrono>
#include <cstdio>
#include <string>

#include "StressBot/cli/RunObserver.h"
#include "StressBot/cli/StatusLine.h"
#include "StressBot/metrics/RunMetrics.h"

namespace stressbot {

/// Shows a waiting person that the run lives: on a terminal one line that is rewritten each second,
/// elsewhere (CI) a plain line every 10 s.
class ProgressPrinter {
 public:
  static constexpr std::chrono::seconds kPlainEvery{10};

  /// `columns`: of the terminal, 0 without one. `planned`: length of the load.
  ProgressPrinter(std::FILE* stream, int columns, std::chrono::nanoseconds planned);

  void Show(const MetricsInterval& interval, const RunMetrics& so_far,
            const RunObserver::ByHand& by_hand);
  /// A line of its own that stays: something happened.
  void Say(const std::string& line);

 private:
  std::FILE* const stream_;
  StatusLine line_;
  const std::chrono::nanoseconds planned_;
  std::chrono::nanoseconds next_plain_ = kPlainEvery;
};

}  // namespace stressbot
