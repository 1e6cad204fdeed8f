#include <fmt/format.h>

#include <cmath>

#include "StressBot/metrics/Format.h"
#include "StressBot/metrics/GaugeCurve.h"
#include "StressBot/report/SummaryParts.h"
#include "StressBot/report/Table.h"
#include "StressBot/report/Utf8.h"

namespace stressbot::summary {

namespace {

constexpr std::size_t kLabelColumns = 14;

Selection Whole(const RunMetrics& metrics, std::string_view metric, const Tags& tags = {}) {
  return Select(metrics.catalog(), metrics.whole(), metric, tags);
}

Selection Measured(const RunMetrics& metrics, std::string_view metric) {
  return Select(metrics.catalog(), metrics.measured(), metric, {});
}

double PerSecond(std::uint64_t count, std::chrono::nanoseconds time) {
  const double seconds = std::chrono::duration<double>(time).count();
  return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

/// "   omitted 5" for a counter above zero.
std::string IfAny(std::string_view words, std::uint64_t count) {
  return count == 0 ? "" : fmt::format("   {} {}", words, FormatCount(count));
}

std::string RequestsLine(const RunMetrics& metrics) {
  const Selection requests = Whole(metrics, "requests");
  if (!requests.known) return {};
  return Line("requests",
              fmt::format("sent {}   failed {}", FormatCount(requests.count),
                          FormatCount(Whole(metrics, "requests_failed").rate.passed)) +
                  IfAny("cut by us", Whole(metrics, "requests_abandoned").count) +
                  IfAny("due but never sent", Whole(metrics, "requests_omitted").count));
}

/// The checks that failed, by name, so that nobody has to search the JSON for them.
std::string ChecksLine(const RunMetrics& metrics) {
  const SeriesMatch match = FindSeries(metrics.catalog(), "checks", {});
  const MetricsFrame::RateCount all = Measured(metrics, "checks").rate;
  if (all.total == 0) return {};
  std::string text = FormatCount(all.passed) + " of " + FormatCount(all.total) + " held";
  for (const std::uint32_t index : match.indexes) {
    const MetricsFrame::RateCount rate = metrics.measured().rate(RateId{index});
    if (rate.passed == rate.total) continue;
    const Tags& tags = metrics.catalog().rates()[index].tags;
    text += fmt::format("   failed {} times: {} in {}", FormatCount(rate.total - rate.passed),
                        ToPrintable(TagOf(tags, "check")), ToPrintable(TagOf(tags, "step")));
  }
  return Line("checks", text);
}

std::string IterationsLine(const RunMetrics& metrics) {
  const auto count = [&metrics](std::string outcome) {
    return Whole(metrics, "iterations", {{"outcome", std::move(outcome)}}).count;
  };
  const std::uint64_t dropped = Whole(metrics, "dropped_iterations").count;
  if (Whole(metrics, "iterations").count + dropped == 0) return {};
  return Line("iterations", fmt::format("completed {}   failed {}", FormatCount(count("completed")),
                                        FormatCount(count("failed"))) +
                                IfAny("cut", count("cut")) +
                                IfAny("interrupted", count("interrupted")) +
                                IfAny("dropped for want of a free bot", dropped));
}

std::string TrafficLine(const RunMetrics& metrics) {
  const auto way = [&metrics](std::string_view packets_name, std::string_view data_name) {
    const std::uint64_t packets = Whole(metrics, packets_name).count;
    const auto bytes = static_cast<double>(Whole(metrics, data_name).count);
    return fmt::format("{} packets  {}   {}/s", FormatCount(packets), FormatBytes(bytes),
                       FormatNumber(PerSecond(packets, metrics.whole_time()), 0));
  };
  if (!Whole(metrics, "packets_sent").known && !Whole(metrics, "packets_received").known) return {};
  return Line("traffic", "out " + way("packets_sent", "data_sent") + "      in " +
                             way("packets_received", "data_received"));
}

std::string OddPacketsLine(const RunMetrics& metrics) {
  const std::string text = IfAny("not waited for", Whole(metrics, "packets_unhandled").count) +
                           IfAny("after their time-out", Whole(metrics, "packets_late").count) +
                           IfAny("invalid", Whole(metrics, "packets_invalid").count);
  return text.empty() ? "" : Line("packets", std::string_view(text).substr(3));
}

std::string FanOutLine(const RunMetrics& metrics) {
  const MetricsFrame::RateCount delivered = Measured(metrics, "fanout_delivered").rate;
  const std::uint64_t unjudged = Measured(metrics, "fanout_unjudged").count;
  if (delivered.total + unjudged == 0) return {};
  std::string text =
      "delivered " + FormatCount(delivered.passed) + " of " + FormatCount(delivered.total);
  const Histogram delay = Measured(metrics, "fanout_delay").trend;
  if (!delay.empty()) {
    text += std::string("   p99 ") + (delay.IsLowerBound(99) ? "≥ " : "") +
            FormatLatency(static_cast<double>(delay.Percentile(99)));
  }
  return Line("fan-out", text + IfAny("not judged", unjudged));
}

struct Endings {
  std::uint64_t by_us = 0, resets_by_us = 0, by_server = 0, reset = 0, timed_out = 0, other = 0;
};

void CountEnding(std::string_view by, std::string_view how, std::uint64_t count, Endings& endings) {
  if (how == "timeout") {
    endings.timed_out += count;
  } else if (by == "us") {
    endings.by_us += count;
    if (how == "reset") endings.resets_by_us += count;
  } else if (how == "reset") {
    endings.reset += count;
  } else if (by == "server") {
    endings.by_server += count;
  } else {
    endings.other += count;
  }
}

Endings EndingsOf(const RunMetrics& metrics) {
  Endings endings;
  for (const std::uint32_t index : FindSeries(metrics.catalog(), "sessions_ended", {}).indexes) {
    const Tags& tags = metrics.catalog().counters()[index].tags;
    CountEnding(TagOf(tags, "by"), TagOf(tags, "how"), metrics.whole().counter(CounterId{index}),
                endings);
  }
  return endings;
}

std::string ConnectionsLine(const RunMetrics& metrics) {
  const Selection opened = Whole(metrics, "connect_duration");
  const Selection failed = Whole(metrics, "connects_failed");
  if (!opened.known && !failed.known) return {};
  const Endings endings = EndingsOf(metrics);
  std::string text =
      fmt::format("opened {}   failed {}   ended: by us {}", FormatCount(opened.trend.count()),
                  FormatCount(failed.rate.passed), FormatCount(endings.by_us));
  if (endings.resets_by_us > 0) {
    text += fmt::format(" ({} {})", FormatCount(endings.resets_by_us),
                        endings.resets_by_us == 1 ? "reset" : "resets");
  }
  text += fmt::format(", by server {}, reset {}, timed out {}", FormatCount(endings.by_server),
                      FormatCount(endings.reset), FormatCount(endings.timed_out));
  if (endings.other > 0) text += ", otherwise " + FormatCount(endings.other);
  text += IfAny("excused drops", Whole(metrics, "drops_excused").count) +
          IfAny("excused connects", Whole(metrics, "connects_excused").count);
  return Line("connections", text);
}

std::string GeneratorText(const RunMetrics& metrics, const GeneratorReport& generator) {
  std::string text;
  const Histogram lateness = Measured(metrics, "generator_lateness").trend;
  if (!lateness.empty()) {
    text += "   lateness p99 " + FormatLatency(static_cast<double>(lateness.Percentile(99)));
  }
  if (generator.cpu_percent > 0)
    text += fmt::format("   generator CPU {:.0f} %", generator.cpu_percent);
  if (generator.memory_bytes <= 0) return text;
  text += "   memory " + FormatBytes(generator.memory_bytes);
  if (generator.memory_bytes_per_bot > 0) {
    text += " (" + FormatBinaryBytes(generator.memory_bytes_per_bot) + " a bot)";
  }
  return text;
}

std::string LoadLine(const RunResult& result) {
  const RunMetrics& metrics = *result.metrics;
  const MetricsFrame::RateCount load = Measured(metrics, "load_delivered").rate;
  std::string text;
  if (load.total > 0) {
    const auto per_second = [&metrics](std::uint64_t starts) {
      return FormatNumber(PerSecond(starts, metrics.measured_time()), 1) + "/s";
    };
    text = "   asked " + per_second(load.total) + "   delivered " + per_second(load.passed);
  }
  text += GeneratorText(metrics, result.generator);
  return text.empty() ? "" : Line("load", std::string_view(text).substr(3));
}

std::string ScrapedLine(const RunMetrics& metrics, std::uint32_t index, bool is_first) {
  const std::string series(TagOf(metrics.catalog().gauges()[index].tags, "series"));
  const GaugeCurve curve = CurveOf(metrics, GaugeId{index});
  const auto number = [](double value) {
    const bool is_whole = std::abs(value - std::round(value)) < 1e-9 && std::abs(value) < 1e15;
    return FormatNumber(value, is_whole ? 0 : 2);
  };
  return Line(is_first ? "scraped" : "", ToPrintable(series) + "   mean " + number(curve.Mean()) +
                                             "   least " + number(curve.Min()) + "   most " +
                                             number(curve.Max()) + "   at the end " +
                                             number(curve.Last()));
}

}  // namespace

std::string ScrapedPart(const RunMetrics& metrics) {
  std::string text;
  for (const std::uint32_t index : FindSeries(metrics.catalog(), "scraped", {}).indexes)
    text += ScrapedLine(metrics, index, text.empty());
  const MetricsFrame::RateCount scrapes = Whole(metrics, "scrapes_failed").rate;
  if (scrapes.passed > 0)
    text += Line("", fmt::format("failed {} of {} scrapes", FormatCount(scrapes.passed),
                                 FormatCount(scrapes.total)));
  return text;
}

std::string Line(std::string_view label, std::string_view text) {
  return PadRight(label, kLabelColumns) + std::string(text) + "\n";
}

std::string TotalsPart(const RunResult& result) {
  const RunMetrics& metrics = *result.metrics;
  return RequestsLine(metrics) + ChecksLine(metrics) + IterationsLine(metrics) +
         TrafficLine(metrics) + OddPacketsLine(metrics) + FanOutLine(metrics) +
         ConnectionsLine(metrics) + LoadLine(result);
}

}  // namespace stressbot::summary
