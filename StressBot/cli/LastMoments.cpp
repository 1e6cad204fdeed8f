#include "StressBot/cli/LastMoments.h"

#include <algorithm>
#include <cmath>

#include "StressBot/metrics/Format.h"

namespace stressbot {

namespace {

constexpr std::size_t kPacketsTold = 5;

/// "3 ms", "12.4 s": an event that kills does so within milliseconds.
std::string FormatDistance(std::chrono::nanoseconds distance) {
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(distance);
  return ms < std::chrono::seconds(1) ? std::to_string(ms.count()) + " ms" : FormatSpan(distance);
}

}  // namespace

void LastMoments::Observe(const MetricsInterval& interval, const MetricsCatalog& catalog) {
  double bots = 0;
  for (const char* state : {"active", "ending"})
    bots += Select(catalog, interval.frame, "bots", {{"state", state}}).gauge_value;
  observed_at_ = interval.to;
  bots_ = static_cast<std::uint64_t>(std::llround(bots));
  packets_.clear();
  for (const std::uint32_t index : FindSeries(catalog, "packets_received", {}).indexes) {
    const std::uint64_t count = interval.frame.counter(CounterId{index});
    if (count == 0) continue;
    const Tags& tags = catalog.counters()[index].tags;
    packets_[std::string(TagOf(tags, "server"))][std::string(TagOf(tags, "packet"))] += count;
  }
}

std::string LastMoments::Describe(std::chrono::nanoseconds died_at,
                                  const std::vector<RunEvent>& events) const {
  std::string text;
  if (observed_at_ > std::chrono::nanoseconds::zero()) {
    text = FormatCount(bots_) + (bots_ == 1 ? " bot" : " bots") + " connected at " +
           FormatSpan(observed_at_) + "; ";
  }
  const auto last = std::find_if(events.rbegin(), events.rend(),
                                 [&](const RunEvent& event) { return event.at < died_at; });
  if (last == events.rend()) return text + "no event before";
  return text + "last event \"" + last->text + "\" " + FormatDistance(died_at - last->at) +
         " before";
}

std::string LastMoments::PacketsOf(const std::string& server) const {
  const auto found = packets_.find(server);
  if (found == packets_.end()) return {};
  std::vector<std::pair<std::string, std::uint64_t>> packets(found->second.begin(),
                                                             found->second.end());
  std::stable_sort(packets.begin(), packets.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (std::size_t i = 0; i < std::min(packets.size(), kPacketsTold); ++i)
    text += (i == 0 ? "" : ", ") + packets[i].first + " " + FormatCount(packets[i].second);
  return text;
}

}  // namespace stressbot
