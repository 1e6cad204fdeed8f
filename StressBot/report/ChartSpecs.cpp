#include "StressBot/report/ChartSpecs.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "StressBot/report/Utf8.h"

namespace stressbot {

namespace {

using Kind = ChartSource::Kind;
using Indexes = std::vector<std::uint32_t>;

class SpecMaker {
 public:
  explicit SpecMaker(const RunMetrics& metrics) : metrics_(metrics) {}

  std::vector<ChartSpec> Make() {
    AddFunnel();
    AddCpu();
    AddErrors();
    AddTraffic();
    AddBots();
    AddConnections();
    AddMemory();
    AddHandles();
    AddFanOut();
    AddScraped();
    AddLateness();
    return std::move(specs_);
  }

 private:
  Indexes Find(std::string_view metric, const Tags& tags = {}) const {
    return FindSeries(metrics_.catalog(), metric, tags).indexes;
  }
  /// The values that a tag of a metric takes, in the order in which they were registered.
  std::vector<std::string> ValuesOf(std::string_view metric, MetricKind kind,
                                    std::string_view tag) const {
    std::vector<std::string> values;
    for (const Series& series : metrics_.catalog().OfKind(kind)) {
      const std::string value(TagOf(series.tags, tag));
      if (series.metric != metric || value.empty()) continue;
      if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
    }
    return values;
  }
  static void Add(ChartSpec& spec, std::string name, Kind kind, Indexes indexes) {
    spec.lines.push_back({std::move(name), {kind, std::move(indexes)}});
  }
  ChartSpec& Begin(std::string id, std::string title, ChartSpec::Unit unit, ChartSpec::Kind kind) {
    return specs_.emplace_back(ChartSpec{std::move(id), std::move(title), unit, kind});
  }

  /// The step in which most bots ever waited has the loudest colour: there they are stuck.
  void AddFunnel() {
    constexpr int kGrey = 8;
    constexpr int kLoud = 1;
    constexpr std::array kQuiet{0, 5, 2, 6, 9, 4};
    ChartSpec& spec = Begin("funnel", "Active bots by the step in which they wait",
                            ChartSpec::Unit::kCount, ChartSpec::Kind::kArea);
    spec.is_cause = true;
    const std::vector<std::string> steps = ValuesOf("bots", MetricKind::kGauge, "step");
    std::string busiest;
    double most = 0;
    for (const std::string& step : steps) {
      const double waiting = step == "-" ? 0 : MostIn(Find("bots", {{"step", step}}));
      if (waiting <= most) continue;
      most = waiting;
      busiest = step;
    }
    std::size_t place = 0;
    for (const std::string& step : steps) {
      Add(spec, step == "-" ? "between steps" : step, Kind::kGauges,
          Find("bots", {{"step", step}}));
      spec.lines.back().color = step == "-"       ? kGrey
                                : step == busiest ? kLoud
                                                  : kQuiet[place++ % kQuiet.size()];
    }
  }
  /// The greatest value that a gauge, the sum of its series, had at the end of a point.
  double MostIn(const Indexes& indexes) const {
    double most = 0;
    for (std::size_t i = 0; i < metrics_.timeline().spans().size(); ++i) {
      double sum = 0;
      for (const std::uint32_t index : indexes)
        sum += metrics_.timeline().gauge(GaugeId{index}).At(i).last;
      most = std::max(most, sum);
    }
    return most;
  }

  void AddServers(ChartSpec& spec, std::string_view metric, std::string_view what = "server") {
    for (const std::string& server : ValuesOf(metric, MetricKind::kGauge, "server")) {
      Add(spec, std::string(what) + " " + server, Kind::kGauges,
          Find(metric, {{"server", server}}));
    }
  }
  void AddCpu() {
    ChartSpec& spec =
        Begin("cpu", "CPU, of one core", ChartSpec::Unit::kPercent, ChartSpec::Kind::kLine);
    spec.is_cause = true;
    AddServers(spec, "server_cpu");
    Add(spec, "stressbot", Kind::kGauges, Find("generator_cpu"));
  }

  void AddErrors() {
    ChartSpec& spec = Begin("errors", "Errors by kind, a second", ChartSpec::Unit::kPerSecond,
                            ChartSpec::Kind::kStack);
    const auto reasons = ValuesOf("requests_failed", MetricKind::kRate, "reason");
    for (const std::string& reason : reasons) {
      Add(spec, "request: " + reason, Kind::kPassed, Find("requests_failed", {{"reason", reason}}));
    }
    if (reasons.empty()) Add(spec, "request failed", Kind::kPassed, Find("requests_failed"));
    Add(spec, "check failed", Kind::kNotPassed, Find("checks"));
    Add(spec, "connect failed", Kind::kPassed, Find("connects_failed"));
    Add(spec, "bot dropped", Kind::kCounters, Find("bots_dropped"));
    Add(spec, "drop, excused", Kind::kCounters, Find("drops_excused"));
    Add(spec, "connect, excused", Kind::kCounters, Find("connects_excused"));
    Add(spec, "request never sent", Kind::kCounters, Find("requests_omitted"));
    Add(spec, "no free bot", Kind::kCounters, Find("dropped_iterations"));
    Add(spec, "packet invalid", Kind::kCounters, Find("packets_invalid"));
    Add(spec, "reply too late", Kind::kCounters, Find("packets_late"));
    Add(spec, "not delivered", Kind::kNotPassed, Find("fanout_delivered"));
  }

  void AddTraffic() {
    ChartSpec& packets =
        Begin("packets", "Packets a second", ChartSpec::Unit::kPerSecond, ChartSpec::Kind::kLine);
    Add(packets, "out", Kind::kFlow, Find("packets_sent"));
    Add(packets, "in", Kind::kFlow, Find("packets_received"));
    ChartSpec& bytes =
        Begin("bytes", "Bytes a second", ChartSpec::Unit::kBytesPerSecond, ChartSpec::Kind::kLine);
    bytes.is_secondary = true;
    Add(bytes, "out", Kind::kFlow, Find("data_sent"));
    Add(bytes, "in", Kind::kFlow, Find("data_received"));
  }

  void AddBots() {
    ChartSpec& spec =
        Begin("bots", "Bots by state", ChartSpec::Unit::kCount, ChartSpec::Kind::kArea);
    spec.note =
        "dormant: not begun yet, or done; ending: its connections are being closed; away: between "
        "two visits";
    spec.is_secondary = true;
    for (const std::string& state : ValuesOf("bots", MetricKind::kGauge, "state"))
      Add(spec, state, Kind::kGauges, Find("bots", {{"state", state}}));
  }

  void AddConnections() {
    ChartSpec& spec = Begin("connections", "Connections a second", ChartSpec::Unit::kPerSecond,
                            ChartSpec::Kind::kLine);
    spec.is_secondary = true;
    Add(spec, "opened", Kind::kNotPassed, Find("connects_failed"));
    for (const std::string& by : ValuesOf("sessions_ended", MetricKind::kCounter, "by"))
      Add(spec, by == "none" ? "timed out" : "ended by " + by, Kind::kCounters,
          Find("sessions_ended", {{"by", by}}));
  }

  void AddMemory() {
    ChartSpec& spec = Begin("memory", "Memory", ChartSpec::Unit::kBytes, ChartSpec::Kind::kLine);
    spec.is_secondary = true;
    AddServers(spec, "server_memory");
    Add(spec, "stressbot", Kind::kGauges, Find("generator_memory"));
  }

  void AddHandles() {
    ChartSpec& spec = Begin("handles", "Handles and threads of servers", ChartSpec::Unit::kCount,
                            ChartSpec::Kind::kLine);
    spec.is_secondary = true;
    spec.ends_with_load = true;
    AddServers(spec, "server_handles", "handles of");
    AddServers(spec, "server_threads", "threads of");
  }

  void AddFanOut() {
    ChartSpec& spec = Begin("fanout", "Deliveries of broadcasts a second",
                            ChartSpec::Unit::kPerSecond, ChartSpec::Kind::kLine);
    spec.is_secondary = true;
    Add(spec, "delivered", Kind::kPassed, Find("fanout_delivered"));
    Add(spec, "not delivered", Kind::kNotPassed, Find("fanout_delivered"));
  }

  void AddScraped() {
    std::size_t number = 0;
    for (const std::string& series : ValuesOf("scraped", MetricKind::kGauge, "series")) {
      const bool is_bytes = series.substr(0, series.find('{')).ends_with("_bytes");
      ChartSpec& spec = Begin(
          "scraped-" + std::to_string(number++), "Scraped: " + ToPrintable(series),
          is_bytes ? ChartSpec::Unit::kBytes : ChartSpec::Unit::kCount, ChartSpec::Kind::kLine);
      Add(spec, series, Kind::kGauges, Find("scraped", {{"series", series}}));
    }
  }

  void AddLateness() {
    ChartSpec& spec = Begin("lateness", "How late StressBot's own timers ran",
                            ChartSpec::Unit::kLatency, ChartSpec::Kind::kLog);
    spec.is_secondary = true;
    constexpr std::array<std::pair<const char*, TrendPoint::Value>, 3> kShown{
        {{"p50", TrendPoint::kP50}, {"p99", TrendPoint::kP99}, {"max", TrendPoint::kMax}}};
    for (const auto& [name, value] : kShown) {
      Add(spec, name, Kind::kTrends, Find("generator_lateness"));
      spec.lines.back().source.value = value;
    }
  }

  const RunMetrics& metrics_;
  std::vector<ChartSpec> specs_;
};

}  // namespace

std::uint64_t CountAt(const Timeline& timeline, const ChartSource& source, std::size_t point) {
  std::uint64_t sum = 0;
  for (const std::uint32_t index : source.indexes) {
    if (source.kind == Kind::kPassed || source.kind == Kind::kNotPassed) {
      const MetricsFrame::RateCount rate = timeline.rate(RateId{index}).At(point);
      sum += source.kind == Kind::kPassed ? rate.passed : rate.total - rate.passed;
    } else {
      sum += timeline.counter(CounterId{index}).At(point);
    }
  }
  return sum;
}

std::vector<ChartSpec> ChartSpecs(const RunMetrics& metrics) { return SpecMaker(metrics).Make(); }

}  // namespace stressbot
