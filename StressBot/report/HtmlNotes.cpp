#include <algorithm>
#include <string>

#include "StressBot/report/ChartColumns.h"
#include "StressBot/report/HtmlParts.h"
#include "StressBot/report/Incident.h"

namespace stressbot::html {

namespace {

bool AnyLowerBound(const RunMetrics& metrics) {
  for (std::uint32_t i = 0; i < metrics.catalog().trends().size(); ++i) {
    if (metrics.whole().trend(TrendId{i}).IsLowerBound(100)) return true;
  }
  return false;
}

bool AnyLimitDrawn(const RunResult& result) {
  return std::any_of(result.thresholds.begin(), result.thresholds.end(),
                     [](const auto& each) { return each.threshold.InNanoseconds(); });
}

}  // namespace

std::string NotesPart(const RunResult& result) {
  const auto item = [](bool applies, std::string_view text) {
    return applies ? "<li>" + std::string(text) + "</li>\n" : std::string();
  };
  const Timeline& timeline = result.metrics->timeline();
  const bool any_excuses =
      std::any_of(result.events.begin(), result.events.end(),
                  [](const RunEvent& event) { return event.excused_until.has_value(); });
  const bool is_partial =
      std::any_of(timeline.spans().begin(), timeline.spans().end(),
                  [](const auto& span) { return span.phase == Phase::kWarmup; });
  return "<section id=\"notes\" aria-labelledby=\"notes-title\">\n"
         "<h2 id=\"notes-title\">How to read it</h2>\n<ul class=\"notes\">\n" +
         item(
             true,
             "A latency counts from when its step was <em>due</em>, so a server that stalls cannot "
             "hide the requests it kept waiting.") +
         item(!FindIncidents(result).empty(),
              "The tinted stretch is when requests were stuck: no reply came although bots waited, "
              "or "
              "replies were over a limit that failed.") +
         item(!result.pauses.empty(),
              "In the blue stretch the load was paused by hand: nothing was asked of the server.") +
         item(AnyLowerBound(*result.metrics),
              "≥ marks a value that touches time-outs, which count with their age: the true one is "
              "at "
              "least that.") +
         item(is_partial,
              "Thresholds, latencies and checks judge the measured part: after the warm-up, which "
              "is "
              "shaded in the charts, and before the stop. Traffic and connections are of the whole "
              "run.") +
         item(timeline.spans().size() > ChartColumns::kColumnsMax,
              "A point of a chart is more than a second: percentiles are the worst in it, other "
              "lines "
              "the mean, and a pale band goes from the least to the greatest.") +
         item(AnyLimitDrawn(result), "A dashed line across a chart is a threshold.") +
         item(!result.events.empty(),
              any_excuses
                  ? "A vertical line is an event. Where it excuses lost connections the time "
                    "after it is hatched."
                  : "A vertical line is an event.") +
         "</ul>\n</section>\n";
}

}  // namespace stressbot::html
