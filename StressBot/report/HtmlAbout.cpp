#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "StressBot/report/HtmlParts.h"

namespace stressbot::html {

namespace {

/// As a word of a POSIX shell.
std::string Quoted(std::string_view word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=,@%+-";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos)
    return std::string(word);
  std::string quoted = "'";
  for (const char letter : word) {
    if (letter == '\'') {
      quoted += "'\\''";
    } else {
      quoted += letter;
    }
  }
  return quoted + "'";
}

/// The values of --var are not kept, since they may be secrets.
std::string CommandOf(const RunResult& result) {
  std::string command = "stressbot run " + Quoted(result.scenario_file);
  bool has_seed = false;
  for (const auto& [name, value] : result.options) {
    command += " " + name + " " + (name == "--var" ? Quoted(value) + "=..." : Quoted(value));
    has_seed = has_seed || name == "--seed";
  }
  if (!has_seed) command += fmt::format(" --seed {}", result.seed);
  for (const ServerReport& server : result.servers) {
    if (!server.command.empty()) command += " --server " + Quoted(server.command);
  }
  return command;
}

std::string Row(std::string_view name, const std::string& value) {
  if (value.empty()) return {};
  return fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", name, Text(value));
}

}  // namespace

std::string AboutPart(const RunResult& result) {
  std::string machine = result.machine.system;
  if (result.machine.cores > 0)
    machine += fmt::format("{}{} cores", machine.empty() ? "" : ", ", result.machine.cores);
  std::string scenario = result.scenario_file;
  if (!result.scenario_hash.empty()) scenario += " (" + result.scenario_hash + ")";
  return "<section id=\"repeat\" aria-labelledby=\"repeat-title\">\n<h2 id=\"repeat-title\">Run it "
         "again</h2>\n<pre tabindex=\"0\">" +
         Text(CommandOf(result)) + "</pre>\n<table class=\"totals\">\n<tbody>\n" +
         Row("scenario", scenario) + Row("seed", std::to_string(result.seed)) +
         Row("started", result.started_at) + Row("tool", "stressbot " + result.tool_version) +
         Row("machine", machine) + "</tbody></table>\n</section>\n";
}

}  // namespace stressbot::html
