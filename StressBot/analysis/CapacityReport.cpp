#include "StressBot/analysis/CapacityReport.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "StressBot/metrics/Format.h"
#include "StressBot/report/JsonValues.h"
#include "StressBot/report/Markdown.h"
#include "StressBot/report/SummaryParts.h"
#include "StressBot/report/Table.h"
#include "StressBot/report/Utf8.h"

namespace stressbot {

namespace {

using Outcome = ProbeResult::Outcome;

/// All probes of one value.
struct CurvePoint {
  std::size_t held = 0, count = 0, measured_count = 0;
  double measured_sum = 0;

  std::optional<double> Mean() const {
    if (measured_count == 0) return std::nullopt;
    return measured_sum / static_cast<double>(measured_count);
  }
};

std::map<std::uint64_t, CurvePoint> CurveOf(const CapacityRun& run) {
  std::map<std::uint64_t, CurvePoint> curve;
  for (const CapacityProbe& probe : run.probes) {
    CurvePoint& point = curve[probe.result.value];
    ++point.count;
    if (probe.result.outcome == Outcome::kHeld) ++point.held;
    if (!probe.measured) continue;
    ++point.measured_count;
    point.measured_sum += *probe.measured;
  }
  return curve;
}

std::string MeasuredText(const CapacityRun& run, std::optional<double> measured) {
  if (!measured) return "-";
  return run.holds.front().InNanoseconds()
             ? FormatLatency(*measured)
             : FormatNumber(*measured, *measured > std::floor(*measured) ? 4 : 0);
}

/// The limit stands in the middle; what is beyond twice the limit ends in an arrow.
std::string BarOf(const CapacityRun& run, std::optional<double> measured) {
  constexpr int kLimitColumn = 24;
  const double limit = run.holds.front().limit;
  if (!measured || limit <= 0) return {};
  const double columns = std::round(std::max(*measured, 0.0) / limit * kLimitColumn);
  const bool is_cut = columns > 2 * kLimitColumn;
  const auto length = static_cast<std::size_t>(is_cut ? 2 * kLimitColumn : columns);
  std::string bar(length, '#');
  if (is_cut) bar.back() = '>';
  bar.resize(std::max<std::size_t>(length, kLimitColumn + 1), ' ');
  bar[kLimitColumn] = '|';
  return bar;
}

std::string Plot(const CapacityRun& run) {
  Table table({Align::kRight, Align::kRight, Align::kRight, Align::kLeft});
  const Threshold& first = run.holds.front();
  table.AddRow({ToPrintable(run.varied), "held", ToPrintable(summary::NameOf(first)),
                first.limit > 0 ? "| is the limit of " + ToPrintable(first.expression) : ""});
  for (const auto& [value, point] : CurveOf(run)) {
    table.AddRow({FormatCount(value), FormatCount(point.held) + " of " + FormatCount(point.count),
                  MeasuredText(run, point.Mean()), BarOf(run, point.Mean())});
  }
  return table.Format("  ");
}

const char* CapacityWord(Outcome outcome) {
  constexpr std::array kWords{"holds", "fails", "generator gives in"};
  return kWords[static_cast<std::size_t>(outcome)];
}

std::string Heading(const CapacityRun& run) {
  return fmt::format("{}: {} from {} to {}, {}", run.scenario, run.varied,
                     FormatCount(run.range.from), FormatCount(run.range.to), ConditionsOf(run));
}

}  // namespace

Capacity CapacityRun::Found() const {
  std::vector<ProbeResult> results;
  for (const CapacityProbe& probe : probes) results.push_back(probe.result);
  return CapacityOf(range, results);
}

ExitCode CapacityRun::code() const {
  if (interrupted) return ExitCode::kInterrupted;
  const Capacity found = Found();
  if (found.value > 0 && found.value >= at_least.value_or(1)) return ExitCode::kPassed;
  return found.kind == Capacity::Kind::kAtLeast ? ExitCode::kGeneratorLimited
                                                : ExitCode::kThresholdFailed;
}

std::string ConditionsOf(const CapacityRun& run) {
  std::string text;
  for (const Threshold& hold : run.holds) {
    text += (text.empty() ? "" : " and ") + summary::NameOf(hold) + " " + Describe(hold);
  }
  return text;
}

std::string FormatLastProbe(const CapacityRun& run) {
  const CapacityProbe& probe = run.probes.back();
  return fmt::format("probe {:>2}   {:>7} {}   {}   {}", run.probes.size(),
                     FormatCount(probe.result.value), ToPrintable(run.varied),
                     CapacityWord(probe.result.outcome), ToPrintable(probe.text));
}

std::string CapacitySentence(const CapacityRun& run) {
  const Capacity found = run.Found();
  const std::string value = FormatCount(found.value) + " " + run.varied;
  std::string text = run.interrupted ? "Interrupted; so far: " : "";
  switch (found.kind) {
    case Capacity::Kind::kUnknown:
      return text + "nothing was tried.";
    case Capacity::Kind::kNeverHeld:
      text += "not even " + FormatCount(found.next) + " " + run.varied + " hold.";
      break;
    case Capacity::Kind::kFound:
      text += value + " hold, " + FormatCount(found.next) + " do not.";
      break;
    case Capacity::Kind::kAtLeast:
      text += found.value > 0 ? "at least " + value + " hold" : "nothing is known";
      text += found.next > 0 ? "; at " + FormatCount(found.next) +
                                   " the generator gave in before the server did."
                             : ", more were not tried.";
      break;
    case Capacity::Kind::kAll:
      text += "at least " + value + " hold, which is all that was asked for.";
      break;
  }
  const bool is_sharp = found.sure == found.value && found.hopeless == found.next;
  if (!is_sharp && found.value > 0) {
    text += found.sure > 0 ? " Spread: every probe up to " + FormatCount(found.sure) + " held"
                           : " Spread: probes of every number failed";
    text += found.hopeless > 0 ? ", none from " + FormatCount(found.hopeless) + " on." : ".";
  }
  if (run.at_least && run.code() != ExitCode::kPassed && !run.interrupted) {
    text += " Asked for were " + FormatCount(*run.at_least) + ".";
  }
  return text;
}

std::string FormatCapacity(const CapacityRun& run) {
  if (run.probes.empty()) return ToPrintable(CapacitySentence(run)) + "\n";
  return "\n" + Plot(run) + "\n" + ToPrintable(CapacitySentence(run)) + "\n";
}

std::string CapacityMarkdown(const CapacityRun& run) {
  std::string text = "## Capacity of " + MarkdownText(Heading(run)) + "\n\n" +
                     MarkdownText(CapacitySentence(run)) + "\n";
  if (run.probes.empty()) return text;
  text += "\n```\n" + Plot(run) + "```\n\n" +
          MarkdownRow({"probe", MarkdownText(run.varied), "", "value"}) + "|--:|--:|---|---|\n";
  for (std::size_t i = 0; i < run.probes.size(); ++i) {
    const CapacityProbe& probe = run.probes[i];
    text += MarkdownRow({std::to_string(i + 1), FormatCount(probe.result.value),
                         CapacityWord(probe.result.outcome), MarkdownText(probe.text)});
  }
  return text;
}

std::string CapacityJson(const CapacityRun& run) {
  using Json = nlohmann::ordered_json;
  const Capacity found = run.Found();
  constexpr std::array kKinds{"unknown", "never", "found", "at_least", "all"};
  Json json{{"schema", "stressbot-capacity/1"},
            {"scenario", ToValidUtf8(run.scenario)},
            {"code", static_cast<int>(run.code())},
            {"varied", ToValidUtf8(run.varied)},
            {"from", run.range.from},
            {"to", run.range.to},
            {"conditions", ToValidUtf8(ConditionsOf(run))},
            {"interrupted", run.interrupted},
            {"kind", kKinds[static_cast<std::size_t>(found.kind)]},
            {"value", found.value},
            {"next", found.next},
            {"sure", found.sure},
            {"hopeless", found.hopeless},
            {"text", ToValidUtf8(CapacitySentence(run))}};
  if (run.at_least) json["at_least"] = *run.at_least;
  json["probes"] = Json::array();
  const bool is_time = !run.holds.empty() && run.holds.front().InNanoseconds();
  constexpr std::array kOutcomes{"held", "failed", "limited"};
  for (const CapacityProbe& probe : run.probes) {
    Json entry{{"value", probe.result.value},
               {"seed", probe.seed},
               {"outcome", kOutcomes[static_cast<std::size_t>(probe.result.outcome)]}};
    if (probe.measured) {
      entry[is_time ? "measured_ms" : "measured"] =
          is_time ? MillisecondsOf(*probe.measured) : *probe.measured;
    }
    entry["text"] = ToValidUtf8(probe.text);
    json["probes"].push_back(std::move(entry));
  }
  constexpr int kIndent = 2;
  return json.dump(kIndent) + "\n";
}

}  // namespace stressbot
