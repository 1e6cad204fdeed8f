#pragma once
#include <chrono>
#include <cstdint>
#include <string>

#include "StressBot/metrics/RunMetrics.h"

namespace stressbot {

/// Notices that a run has no sense any more, so that nobody waits for its planned end.
class TargetWatch {
 public:
  static constexpr std::chrono::seconds kUnreachableAfter{5};
  static constexpr std::chrono::seconds kSilentAfter{10};
  static constexpr std::chrono::seconds kLostAfter{5};    ///< when connects are refused
  static constexpr std::chrono::seconds kStuckAfter{30};  ///< else: it may only stand still

  enum class Trouble : std::uint8_t {
    kNone,
    kUnreachable,  ///< nobody ever connected
    kSilent,       ///< connections, but never a packet from the server
    kLost          ///< it had worked; now nothing arrives and every connect fails
  };

  /// Takes the intervals in order; returns what is wrong by now.
  /// What this machine refused itself (out of ports or descriptors) says nothing of the target.
  Trouble Observe(const MetricsInterval& interval, const MetricsCatalog& catalog);
  /// The server is down, or still, because we wanted it: it is not lost.
  void Forgive(std::chrono::nanoseconds run_time);
  /// The same question when the run is over: however short it was, what never worked did not work.
  Trouble AtEnd() const;

  /// A sentence; `first_connect_failure` as the failure log tells it, or empty.
  std::string Explain(Trouble trouble, const std::string& first_connect_failure) const;

 private:
  bool IsLost(std::chrono::nanoseconds now) const;
  bool NeverConnected() const { return connects_failed_ > 0 && connected_ == 0; }
  bool NeverHeard() const { return connected_ > 0 && requests_failed_ > 0 && received_ == 0; }

  std::uint64_t connected_ = 0, connects_failed_ = 0, requests_failed_ = 0, received_ = 0;
  std::chrono::nanoseconds first_attempt_{-1}, first_connected_{-1};
  std::chrono::nanoseconds alive_until_{};  ///< when a packet or connection last arrived
  std::uint64_t failed_since_alive_ = 0, refused_since_alive_ = 0;
};

}  // namespace stressbot
