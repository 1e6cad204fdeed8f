#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string>

#include "StressBot/metrics/Format.h"
#include "StressBot/report/HtmlParts.h"
#include "StressBot/report/Incident.h"
#include "StressBot/report/SummaryParts.h"

namespace stressbot::html {

namespace {

std::string_view MeaningOf(ExitCode code) {
  switch (code) {
    case ExitCode::kConfiguration:
      return "The run could not start: a mistake in the scenario or the options";
    case ExitCode::kCouldNotBegin:
      return "The run could not begin";
    case ExitCode::kInternalError:
      return "StressBot itself failed";
    case ExitCode::kServerDied:
      return "The server died";
    case ExitCode::kNothingWorked:
      return "Nothing worked";
    case ExitCode::kGeneratorLimited:
      return "This machine was the bottleneck: the numbers say little about the server";
    case ExitCode::kInterrupted:
      return "The run was interrupted";
    case ExitCode::kAborted:
      return "The run was aborted";
    case ExitCode::kThresholdFailed:
      return "A threshold failed";
    case ExitCode::kDrift:
      return "A value drifts over time";
    case ExitCode::kReportNotWritten:
      return "Passed, but a report could not be written";
    case ExitCode::kPassed:
      break;
  }
  return "All thresholds held";
}

/// "exit code 99: a threshold failed".
std::string ExitCodeInWords(const Verdict& verdict) {
  const int code = static_cast<int>(verdict.code());
  if (verdict.code() == ExitCode::kPassed) return "exit code 0";
  std::string meaning(MeaningOf(verdict.code()));
  meaning = meaning.substr(0, meaning.find(':'));
  // "StressBot itself failed" keeps its name.
  if (!meaning.starts_with("StressBot"))
    meaning.front() = static_cast<char>(std::tolower(meaning.front()));
  return fmt::format("exit code {}: {}", code, meaning);
}

/// A description may tell of another number of bots than there were.
std::string Description(const RunResult& result) {
  if (result.description.empty()) return {};
  std::string scaled;
  for (const auto& [name, value] : result.options) {
    if (name == "--bots" || name == "--scale") scaled += " " + name + " " + value;
  }
  if (!scaled.empty())
    scaled = fmt::format(" (this run: {} bots,{})", FormatCount(result.bots_max), scaled);
  return "<p class=\"description\">" + Text(result.description + scaled) + "</p>\n";
}

std::string CountedMeaning(const RunResult& result) {
  const auto failed =
      std::count_if(result.thresholds.begin(), result.thresholds.end(),
                    [](const ThresholdResult& threshold) { return !threshold.passed; });
  const ExitCode code = result.verdict.code();
  if (code == ExitCode::kPassed && result.thresholds.empty())
    return "Nothing failed; no thresholds were given";
  if (code != ExitCode::kThresholdFailed || result.thresholds.size() == 1)
    return std::string(MeaningOf(code));
  return fmt::format("{} of {} thresholds failed", failed, result.thresholds.size());
}

std::string Fact(std::string_view name, const std::string& value) {
  return value.empty() ? "" : fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, Text(value));
}

std::string Facts(const RunResult& result) {
  std::string servers;
  for (const ServerReport& server : result.servers) {
    servers += (servers.empty() ? "" : "; ") + summary::DescribeServer(server);
  }
  return "<dl class=\"facts\">\n" + Fact("bots", FormatCount(result.bots_max)) +
         Fact("duration", FormatSpan(result.duration)) +
         Fact("warm-up", result.warmup.count() > 0 ? FormatSpan(result.warmup) : "") +
         Fact("server", servers) + Fact("started", result.started_at) +
         Fact("seed", std::to_string(result.seed)) + "</dl>\n";
}

/// The reasons but those that tell of thresholds, which have more to say below.
std::string Reasons(const RunResult& result) {
  std::string items;
  for (const VerdictReason& reason : result.verdict.reasons) {
    const bool is_threshold =
        reason.code == ExitCode::kThresholdFailed || reason.code == ExitCode::kDrift;
    if (is_threshold && !result.thresholds.empty()) continue;
    items += fmt::format("<li>{} <span class=\"code\">exit code {}</span></li>\n",
                         Text(reason.text), static_cast<int>(reason.code));
  }
  return items.empty() ? "" : "<ul class=\"reasons\">\n" + items + "</ul>\n";
}

std::string Stories(const ThresholdResult& threshold, const RunResult& result) {
  std::string items;
  for (const FirstFailure& failure : result.first_failures) {
    if (failure.metric == threshold.threshold.metric) items += FailureItem(failure, false);
  }
  return items.empty() ? "" : "<p>First ones:</p>\n<ul>\n" + items + "</ul>\n";
}

std::string FailedThreshold(const ThresholdResult& threshold, const RunResult& result) {
  std::string value = (threshold.is_lower_bound ? "≥ " : "") + Text(threshold.text);
  std::string more = Text(DetailOf(threshold));
  const std::string far_off = HowFarOff(threshold);
  if (!far_off.empty()) more += (more.empty() ? "" : ", ") + far_off;
  std::string when = result.metrics == nullptr ? "" : WhenItBroke(threshold, *result.metrics);
  const std::string who = result.metrics == nullptr ? "" : WhoMissedIt(threshold, *result.metrics);
  if (!who.empty()) when += (when.empty() ? "" : " ") + who;
  return fmt::format(
      "<li>\n<h3>{} <span class=\"wanted\">should be</span> <code>{}</code></h3>\n"
      "<p class=\"value\">{}{}</p>\n{}{}</li>\n",
      Breakable(summary::NameOf(threshold.threshold)), Text(threshold.threshold.expression), value,
      more.empty() ? "" : " <span class=\"more\">(" + more + ")</span>",
      when.empty() ? "" : "<p>" + Text(when) + "</p>\n", Stories(threshold, result));
}

std::string FailedThresholds(const RunResult& result) {
  std::string items;
  for (const ThresholdResult& threshold : result.thresholds) {
    if (!threshold.passed) items += FailedThreshold(threshold, result);
  }
  return items.empty() ? "" : "<h2>What failed</h2>\n<ol class=\"failed\">\n" + items + "</ol>\n";
}

}  // namespace

std::string VerdictPart(const RunResult& result) {
  const bool passed = result.verdict.passed();
  const std::string incident = DescribeIncidents(result);
  return fmt::format(
             "<header class=\"verdict {}\">\n<p class=\"word\">{} <span class=\"code\">{}</span>"
             "</p>\n<div>\n<h1>{}</h1>\n<p class=\"meaning\">{}</p>\n{}</div>\n</header>\n",
             passed ? "pass" : "fail", passed ? "PASS" : "FAIL", ExitCodeInWords(result.verdict),
             Text(result.scenario), Text(CountedMeaning(result)), Description(result)) +
         (incident.empty() ? "" : "<p class=\"incident\">" + Text(incident) + "</p>\n") +
         Reasons(result) +
         (result.changed_by_hand
              ? "<p class=\"warning\">Somebody changed the load while it ran: this run cannot be "
                "compared with others.</p>\n"
              : "") +
         FailedThresholds(result) + Facts(result);
}

}  // namespace stressbot::html
