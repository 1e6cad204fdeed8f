#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "StressBot/report/RunResult.h"

/// Parts of the HTML page. Only HtmlReport.cpp puts them together; what the page looks like and how
/// it draws is in html/.
namespace stressbot::html {

/// Text of a page or of an attribute in double quotes, in one line, whatever the bytes are.
std::string Text(std::string_view text);

/// The same for a name like requests_failed, which may break at its underscores only.
std::string Breakable(std::string_view name);

/// An item of a list of failures, with what was said before it if that was recorded.
std::string FailureItem(const FirstFailure& failure, bool with_metric);

/// JSON that may stand in a script element: nothing in it can end that element.
std::string ScriptJson(const nlohmann::ordered_json& json);

/// The verdict in words, the incident behind it, what the run was, and of each failed threshold
/// when and how bad it was.
std::string VerdictPart(const RunResult& result);
/// All thresholds, the first failures, what a dead server had said last, and the events.
std::string FindingsPart(const RunResult& result);
/// Latencies, totals, servers. Needs RunResult::metrics.
std::string TablesPart(const RunResult& result);
/// How to read the charts and tables of this page: what does not stand on it is not explained.
std::string NotesPart(const RunResult& result);
/// How to run it again.
std::string AboutPart(const RunResult& result);

/// When a failed threshold was broken and how badly, of the timeline: "Over the limit during 14 s
/// of 15 s, first after 1.0 s; worst after 7.0 s: 170 ms." Empty when the timeline cannot tell.
std::string WhenItBroke(const ThresholdResult& result, const RunMetrics& metrics);
/// Of a load that was not delivered, whether the server or StressBot held it up; else empty.
std::string WhoMissedIt(const ThresholdResult& result, const RunMetrics& metrics);
/// What a share counts: "7,133 of 7,673 delivered". Only the detail where that is clear.
std::string DetailOf(const ThresholdResult& result);
/// "85 times the limit"; empty where that says nothing.
std::string HowFarOff(const ThresholdResult& result);

/// What the page draws: the time axis, events, and for each chart its series, at most
/// kColumnsMax values each. Needs RunResult::metrics.
nlohmann::ordered_json ChartsJson(const RunResult& result);

}  // namespace stressbot::html
