#include "StressBot/analysis/Figures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "StressBot/metrics/Format.h"
#include "StressBot/report/SummaryParts.h"

namespace stressbot {

namespace {

constexpr double kLatencyFloorNs = 100e3;  // what a scheduler moves a latency by
constexpr double kPerSecondFloor = 0.5;
constexpr double kLoadFloor = 0.005;  // the default threshold on load_delivered allows as much
constexpr double kCpuFloor = 5;
constexpr double kMemoryFloor = 1e6;

/// Of events that do not depend on each other there are c, give or take the root of c (Poisson);
/// three times that is hardly ever chance. Of none seen, three may come (the rule of three: Hanley
/// and Lippman-Hand, JAMA 249, 1983).
double ChanceOf(std::uint64_t count) {
  return 3 * std::sqrt(static_cast<double>(std::max<std::uint64_t>(count, 1)));
}

void AddPercentiles(const std::string& name, const Histogram& trend, std::vector<Figure>& figures) {
  constexpr std::array kPercents{50, 95, 99};
  constexpr double kSamplesBeyond = 10;
  for (const int percent : kPercents) {
    if (static_cast<double>(trend.count()) * (100 - percent) < kSamplesBeyond * 100) continue;
    Figure figure{name + " p" + std::to_string(percent), FigureUnit::kNanoseconds};
    figure.value = static_cast<double>(trend.Percentile(percent));
    figure.floor = kLatencyFloorNs;
    figure.is_lower_bound = trend.IsLowerBound(percent);
    figures.push_back(std::move(figure));
  }
}

void AddShare(std::string name, std::uint64_t count, std::uint64_t of,
              std::vector<Figure>& figures) {
  if (of == 0) return;
  Figure figure{std::move(name), FigureUnit::kShare};
  const auto total = static_cast<double>(of);
  figure.value = static_cast<double>(count) / total;
  figure.floor = ChanceOf(count) / total;
  figures.push_back(std::move(figure));
}

/// Rates by a name that is made of their series: those of one name are summed up.
template <typename NameOf>
std::vector<std::pair<std::string, MetricsFrame::RateCount>> RatesOf(const RunMetrics& metrics,
                                                                     std::string_view metric,
                                                                     NameOf&& name_of) {
  std::vector<std::pair<std::string, MetricsFrame::RateCount>> rates;
  for (const std::uint32_t index : FindSeries(metrics.catalog(), metric, {}).indexes) {
    const std::string name = name_of(metrics.catalog().rates()[index]);
    auto found = std::find_if(rates.begin(), rates.end(),
                              [&name](const auto& rate) { return rate.first == name; });
    if (found == rates.end()) found = rates.insert(rates.end(), {name, {}});
    const MetricsFrame::RateCount count = metrics.measured().rate(RateId{index});
    found->second.passed += count.passed;
    found->second.total += count.total;
  }
  return rates;
}

void AddFailures(const RunMetrics& metrics, std::vector<Figure>& figures) {
  const auto of_step = [&metrics](const Series& series) {
    return "requests failed: " + summary::StepName(metrics.catalog(), series);
  };
  std::uint64_t answered = 0;
  for (const auto& [name, rate] : RatesOf(metrics, "requests_failed", of_step)) {
    AddShare(name, rate.passed, rate.total, figures);
    answered += rate.total - rate.passed;
  }
  const auto of_check = [](const Series& series) {
    return "checks failed: " + std::string(TagOf(series.tags, "check")) + " in " +
           std::string(TagOf(series.tags, "step"));
  };
  for (const auto& [name, rate] : RatesOf(metrics, "checks", of_check)) {
    AddShare(name, rate.total - rate.passed, rate.total, figures);
  }
  const auto all = [&metrics](std::string_view metric) {
    return Select(metrics.catalog(), metrics.measured(), metric, {});
  };
  const MetricsFrame::RateCount connects = all("connects_failed").rate;
  AddShare("connects failed", connects.passed, connects.total, figures);
  const MetricsFrame::RateCount heard = all("fanout_delivered").rate;
  AddShare("fan-out lost", heard.total - heard.passed, heard.total, figures);
  for (const auto& [name, metric] : {std::pair{"bots dropped", "bots_dropped"},
                                     std::pair{"iterations dropped", "dropped_iterations"}}) {
    const Selection selection = all(metric);
    if (!selection.known) continue;
    Figure figure{name, FigureUnit::kCount};
    figure.value = static_cast<double>(selection.count);
    figure.floor = ChanceOf(selection.count);
    figures.push_back(std::move(figure));
  }
  const MetricsFrame::RateCount load = all("load_delivered").rate;
  if (load.total > 0) {
    AddShare("load not delivered", load.total - load.passed, load.total, figures);
    figures.back().floor = std::max(figures.back().floor, kLoadFloor);
  }
  const double seconds = std::chrono::duration<double>(metrics.measured_time()).count();
  if (answered > 0 && seconds > 0) {
    figures.push_back({"requests answered", FigureUnit::kPerSecond, true,
                       static_cast<double>(answered) / seconds, kPerSecondFloor});
  }
}

void AddServers(const RunResult& run, std::vector<Figure>& figures) {
  for (const ServerReport& server : run.servers) {
    if (!server.watched || server.memory_bytes <= 0) continue;
    const std::string name = run.servers.size() == 1 ? "server" : "server " + server.name;
    figures.push_back({name + " CPU", FigureUnit::kPercent, false, server.cpu_percent, kCpuFloor});
    figures.push_back(
        {name + " memory", FigureUnit::kBytes, false, server.memory_bytes, kMemoryFloor});
  }
}

}  // namespace

std::vector<Figure> FiguresOf(const RunResult& run) {
  std::vector<Figure> figures;
  if (run.metrics == nullptr) return figures;
  for (const summary::LatencyRow& row : summary::LatencyRows(*run.metrics)) {
    AddPercentiles(row.name, row.from_due, figures);
  }
  AddPercentiles("fan-out",
                 Select(run.metrics->catalog(), run.metrics->measured(), "fanout_delay", {}).trend,
                 figures);
  AddFailures(*run.metrics, figures);
  AddServers(run, figures);
  return figures;
}

std::string FormatFigure(FigureUnit unit, double value) {
  switch (unit) {
    case FigureUnit::kNanoseconds:
      return FormatLatency(value);
    case FigureUnit::kPerSecond:
      return FormatNumber(value, 1) + "/s";
    case FigureUnit::kShare:
      return value < 0 ? "-" + FormatShare(-value) : FormatShare(value);
    case FigureUnit::kCount:
      return FormatNumber(value, value > std::floor(value) ? 1 : 0);
    case FigureUnit::kPercent:
      return FormatNumber(value, 1) + " %";
    case FigureUnit::kBytes:
      return FormatBytes(value);
  }
  return {};
}

}  // namespace stressbot
