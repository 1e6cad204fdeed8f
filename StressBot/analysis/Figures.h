#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "StressBot/report/RunResult.h"

namespace stressbot {

enum class FigureUnit : std::uint8_t { kNanoseconds, kPerSecond, kShare, kCount, kPercent, kBytes };

/// One number of a run's measured part that can be set beside that of another run.
struct Figure {
  std::string name;  ///< "chat_rtt p99": the same in all runs of a scenario
  FigureUnit unit = FigureUnit::kCount;
  bool higher_is_better = false;
  double value = 0;
  /// Changes up to this say nothing, however steady the server is: what clocks, samplers and mere
  /// chance move it by. In the unit of the value.
  double floor = 0;
  bool is_lower_bound = false;  ///< touches time-outs: at least that much
};

/// What is compared: p50, p95 and p99 of each step's latency, of connects and of fan-out (a
/// percentile only with ten samples beyond it, or it would be that of a few); failures as shares;
/// dropped bots; load not delivered; requests answered per second; CPU and memory of watched
/// servers. Empty when nothing was started.
std::vector<Figure> FiguresOf(const RunResult& run);

/// "6.39 ms", "12.0/s", "0.0100".
std::string FormatFigure(FigureUnit unit, double value);

}  // namespace stressbot
