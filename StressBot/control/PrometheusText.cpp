#include "StressBot/control/PrometheusText.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "StressBot/metrics/BuiltinMetrics.h"

namespace stressbot {

namespace {

/// Upper ends of the histograms' buckets in ns: 50 us to 50 s, six a decade. Our own buckets are
/// far finer; one that an end cuts (0.1 % wide) counts above it.
constexpr auto kBucketEnds = [] {
  constexpr std::array<std::int64_t, 6> kSteps{10, 15, 20, 30, 50, 70};
  std::array<std::int64_t, 37> ends{};
  std::int64_t decade = 1'000;  // of 10 us
  std::size_t count = 0;
  for (std::size_t step = 4; count < ends.size(); ++step) {  // from 50 us on
    if (step == kSteps.size()) {
      step = 0;
      decade *= 10;
    }
    ends[count++] = kSteps[step] * decade;
  }
  return ends;
}();

std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char letter : text) {
    if (letter == '\n') {
      escaped += "\\n";
      continue;
    }
    if (letter == '"' || letter == '\\') escaped += '\\';
    escaped += letter;
  }
  return escaped;
}

/// `{group="players",step="chat"}`; `more` is a further label as it is written, or empty.
std::string Labels(const Tags& tags, const std::string& more = {}) {
  std::string text;
  for (const auto& [name, value] : tags)
    text += fmt::format("{}{}=\"{}\"", text.empty() ? "" : ",", name, Escaped(value));
  if (!more.empty()) text += (text.empty() ? "" : ",") + more;
  return text.empty() ? text : "{" + text + "}";
}

void Head(std::string& out, std::string_view name, std::string_view kind,
          std::string_view meaning) {
  out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, meaning, name, kind);
}

/// There are thousands of such series in a large scenario, and most are never anything but zero.
bool IsLeftOutWithoutCount(std::string_view metric) {
  return metric.starts_with("packets_") || metric.starts_with("session") ||
         metric.starts_with("bots_dropped");
}

/// The name, the unit as Prometheus wants it, and by what a gauge's value is divided.
struct Unit {
  std::string_view suffix;
  double divisor = 1;
};
Unit UnitOf(const BuiltinMetric& metric) {
  if (metric.unit == "bytes") return {"_bytes"};
  if (metric.unit == "percent") return {"_ratio", 100};
  return {""};
}

class Writer {
 public:
  explicit Writer(const RunMetrics& metrics)
      : metrics_(metrics), catalog_(metrics.catalog()), frame_(metrics.whole()) {}

  void Write(const BuiltinMetric& metric) {
    const SeriesMatch match = FindSeries(catalog_, metric.name, {});
    if (match.indexes.empty()) return;
    const std::string name = fmt::format("stressbot_{}", metric.name);
    switch (metric.kind) {
      case MetricKind::kTrend:
        return WriteTrends(metric, name + "_seconds", match.indexes);
      case MetricKind::kCounter:
        return WriteCounters(metric, fmt::format("{}{}_total", name, UnitOf(metric).suffix),
                             match.indexes);
      case MetricKind::kRate:
        return WriteRates(metric, name, match.indexes);
      case MetricKind::kGauge:
        return WriteGauges(metric, fmt::format("{}{}", name, UnitOf(metric).suffix), match.indexes);
    }
  }
  std::string Take() { return std::move(out_); }

 private:
  using Indexes = std::vector<std::uint32_t>;

  void WriteTrends(const BuiltinMetric& metric, const std::string& name, const Indexes& indexes) {
    Head(out_, name, "histogram", metric.meaning);
    for (const std::uint32_t index : indexes) {
      WriteTrend(name, catalog_.trends()[index].tags, frame_.trend(TrendId{index}));
    }
  }
  void WriteTrend(const std::string& name, const Tags& tags, const Histogram& trend) {
    std::array<std::uint64_t, kBucketEnds.size() + 1> counts{};
    std::size_t at = 0;
    trend.ForEachBucket([&](std::size_t bucket, std::uint64_t count) {
      while (at < kBucketEnds.size() && Histogram::HighestOf(bucket) > kBucketEnds[at]) ++at;
      counts[at] += count;
    });
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < kBucketEnds.size(); ++i) {
      sum += counts[i];
      const std::string end = fmt::format("le=\"{}\"", static_cast<double>(kBucketEnds[i]) / 1e9);
      out_ += fmt::format("{}_bucket{} {}\n", name, Labels(tags, end), sum);
    }
    out_ += fmt::format("{}_bucket{} {}\n", name, Labels(tags, "le=\"+Inf\""), trend.count());
    out_ += fmt::format("{}_sum{} {}\n", name, Labels(tags), trend.totals().sum_ns / 1e9);
    out_ += fmt::format("{}_count{} {}\n", name, Labels(tags), trend.count());
  }
  void WriteCounters(const BuiltinMetric& metric, const std::string& name, const Indexes& indexes) {
    Head(out_, name, "counter", metric.meaning);
    for (const std::uint32_t index : indexes) {
      const std::uint64_t count = frame_.counter(CounterId{index});
      if (count == 0 && IsLeftOutWithoutCount(metric.name)) continue;
      out_ += fmt::format("{}{} {}\n", name, Labels(catalog_.counters()[index].tags), count);
    }
  }
  void WriteRates(const BuiltinMetric& metric, const std::string& name, const Indexes& indexes) {
    Head(out_, name + "_total", "counter", metric.meaning);
    for (const std::uint32_t index : indexes) {
      out_ += fmt::format("{}_total{} {}\n", name, Labels(catalog_.rates()[index].tags),
                          frame_.rate(RateId{index}).passed);
    }
    Head(out_, name + "_samples_total", "counter",
         fmt::format("of how many the counter {}_total is a part", name));
    for (const std::uint32_t index : indexes) {
      out_ += fmt::format("{}_samples_total{} {}\n", name, Labels(catalog_.rates()[index].tags),
                          frame_.rate(RateId{index}).total);
    }
  }
  void WriteGauges(const BuiltinMetric& metric, const std::string& name, const Indexes& indexes) {
    Head(out_, name, "gauge", metric.meaning);
    for (const std::uint32_t index : indexes) {
      // A server that nobody watches is not down.
      const bool is_watched = !metrics_.timeline().gauge(GaugeId{index}).empty();
      if (metric.name.starts_with("server_") && !is_watched) continue;
      out_ += fmt::format("{}{} {}\n", name, Labels(catalog_.gauges()[index].tags),
                          frame_.gauge(GaugeId{index}) / UnitOf(metric).divisor);
    }
  }

  const RunMetrics& metrics_;
  const MetricsCatalog& catalog_;
  const MetricsFrame& frame_;
  std::string out_;
};

/// What is no metric of the run, but known of it.
std::string AboutRun(const RunControl::View& view) {
  const RunStatus& status = view.status;
  const auto seconds = [](std::chrono::nanoseconds time) {
    return std::chrono::duration<double>(time).count();
  };
  std::string out;
  Head(out, "stressbot_run_info", "gauge", "which run this is");
  out += fmt::format(
      "stressbot_run_info{} 1\n",
      Labels({{"scenario", view.program.name}, {"seed", std::to_string(view.program.seed)}}));
  Head(out, "stressbot_run_elapsed_seconds", "gauge", "since the start of the run");
  out += fmt::format("stressbot_run_elapsed_seconds {}\n", seconds(status.elapsed));
  Head(out, "stressbot_run_paused", "gauge", "1 while the load is paused by hand");
  out += fmt::format("stressbot_run_paused {}\n", status.state == RunState::kPaused ? 1 : 0);
  Head(out, "stressbot_bots_wanted", "gauge", "bots of a group that there should be now");
  for (const GroupStatus& group : status.groups) {
    if (!group.is_open)
      out += fmt::format("stressbot_bots_wanted{} {}\n", Labels({{"group", group.name}}),
                         group.target);
  }
  Head(out, "stressbot_arrivals_wanted_per_second", "gauge",
       "arrivals of a group that there should be now");
  for (const GroupStatus& group : status.groups) {
    if (group.is_open)
      out += fmt::format("stressbot_arrivals_wanted_per_second{} {}\n",
                         Labels({{"group", group.name}}), group.target);
  }
  return out;
}

}  // namespace

std::string PrometheusText(const RunControl::View& view) {
  Writer writer(view.metrics);
  for (const BuiltinMetric& metric : BuiltinMetrics()) writer.Write(metric);
  return AboutRun(view) + writer.Take();
}

}  // namespace stressbot
