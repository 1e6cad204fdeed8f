#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stressbot {

enum class MetricKind : std::uint8_t { kTrend, kCounter, kRate, kGauge };

using Tags = std::vector<std::pair<std::string, std::string>>;

/// True when every wanted tag is among `tags`.
bool HasTags(const Tags& tags, const Tags& wanted);
/// Empty when there is no such tag.
std::string_view TagOf(const Tags& tags, std::string_view key);

/// One series: a metric with one set of tags, for example request_duration{step:chat,
/// group:players}.
struct Series {
  std::string metric;
  MetricKind kind = MetricKind::kCounter;
  Tags tags;
};

/// Places in the arrays of a MetricsFrame.
struct TrendId {
  std::uint32_t index = 0;
};
struct CounterId {
  std::uint32_t index = 0;
};
struct RateId {
  std::uint32_t index = 0;
};
struct GaugeId {
  std::uint32_t index = 0;
};

/// Names every series of a run. Filled while the scenario is compiled, constant afterwards, so that
/// recording is one plain add at a known place. Ids of one kind are handed out consecutively.
class MetricsCatalog {
 public:
  /// Registering the same metric and tags (in any order) again gives the same id.
  TrendId Trend(std::string_view metric, Tags tags);
  CounterId Counter(std::string_view metric, Tags tags);
  RateId Rate(std::string_view metric, Tags tags);
  GaugeId Gauge(std::string_view metric, Tags tags);
  /// `metric: chat_rtt` on a step: another name for request_duration{step:chat}. One name may stand
  /// for several (the same step in two groups); they are merged. Telling the same twice is fine.
  void Alias(std::string_view name, std::string_view metric, Tags tags);

  struct AliasEntry {
    std::string name, metric;
    Tags tags;
  };
  const std::vector<Series>& trends() const { return trends_; }
  const std::vector<Series>& counters() const { return counters_; }
  const std::vector<Series>& rates() const { return rates_; }
  const std::vector<Series>& gauges() const { return gauges_; }
  const std::vector<Series>& OfKind(MetricKind kind) const;
  const std::vector<AliasEntry>& aliases() const { return aliases_; }

 private:
  static std::uint32_t Add(std::vector<Series>& list, std::string_view metric, MetricKind kind,
                           Tags tags);
  std::vector<Series> trends_, counters_, rates_, gauges_;
  std::vector<AliasEntry> aliases_;
};

}  // namespace stressbot
