#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "StressBot/metrics/RunMetrics.h"
#include "StressBot/report/RunResult.h"

namespace stressbot {

/// What went on when a server died: who only reads "killed by signal 11" cannot tell why.
/// Thread: one.
class LastMoments {
 public:
  /// The newest interval. Nothing is observed any more once a server has died.
  void Observe(const MetricsInterval& interval, const MetricsCatalog& catalog);

  /// `1,000 bots connected at 2.0 s; last event "storm (1 of 20): 1,000 bots were reset" 3 ms
  /// before`. `events` are those of the whole run, by time.
  std::string Describe(std::chrono::nanoseconds died_at, const std::vector<RunEvent>& events) const;
  /// "S_CHAT 3,996, S_LOGIN 2": what bots had received in the newest interval, most first. Empty
  /// when that was nothing.
  std::string PacketsOf(const std::string& server) const;

 private:
  std::uint64_t bots_ = 0;
  std::chrono::nanoseconds observed_at_{};  ///< zero: nothing yet
  /// By server, by packet.
  std::map<std::string, std::map<std::string, std::uint64_t>> packets_;
};

}  // namespace stressbot
