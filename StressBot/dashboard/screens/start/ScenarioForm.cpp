#include "StressBot/dashboard/screens/start/ScenarioForm.h"

#include <fmt/format.h>
#include <imgui.h>

#include "StressBot/dashboard/ui/Look.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot::start {

namespace {

constexpr float kLabelWidth = 150;

void DrawServerChoice(Form& form, RunSettings::Server server, Text text, const char* probe_name) {
  const bool is_chosen = form.settings.server == server;
  const float width = ImGui::CalcTextSize(form.ui.tr(text)).x + 2 * ImGui::GetFrameHeight();
  if (server != RunSettings::Server::kBundled) BesideIfItFits(form.ui, width);
  if (ImGui::RadioButton(form.ui.tr(text), is_chosen)) form.settings.server = server;
  form.ui.probe.Item(probe_name);
  form.ui.probe.Value(probe_name, form.settings.server == server);
}

void DrawProblem(const Form& form, const std::string& field) {
  if (const char* problem = form.ProblemOf(field)) {
    ProblemText(form.ui, problem);
    form.ui.probe.Value("start.problem." + field, problem);
  }
}

void DrawTargets(Form& form) {
  const bool is_bundled = form.settings.server == RunSettings::Server::kBundled;
  for (RunSettings::Target& target : form.settings.targets) {
    const bool is_only = form.settings.targets.size() == 1;
    const std::string label =
        is_only ? form.ui.tr(Text::kTarget)
                : fmt::format("{} ({})", form.ui.tr(Text::kTarget), target.server);
    Label(form.ui, label.c_str(), kLabelWidth);
    if (is_bundled) {
      ImGui::AlignTextToFramePadding();
      ImGui::TextColored(ToVec4(form.ui.theme->quiet), "%s", form.ui.tr(Text::kFreePort));
      continue;
    }
    EditedField(form, "target." + target.server, target.text, 260);
    DrawProblem(form, "target." + target.server);
  }
  if (is_bundled) return;
  ImGui::Checkbox(form.ui.tr(Text::kAllowPublicTarget), &form.settings.allow_public_target);
  form.ui.probe.Item("start.public");
}

}  // namespace

void DrawAbout(const Ui& ui, const ListedScenario& scenario) {
  ImGui::PushFont(ui.fonts.title);
  ImGui::TextWrapped("%s", scenario.name.c_str());
  ImGui::PopFont();
  if (!scenario.description.empty()) ImGui::TextWrapped("%s", scenario.description.c_str());
  SmallText(ui, Utf8Of(scenario.file));
  for (const Diagnostic& warning : scenario.warnings) {
    ImGui::PushStyleColor(ImGuiCol_Text, ToVec4(ui.theme->warn));
    ImGui::TextWrapped("%s", warning.ToString().c_str());
    ImGui::PopStyleColor();
  }
}

void DrawServer(Form& form) {
  Ui& ui = form.ui;
  RunSettings& settings = form.settings;
  Heading(ui, ui.tr(Text::kServer));
  DrawServerChoice(form, RunSettings::Server::kBundled, Text::kServerBundled,
                   "start.server.bundled");
  DrawServerChoice(form, RunSettings::Server::kCommand, Text::kServerCommand,
                   "start.server.command");
  DrawServerChoice(form, RunSettings::Server::kRunning, Text::kServerRunning,
                   "start.server.running");
  if (settings.server == RunSettings::Server::kCommand) {
    Label(ui, ui.tr(Text::kCommand), kLabelWidth);
    TextField(form, "command", settings.command, 0, "./game-server --port 7777");
    DrawProblem(form, "command");
  }
  if (settings.server == RunSettings::Server::kBundled) {
    Label(ui, ui.tr(Text::kReferenceOptions), kLabelWidth);
    TextField(form, "reference", settings.reference_options, 0, "--room-size 1000");
    DrawProblem(form, "reference");
  }
  DrawTargets(form);
}

void DrawVariables(Form& form) {
  if (form.settings.variables.empty()) return;
  Heading(form.ui, form.ui.tr(Text::kVariables));
  for (RunSettings::Variable& variable : form.settings.variables) {
    Label(form.ui, variable.name.c_str(), kLabelWidth);
    EditedField(form, "var." + variable.name, variable.text, 0);
  }
}

bool DrawMistakes(Ui& ui, const ListedScenario& scenario) {
  const std::size_t count = scenario.mistakes.size();
  ImGui::PushStyleColor(ImGuiCol_Text, ToVec4(ui.theme->fail));
  ImGui::TextUnformatted(count == 1 ? ui.tr(Text::kOneMistake)
                                    : ui.tr.Format(Text::kMistakes, count).c_str());
  ImGui::PopStyleColor();
  QuietText(ui, ui.tr(Text::kMistakesMore));
  const bool looks_again = ImGui::Button(ui.tr(Text::kLookAgain));
  ui.probe.Item("start.look");
  ui.probe.Value("start.mistakes", count);
  for (const Diagnostic& mistake : scenario.mistakes) {
    ImGui::Separator();
    const std::string place =
        mistake.line > 0 ? fmt::format("{}:{}", mistake.file, mistake.line) : mistake.file;
    ImGui::PushStyleColor(ImGuiCol_Text, ToVec4(ui.theme->link));
    ImGui::TextWrapped("%s", place.c_str());
    ImGui::PopStyleColor();
    if (!mistake.path.empty()) {
      ImGui::SameLine();
      ImGui::TextColored(ToVec4(ui.theme->quiet), "%s", mistake.path.c_str());
    }
    ImGui::TextWrapped("%s", mistake.message.c_str());
  }
  return looks_again;
}

}  // namespace stressbot::start
