#include "StressBot/report/JunitReport.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "StressBot/metrics/Format.h"
#include "StressBot/report/Conversation.h"
#include "StressBot/report/Incident.h"
#include "StressBot/report/JsonValues.h"
#include "StressBot/report/SummaryParts.h"
#include "StressBot/report/Xml.h"

namespace stressbot {

namespace {

constexpr std::size_t kConversationColumns = 160;

struct TestCase {
  std::string part;  ///< run, thresholds, checks
  std::string name;
  std::string mistake;  ///< "failure", "error" or "skipped"; empty when it passed
  std::string message;  ///< of the mistake: one line
  std::string text;     ///< more about it; or beside a passed case
};

/// Codes of thresholds are told by their own cases.
TestCase RunCase(const RunResult& result) {
  TestCase test{"run", result.scenario.empty() ? "run" : result.scenario, "", "", ""};
  for (const VerdictReason& reason : result.verdict.reasons) {
    const bool is_threshold =
        reason.code == ExitCode::kThresholdFailed || reason.code == ExitCode::kDrift;
    if (is_threshold || reason.code == ExitCode::kReportNotWritten) continue;
    const std::string line = fmt::format("{}  {}", static_cast<int>(reason.code), reason.text);
    test.mistake = "error";
    if (test.message.empty()) test.message = line;
    test.text += line + "\n";
  }
  return test;
}

TestCase CaseOf(const ThresholdResult& result, const RunResult& run) {
  TestCase test{"thresholds", summary::NameOf(result.threshold) + " " + Describe(result.threshold),
                "", "", ""};
  const std::string value = (result.is_lower_bound ? "≥ " : "") + result.text +
                            (result.detail.empty() ? "" : " (" + result.detail + ")");
  test.text = value + "\n";
  if (result.not_judged()) {
    test.mistake = "skipped";
    test.message = value;
  }
  if (result.passed) return test;
  test.mistake = "failure";
  test.message = test.name + " failed: " + value;
  for (const FirstFailure& failure : run.first_failures) {
    if (failure.metric == result.threshold.metric) test.text += failure.text + "\n";
  }
  return test;
}

bool BrokeAThreshold(const Series& check, const RunResult& run) {
  return std::any_of(run.thresholds.begin(), run.thresholds.end(), [&check](const auto& result) {
    return !result.passed && result.threshold.metric == "checks" &&
           HasTags(check.tags, result.threshold.tags);
  });
}

TestCase CheckCase(const Series& check, MetricsFrame::RateCount rate, const RunResult& run) {
  const std::string group(TagOf(check.tags, "group"));
  TestCase test{"checks",
                fmt::format("{}{} in {}", group.empty() ? "" : group + ": ",
                            TagOf(check.tags, "check"), TagOf(check.tags, "step")),
                "", "", ""};
  test.text =
      fmt::format("held {} of {} times\n", FormatCount(rate.passed), FormatCount(rate.total));
  if (rate.passed == rate.total || !BrokeAThreshold(check, run)) return test;
  test.mistake = "failure";
  test.message = fmt::format("failed {} of {} times", FormatCount(rate.total - rate.passed),
                             FormatCount(rate.total));
  return test;
}

std::vector<TestCase> CasesOf(const RunResult& result) {
  std::vector<TestCase> cases{RunCase(result)};
  for (const ThresholdResult& threshold : result.thresholds) {
    cases.push_back(CaseOf(threshold, result));
  }
  if (result.metrics == nullptr) return cases;
  const std::vector<Series>& rates = result.metrics->catalog().rates();
  for (std::uint32_t i = 0; i < rates.size(); ++i) {
    const MetricsFrame::RateCount rate = result.metrics->measured().rate(RateId{i});
    if (rates[i].metric != "checks" || rate.total == 0) continue;
    cases.push_back(CheckCase(rates[i], rate, result));
  }
  return cases;
}

/// What a person looks at first: the incident, first failures with what was said before them, and
/// what a server said before it died.
std::string SystemOut(const RunResult& result) {
  std::string text = DescribeIncidents(result);
  if (!text.empty()) text += "\n";
  for (const FirstFailure& failure : result.first_failures) {
    text += failure.metric + ": " + failure.text + "\n";
    text += FormatConversation(failure.conversation, kConversationColumns);
  }
  for (const ServerReport& server : result.servers) {
    if (!server.has_last_words()) continue;
    text += fmt::format("server {}: {}\n", server.name, server.ending);
    if (!server.last_packets.empty())
      text += "  packets of its last second: " + server.last_packets + "\n";
    for (const std::string& line : server.stack) text += "  stack: " + line + "\n";
    for (const std::string& line : server.last_lines) text += "  | " + line + "\n";
  }
  for (const RunEvent& event : result.events) {
    text += FormatSpan(event.at) + "  " + event.text + "\n";
  }
  return text;
}

std::string ElementOf(const TestCase& test, const std::string& suite) {
  std::string text =
      "    <testcase" +
      XmlAttributes({{"classname", suite + "." + test.part}, {"name", test.name}, {"time", "0"}});
  if (test.mistake.empty() && test.text.empty()) return text + "/>\n";
  text += ">";
  if (test.mistake.empty()) {
    text += "<system-out>" + XmlText(test.text) + "</system-out>";
  } else {
    text += "<" + test.mistake + XmlAttributes({{"message", test.message}, {"type", test.part}}) +
            ">" + XmlText(test.text) + "</" + test.mistake + ">";
  }
  return text + "</testcase>\n";
}

std::string PropertiesOf(const RunResult& result) {
  std::vector<std::pair<std::string, std::string>> properties{
      {"exit code", std::to_string(static_cast<int>(result.verdict.code()))},
      {"scenario file", result.scenario_file},
      {"seed", std::to_string(result.seed)},
      {"bots", std::to_string(result.bots_max)},
      {"stressbot version", result.tool_version}};
  for (const ServerReport& server : result.servers) {
    properties.emplace_back("server", summary::DescribeServer(server));
  }
  std::string text = "    <properties>\n";
  for (const auto& [name, value] : properties) {
    text += "      <property" + XmlAttributes({{"name", name}, {"value", value}}) + "/>\n";
  }
  return text + "    </properties>\n";
}

}  // namespace

std::string WriteJunit(const RunResult& result) {
  const std::string suite = result.scenario.empty() ? "stressbot" : result.scenario;
  const std::vector<TestCase> cases = CasesOf(result);
  const auto count = [&cases](std::string_view mistake) {
    return std::to_string(std::count_if(cases.begin(), cases.end(), [mistake](const auto& test) {
      return test.mistake == mistake;
    }));
  };
  const std::string counts =
      XmlAttributes({{"tests", std::to_string(cases.size())},
                     {"failures", count("failure")},
                     {"errors", count("error")},
                     {"time", fmt::format("{:.3f}", SecondsOf(result.duration))}});
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" +
                     XmlAttributes({{"name", "stressbot"}}) + counts + ">\n  <testsuite" +
                     XmlAttributes({{"name", suite}}) + counts +
                     XmlAttributes({{"skipped", count("skipped")}});
  if (!result.started_at.empty()) {
    // JUnit's schema wants no time zone.
    text +=
        XmlAttributes({{"timestamp", result.started_at.substr(0, result.started_at.find('Z'))}});
  }
  text += ">\n" + PropertiesOf(result);
  for (const TestCase& test : cases) text += ElementOf(test, suite);
  text += "    <system-out>" + XmlText(SystemOut(result)) + "</system-out>\n";
  return text + "  </testsuite>\n</testsuites>\n";
}

}  // namespace stressbot
