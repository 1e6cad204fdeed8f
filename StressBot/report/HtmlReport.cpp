#include "StressBot/report/HtmlReport.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "HtmlPage.h"  // made of html/ by html/embed.py
#include "StressBot/report/HtmlParts.h"

namespace stressbot {

namespace {

/// Replaces each "{{name}}" of the template; what is put in is not looked at again.
template <typename Values>
std::string FillPage(std::string_view page, const Values& values) {
  std::string filled;
  while (true) {
    const std::size_t begin = page.find("{{");
    filled += page.substr(0, begin);
    if (begin == std::string_view::npos) return filled;
    const std::size_t end = page.find("}}", begin);
    const std::string_view name = page.substr(begin + 2, end - begin - 2);
    for (const auto& [key, value] : values) {
      if (key == name) filled += value;
    }
    page.remove_prefix(end + 2);
  }
}

}  // namespace

std::string WriteHtml(const RunResult& result) {
  const bool has_metrics = result.metrics != nullptr;
  const std::array<std::pair<std::string_view, std::string>, 7> values{{
      {"title", fmt::format("{} {}: {}", result.verdict.passed() ? "PASS" : "FAIL",
                            static_cast<int>(result.verdict.code()), html::Text(result.scenario))},
      {"verdict", html::VerdictPart(result)},
      {"findings", html::FindingsPart(result)},
      {"notes", has_metrics ? html::NotesPart(result) : ""},
      {"tables", has_metrics ? html::TablesPart(result) : ""},
      {"about", html::AboutPart(result)},
      {"data", has_metrics ? html::ScriptJson(html::ChartsJson(result)) : "null"},
  }};
  return FillPage(html::kPage, values);
}

}  // namespace stressbot
