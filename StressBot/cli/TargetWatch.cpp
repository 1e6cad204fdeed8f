#include "StressBot/cli/TargetWatch.h"

#include "StressBot/metrics/Format.h"

namespace stressbot {

TargetWatch::Trouble TargetWatch::Observe(const MetricsInterval& interval,
                                          const MetricsCatalog& catalog) {
  const auto select = [&](std::string_view metric, const Tags& tags = {}) {
    return Select(catalog, interval.frame, metric, tags);
  };
  const auto failed_for = [&](const char* reason) {
    return select("connects_failed", {{"reason", reason}}).rate.passed;
  };
  const MetricsFrame::RateCount connects = select("connects_failed").rate;
  const std::uint64_t connected = connects.total - connects.passed;
  const std::uint64_t failed = connects.passed - failed_for("local");
  const std::uint64_t received = select("packets_received").count;
  if (first_attempt_.count() < 0 && connected + failed > 0) first_attempt_ = interval.from;
  if (first_connected_.count() < 0 && connected > 0) first_connected_ = interval.from;
  connected_ += connected;
  connects_failed_ += failed;
  requests_failed_ += select("requests_failed").rate.passed;
  received_ += received;
  if (connected + received > 0) {
    alive_until_ = interval.to;
    failed_since_alive_ = refused_since_alive_ = 0;
  } else {
    failed_since_alive_ += failed;
    refused_since_alive_ += failed_for("refused");
  }

  if (NeverConnected() && interval.to - first_attempt_ >= kUnreachableAfter) {
    return Trouble::kUnreachable;
  }
  if (NeverHeard() && interval.to - first_connected_ >= kSilentAfter) return Trouble::kSilent;
  return IsLost(interval.to) ? Trouble::kLost : Trouble::kNone;
}

/// Nobody listens where connects are refused. Where they time out, a server that stands still may
/// have its accept queue full.
bool TargetWatch::IsLost(std::chrono::nanoseconds now) const {
  if (received_ == 0 || failed_since_alive_ == 0) return false;
  return now - alive_until_ >= (refused_since_alive_ > 0 ? kLostAfter : kStuckAfter);
}

void TargetWatch::Forgive(std::chrono::nanoseconds run_time) {
  alive_until_ = run_time;
  failed_since_alive_ = refused_since_alive_ = 0;
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
             " connections, but no packet was ever received" +
             (connects_failed_ == 0
                  ? ""
                  : "; " + FormatCount(connects_failed_) + " further attempts failed" + first);
    case Trouble::kLost:
      return "target lost: no packet and no connection since " + FormatSpan(alive_until_) + first;
  }
  return {};
}

}  // namespace stressbot
