#include "StressBot/report/Incident.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "StressBot/metrics/Format.h"
#include "StressBot/report/JsonValues.h"
#include "StressBot/report/LatencyLimit.h"
#include "StressBot/report/StartTime.h"

namespace stressbot {

namespace {

using Nanoseconds = std::chrono::nanoseconds;

/// These reasons of `requests_failed` are replies too, though none that please.
bool IsReply(std::string_view reason) {
  constexpr std::array<std::string_view, 3> kReplies{"fail-on", "undecodable", "missing"};
  return std::find(kReplies.begin(), kReplies.end(), reason) != kReplies.end();
}

std::uint64_t RepliesAt(const RunMetrics& metrics, std::size_t point) {
  std::uint64_t replies = 0;
  for (const std::uint32_t index : FindSeries(metrics.catalog(), "requests_failed", {}).indexes) {
    const MetricsFrame::RateCount ended = metrics.timeline().rate(RateId{index}).At(point);
    const std::string_view reason = TagOf(metrics.catalog().rates()[index].tags, "reason");
    replies += IsReply(reason) ? ended.total : ended.total - ended.passed;
  }
  return replies;
}

/// Bots also wait for packets that nobody asked for, and for each other: that is no request.
std::vector<std::uint32_t> GaugesOfWaiting(const MetricsCatalog& catalog) {
  std::vector<std::uint32_t> gauges;
  for (const std::uint32_t index : FindSeries(catalog, "bots", {}).indexes) {
    const Tags& tags = catalog.gauges()[index].tags;
    const std::string_view step = TagOf(tags, "step");
    const std::string_view group = TagOf(tags, "group");
    const bool requests =
        std::any_of(catalog.trends().begin(), catalog.trends().end(), [&](const Series& series) {
          return series.metric == "request_duration" && TagOf(series.tags, "step") == step &&
                 TagOf(series.tags, "group") == group;
        });
    if (!step.empty() && step != "-" && requests) gauges.push_back(index);
  }
  return gauges;
}

std::uint64_t Bots(double count) {
  return static_cast<std::uint64_t>(std::llround(std::clamp(count, 0.0, 1e15)));
}

/// The worst moment of the incident: where most bots waited in one step.
void CountBots(const RunMetrics& metrics, std::size_t point, Incident& incident) {
  for (const std::uint32_t index : GaugesOfWaiting(metrics.catalog())) {
    const std::uint64_t waiting = Bots(metrics.timeline().gauge(GaugeId{index}).At(point).last);
    if (waiting <= incident.waiting) continue;
    incident.waiting = waiting;
    incident.step = TagOf(metrics.catalog().gauges()[index].tags, "step");
    double active = 0;
    for (const std::uint32_t each :
         FindSeries(metrics.catalog(), "bots", {{"state", "active"}}).indexes)
      active += metrics.timeline().gauge(GaugeId{each}).At(point).last;
    incident.active = Bots(active);
  }
}

void AddLatencies(const RunMetrics& metrics, std::size_t point, Incident& incident) {
  for (const std::uint32_t index : FindSeries(metrics.catalog(), "request_duration", {}).indexes) {
    const TrendPoint trend = metrics.timeline().trend(TrendId{index}).At(point);
    if (trend.count == 0) continue;
    const auto slowest = static_cast<double>(trend.values_ns[TrendPoint::kMax]);
    if (slowest > incident.slowest_ns) {
      incident.slowest_ns = slowest;
      incident.is_lower_bound = trend.lower_bound_from < TrendPoint::kValues;
    }
  }
  for (const std::uint32_t index :
       FindSeries(metrics.catalog(), "generator_lateness", {}).indexes) {
    const TrendPoint trend = metrics.timeline().trend(TrendId{index}).At(point);
    incident.lateness_p99_ns =
        std::max(incident.lateness_p99_ns, static_cast<double>(trend.values_ns[TrendPoint::kP99]));
  }
}

bool IsOnRequests(const Threshold& threshold, const MetricsCatalog& catalog) {
  const SeriesMatch match = FindSeries(catalog, threshold.metric, threshold.tags);
  return std::any_of(match.indexes.begin(), match.indexes.end(), [&](std::uint32_t index) {
    const std::string& metric = catalog.trends()[index].metric;
    return metric == "request_duration" || metric == "request_service_time";
  });
}

/// Points in which replies were over the limit of a threshold on latencies that failed.
std::vector<bool> PointsOverLimit(const RunResult& result) {
  const Timeline& timeline = result.metrics->timeline();
  std::vector<bool> points(timeline.spans().size());
  for (const ThresholdResult& threshold : result.thresholds) {
    if (threshold.passed) continue;
    const auto limit = LatencyLimit::Of(threshold.threshold, result.metrics->catalog());
    if (!limit || !IsOnRequests(threshold.threshold, result.metrics->catalog())) continue;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const auto moment = limit->At(timeline, i);
      if (moment && moment->is_over) points[i] = true;
    }
  }
  return points;
}

/// "13:18:36–13:18:40 UTC"; empty when nobody knows when the run started.
std::string WallClock(const RunResult& result, const Incident& incident) {
  const std::int64_t start = EpochSeconds(result.started_at);
  if (start <= 0) return {};
  const auto clock = [start](Nanoseconds at) {
    const std::int64_t second =
        (start + std::chrono::floor<std::chrono::seconds>(at).count()) % 86'400;
    return fmt::format("{:02}:{:02}:{:02}", second / 3'600, second / 60 % 60, second % 60);
  };
  return clock(incident.from) + "–" + clock(incident.to) + " UTC";
}

/// The mean while nothing came, or of the whole incident: "; server CPU 0 %".
std::string ServerCpu(const RunResult& result, const Incident& incident) {
  const bool is_silent = incident.silence() > Nanoseconds::zero();
  const Nanoseconds from = is_silent ? incident.silent_from : incident.from;
  const Nanoseconds to = is_silent ? incident.silent_to : incident.to;
  const RunMetrics& metrics = *result.metrics;
  const std::vector<std::uint32_t> gauges = FindSeries(metrics.catalog(), "server_cpu", {}).indexes;
  std::string text;
  for (const std::uint32_t index : gauges) {
    const Timeline::Gauges& column = metrics.timeline().gauge(GaugeId{index});
    double sum = 0;
    int points = 0;
    for (std::size_t i = 0; i < metrics.timeline().spans().size(); ++i) {
      const Timeline::Span& span = metrics.timeline().spans()[i];
      if (span.from < from || span.to > to) continue;
      sum += column.At(i).mean;
      ++points;
    }
    if (points == 0 || column.empty()) continue;
    const std::string name =
        gauges.size() == 1
            ? ""
            : " " + std::string(TagOf(metrics.catalog().gauges()[index].tags, "server"));
    text += fmt::format("; server{} CPU {:.0f} %", name, sum / points);
  }
  return text;
}

std::string Generator(const RunResult& result, const Incident& incident) {
  const bool limited = std::any_of(
      result.verdict.reasons.begin(), result.verdict.reasons.end(),
      [](const VerdictReason& reason) { return reason.code == ExitCode::kGeneratorLimited; });
  if (incident.lateness_p99_ns > GeneratorReport::kLatenessMaxNs)
    return "; StressBot itself was late (its timers p99 " +
           FormatLatency(incident.lateness_p99_ns) + "), so this may be its own fault";
  return limited ? "; StressBot itself was the bottleneck in this run" : "; generator healthy";
}

std::string Sentence(const RunResult& result, const Incident& incident) {
  const std::string clock = WallClock(result, incident);
  const std::string when = fmt::format(
      "{} ({:.1f}–{:.1f} s{})", FormatSpan(incident.to - incident.from), SecondsOf(incident.from),
      SecondsOf(incident.to), clock.empty() ? "" : ", " + clock);
  std::string text;
  if (incident.silence() > Nanoseconds::zero()) {
    text =
        "Requests were stuck for " + when + ": no reply came for " + FormatSpan(incident.silence());
  } else {
    text = "Replies were over the limit for " + when;
  }
  if (incident.slowest_ns > 0)
    text += std::string(", the slowest took ") + (incident.is_lower_bound ? "at least " : "") +
            FormatLatency(incident.slowest_ns);
  if (incident.waiting > 0)
    text += fmt::format("; up to {} of {} active bots waited in {}", FormatCount(incident.waiting),
                        FormatCount(incident.active), incident.step);
  return text + ServerCpu(result, incident) + Generator(result, incident);
}

}  // namespace

std::vector<bool> SilentPoints(const RunMetrics& metrics) {
  const Timeline& timeline = metrics.timeline();
  const std::vector<std::uint32_t> gauges = GaugesOfWaiting(metrics.catalog());
  std::vector<bool> silent(timeline.spans().size());
  const auto someone_waits_after = [&](std::size_t point) {
    return std::any_of(gauges.begin(), gauges.end(), [&](std::uint32_t index) {
      return timeline.gauge(GaugeId{index}).At(point).last > 0;
    });
  };
  for (std::size_t i = 0; i < silent.size(); ++i)
    silent[i] = someone_waits_after(i) && RepliesAt(metrics, i) == 0;
  for (std::size_t i = 0; i < silent.size(); ++i) {
    const bool is_alone =
        silent[i] && (i == 0 || !silent[i - 1]) && (i + 1 == silent.size() || !silent[i + 1]);
    if (is_alone && (i == 0 || !someone_waits_after(i - 1))) silent[i] = false;
  }
  return silent;
}

std::vector<Incident> FindIncidents(const RunResult& result) {
  if (result.metrics == nullptr || result.verdict.passed()) return {};
  const std::vector<Timeline::Span>& spans = result.metrics->timeline().spans();
  const std::vector<bool> silent = SilentPoints(*result.metrics);
  const std::vector<bool> over = PointsOverLimit(result);
  std::vector<Incident> incidents;
  Nanoseconds silent_from{};
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (spans[i].phase != Phase::kLoad || (!silent[i] && !over[i])) continue;
    if (incidents.empty() || incidents.back().to != spans[i].from) {
      incidents.emplace_back();
      incidents.back().from = spans[i].from;
    }
    Incident& incident = incidents.back();
    incident.to = spans[i].to;
    CountBots(*result.metrics, i, incident);
    AddLatencies(*result.metrics, i, incident);
    if (!silent[i]) continue;
    if (i == 0 || !silent[i - 1] || incident.from == spans[i].from) silent_from = spans[i].from;
    if (spans[i].to - silent_from <= incident.silence()) continue;
    incident.silent_from = silent_from;
    incident.silent_to = spans[i].to;
  }
  return incidents;
}

std::string DescribeIncidents(const RunResult& result) {
  const std::vector<Incident> incidents = FindIncidents(result);
  if (incidents.empty()) return {};
  const auto worst = std::max_element(
      incidents.begin(), incidents.end(), [](const Incident& a, const Incident& b) {
        return a.silence() != b.silence() ? a.silence() < b.silence()
                                          : a.to - a.from < b.to - b.from;
      });
  std::string text = Sentence(result, *worst);
  if (incidents.size() > 1)
    text += fmt::format("; {} more such stretch{}", incidents.size() - 1,
                        incidents.size() == 2 ? "" : "es");
  return text + ".";
}

}  // namespace stressbot
