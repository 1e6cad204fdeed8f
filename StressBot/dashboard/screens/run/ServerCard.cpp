#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "StressBot/dashboard/screens/run/Overview.h"
#include "StressBot/dashboard/screens/run/RunWidgets.h"
#include "StressBot/metrics/Format.h"
#include "StressBot/report/LastLines.h"
#include "StressBot/report/Utf8.h"

namespace stressbot::run {

namespace {

constexpr std::size_t kLastLinesMax = 5;

struct ServerStanding {
  Tone tone = Tone::kQuiet;
  std::string text;
};

/// Of one that no process is known of: it lives if it answers.
ServerStanding StandingByReplies(const RunContext& run, const RunView& view) {
  const Texts& tr = run.ui.tr;
  if (view.is_over) return {Tone::kQuiet, tr(Text::kServerNotWatched)};
  if (view.headline.requests_per_s > view.headline.failures_per_s)
    return {Tone::kPass, tr(Text::kServerAnswers)};
  if (view.headline.bots_active == 0) return {Tone::kQuiet, tr(Text::kServerNotWatched)};
  return {Tone::kWarn, tr(Text::kServerSilent)};
}

ServerStanding StandingOfServer(const RunContext& run, const RunView& view,
                                const ServerReport& server) {
  if (!server.watched) return StandingByReplies(run, view);
  if (server.ended_badly) {
    return {Tone::kWarn, run.ui.tr.Format(Text::kServerEndedBadly, ToPrintable(server.ending))};
  }
  if (server.alive && view.is_over) return {Tone::kQuiet, run.ui.tr(Text::kServerLived)};
  if (server.alive) return {Tone::kPass, run.ui.tr(Text::kServerAlive)};
  return {Tone::kFail,
          server.ending.empty() ? run.ui.tr(Text::kServerEnded) : ToPrintable(server.ending)};
}

/// In columns as wide as the widest of them may be, so that one that changes moves none.
void DrawFacts(const RunContext& run, const std::vector<std::string>& facts, float width) {
  ImGui::PushFont(run.ui.fonts.small);
  const float gap = ImGui::GetFontSize();
  float widest = 0;
  for (const std::string& sample : {std::string("pid 8888888"), std::string("CPU 8,888 %"),
                                    std::string("888.8 MB"), run.ui.tr.Format(Text::kThreads, 888)})
    widest = std::max(widest, ImGui::CalcTextSize(sample.c_str()).x);
  // All in a row, or else two.
  const std::size_t columns = width + gap >= 4 * (widest + gap) ? 4 : 2;
  const float each = std::floor((width + gap) / static_cast<float>(columns));
  const float left = ImGui::GetCursorPosX();
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (i % columns != 0) ImGui::SameLine(left + each * static_cast<float>(i % columns));
    Quiet(run.ui, facts[i]);
    if (run.ui.probe.enabled()) run.ui.probe.Item(fmt::format("run.server.fact.{}", i));
  }
  ImGui::PopFont();
}

void DrawProcess(const RunContext& run, const ServerReport& server, float width) {
  std::vector<std::string> facts;
  const bool may_live = !run.now.view->is_over;  // afterwards its number may be another's
  if (server.pid != 0 && may_live) facts.push_back(fmt::format("pid {}", server.pid));
  if (server.memory_bytes > 0) {
    facts.push_back(fmt::format("CPU {} %", FormatNumber(server.cpu_percent, 0)));
    facts.push_back(FormatBytes(server.memory_bytes));
    facts.push_back(run.ui.tr.Format(Text::kThreads, server.threads));
  }
  DrawFacts(run, facts, width);
}

/// What is known of one that died: where, on which packets, and what it said last.
void DrawLastWords(const RunContext& run, const ServerReport& server) {
  ImGui::PushFont(run.ui.fonts.small);
  if (!server.last_packets.empty()) {
    Quiet(run.ui, run.ui.tr(Text::kLastPackets));
    Wrapped(ToPrintable(server.last_packets), 0);
  }
  if (!server.stack.empty()) {
    Quiet(run.ui, run.ui.tr(Text::kStack));
    for (const std::string& line : server.stack) Wrapped(ToPrintable(line), 0);
  }
  std::size_t told = 0;
  for (const std::string& line : LinesThatTell(server.last_lines)) {
    if (line.find_first_not_of(" \t=") == std::string::npos) continue;
    if (told == 0) Quiet(run.ui, run.ui.tr(Text::kLastLines));
    Wrapped(ToPrintable(line), 0);
    if (++told == kLastLinesMax) break;  // all of them are below, in a tab
  }
  ImGui::PopFont();
}

void DrawServer(const RunContext& run, const ServerReport& server, float width) {
  const ServerStanding standing = StandingOfServer(run, *run.now.view, server);
  Dot(ColorOf(*run.ui.theme, standing.tone));
  ImGui::SameLine(0, 0.25F * ImGui::GetFontSize());
  Toned(run.ui, standing.tone, standing.text);
  run.ui.probe.Value("run.server", standing.text);
  std::string where = ToPrintable(server.name);
  if (!server.target.empty()) where += "  " + ToPrintable(server.target);
  Small(run.ui, where);
  DrawProcess(run, server, width);
  if (server.has_last_words()) DrawLastWords(run, server);
}

}  // namespace

void DrawServerCard(const RunContext& run) {
  const Card card("server", run.ui.theme->card, run.ui.theme->line);
  Quiet(run.ui, run.ui.tr(Text::kServer));
  if (run.now.view == nullptr) {
    Small(run.ui, run.ui.tr(Text::kServerUnknownYet));
    return;
  }
  bool all_live = true;
  for (const ServerReport& server : run.now.view->result.servers) {
    DrawServer(run, server, card.inner_width());
    all_live = all_live && (server.alive || !server.watched);
  }
  run.ui.probe.Value("run.server_alive", all_live);
}

}  // namespace stressbot::run
