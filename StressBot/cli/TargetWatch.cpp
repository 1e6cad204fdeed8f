#include "StressBot/cli/TargetWatch.h"

#include "StressBot/metrics/Format.h"

namespace stressbot {

TargetWatch::Trouble TargetWatch::Observe(const MetricsInterval& interval,
                                          const MetricsCatalog& catalog) {
  const auto select = [&](std::string_view metric) {
    return Select(catalog, interval.frame, metric, {});
  };
  const MetricsFrame::RateCount connects = select("connects_failed").rate;
  const std::uint64_t connected = connects.total - connects.passed;
  const std::uint64_t received = select("packets_received").count;
  if (first_attempt_.count() < 0 && connects.total > 0) first_attempt_ = interval.from;
  if (first_connected_.count() < 0 && connected > 0) first_connected_ = interval.from;
  connected_ += connected;
  connects_failed_ += connects.passed;
  requests_failed_ += select("requests_failed").rate.passed;
  received_ += received;
  if (connected + received > 0) {
    alive_until_ = interval.to;
    failed_since_alive_ = 0;
  } else {
    failed_since_alive_ += connects.passed;
  }

  if (NeverConnected() && interval.to - first_attempt_ >= kUnreachableAfter) {
    return Trouble::kUnreachable;
  }
  if (NeverHeard() && interval.to - first_connected_ >= kSilentAfter) return Trouble::kSilent;
  const bool lost = received_ > 0 && failed_since_alive_ > 0;
  return lost && interval.to - alive_until_ >= kLostAfter ? Trouble::kLost : Trouble::kNone;
}

void TargetWatch::Forgive(std::chrono::nanoseconds run_time) {
  alive_until_ = run_time;
  failed_since_alive_ = 0;
}

TargetWatch::Trouble TargetWatch::AtEnd() const {
  if (NeverConnected()) return Trouble::kUnreachable;
  return NeverHeard() ? Trouble::kSilent : Trouble::kNone;
}

std::string TargetWatch::Explain(Trouble trouble, const std::string& first_connect_failure) const {
  const std::string first =
      first_connect_failure.empty() ? "" : "; first: " + first_connect_failure;
  switch (trouble) {
    case Trouble::kNone:
      return {};
    case Trouble::kUnreachable:
      return "target unreachable: " + FormatCount(connects_failed_) +
             " attempts to connect, none succeeded" + first;
    case Trouble::kSilent:
      return "target silent: " + FormatCount(connected_) +
             " connections, but no packet was ever received";
    case Trouble::kLost:
      return "target lost: no packet and no connection since " + FormatSpan(alive_until_) + first;
  }
  return {};
}

}  // namespace stressbot
