#include "StressBot/dashboard/screens/StartScreen.h"

#include <imgui.h>

#include <algorithm>
#include <cfloat>
#include <system_error>
#include <utility>

#include "StressBot/dashboard/screens/start/ScenarioForm.h"
#include "StressBot/dashboard/ui/Look.h"
#include "StressBot/system/Environment.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

namespace {

using start::Form;

constexpr const char* kFirstScenario = "login_enter_chat";

std::filesystem::path FolderFor(const DashboardOptions& options) {
  return FindScenarioFolder(PathOf(options.scenario_folder), "", PathOf(OwnProgramFile()));
}

/// The file may have been saved since, with other groups.
bool HasGroupsOf(const ListedScenario& scenario, const RunSettings& settings) {
  return std::ranges::equal(scenario.groups, settings.groups, {}, &GroupSummary::name,
                            &RunSettings::Group::name);
}

}  // namespace

StartScreen::StartScreen(Ui& ui, const DashboardOptions& options, std::function<void()> wake)
    : ui_(ui),
      options_(options),
      reference_server_(FindReferenceServer(PathOf(OwnProgramFile()))),
      list_(FolderFor(options), PathOf(options.file), std::move(wake)) {}

void StartScreen::TakeNews() {
  auto listing = list_.listing();
  if (listing == listing_) return;
  listing_ = std::move(listing);
  ui_.is_settling = true;
  for (const auto& scenario : listing_->scenarios) {
    ui_.Saw(scenario->name);
    ui_.Saw(scenario->description);
    for (const VariableSummary& variable : scenario->variables) ui_.Saw(variable.recipe);
    for (const Diagnostic& mistake : scenario->mistakes) ui_.Saw(mistake.message);
  }
  const auto is_saved = [this](const auto& scenario) {
    std::error_code failure;
    return std::filesystem::equivalent(scenario->file, saved_, failure);
  };
  if (!saved_.empty()) {
    const auto found = std::ranges::find_if(listing_->scenarios, is_saved);
    if (found != listing_->scenarios.end()) chosen_ = (*found)->file;
    saved_.clear();
    picker_.Reveal();
  }
  if (listing_->Find(chosen_) == nullptr) ChooseFirst();
}

void StartScreen::ChooseFirst() {
  chosen_.clear();
  picker_.Reveal();
  if (listing_->named != nullptr) {
    chosen_ = listing_->named->file;
  } else if (!listing_->scenarios.empty()) {
    const auto known = std::ranges::find(listing_->scenarios, kFirstScenario,
                                         [](const auto& scenario) { return scenario->name; });
    const bool is_known = known != listing_->scenarios.end();
    chosen_ = (is_known ? *known : listing_->scenarios.front())->file;
  }
}

void StartScreen::SetServer(const ListedScenario& scenario, RunSettings& settings) const {
  settings.reference_server = reference_server_;
  settings.command = options_.server_command;
  if (!options_.target.empty()) {
    for (RunSettings::Target& target : settings.targets) target.text.text = options_.target;
  }
  const bool is_free = options_.target.empty() && options_.server_command.empty();
  if (!options_.server_command.empty()) {
    settings.server = RunSettings::Server::kCommand;
  } else if (is_free && !reference_server_.empty() && SuitsReferenceServer(scenario)) {
    settings.server = RunSettings::Server::kBundled;
  }
}

StartScreen::Edited* StartScreen::EditedOf(const std::filesystem::path& file) {
  const auto scenario =
      std::ranges::find(listing_->scenarios, file, [](const auto& s) { return s->file; });
  if (scenario == listing_->scenarios.end()) return nullptr;
  auto [place, is_new] = edited_.try_emplace(file);
  Edited& edited = place->second;
  if (edited.scenario == *scenario) return &edited;
  // While it has mistakes nothing can be edited, and what was edited waits.
  const bool was_sound = !is_new && !edited.settings.scenario_file.empty();
  if ((*scenario)->is_sound()) {
    RunSettings settings =
        was_sound ? Renewed(edited.settings, **scenario) : SettingsOf(**scenario);
    if (!was_sound) SetServer(**scenario, settings);
    edited.settings = std::move(settings);
  }
  edited.scenario = *scenario;
  return &edited;
}

std::shared_ptr<const PlannedRun> StartScreen::PlanOf(Edited& edited, bool is_understood) {
  if (is_understood) {
    std::vector<std::string> words = WordsOf(edited.settings);
    if (asked_.of != edited.scenario || asked_.words != words) {
      list_.Plan(edited.scenario, words);
      asked_.of = edited.scenario;
      asked_.words = std::move(words);
    }
  }
  auto plan = list_.plan();
  return plan != nullptr && plan->of == edited.scenario ? plan : nullptr;
}

/// ImGui's own Tab stays within one part of the window, and does nothing in a list.
void StartScreen::ObeyKeys() {
  const bool is_tab = picker_.has_keys() && ui_.Pressed({.key = key::kTab});
  const bool is_other_part = ui_.Pressed({.key = key::F(6)});
  if (is_tab || (is_other_part && picker_.has_keys())) {
    form_takes_keys_ = true;
  } else if (is_other_part) {
    picker_.TakeKeys();
  }
}

void StartScreen::DrawLeft(float width) {
  ImGui::BeginChild("##left", {width, 0});
  const float button = ImGui::GetFrameHeightWithSpacing();
  ImGui::BeginChild("##picker", {0, -button});
  const std::filesystem::path before = chosen_;
  picker_.Draw(ui_, *listing_, chosen_);
  if (chosen_ != before) error_.clear();
  ImGui::EndChild();
  if (ImGui::Button(ui_.tr(Text::kOpenRun), {-FLT_MIN, 0})) open_box_.Open();
  ui_.probe.Item("start.open");
  ImGui::EndChild();
}

void StartScreen::DrawNothing() {
  const std::string folder = Utf8Of(listing_->folder);
  ImGui::PushFont(ui_.fonts.title);
  ImGui::TextWrapped(
      "%s",
      ui_.tr.Format(listing_->is_folder ? Text::kEmptyFolder : Text::kNoFolder, folder).c_str());
  ImGui::PopFont();
  start::QuietText(ui_, ui_.tr(listing_->is_folder ? Text::kEmptyFolderMore : Text::kNoFolderMore));
  if (ImGui::Button(ui_.tr(Text::kLookAgain))) list_.LookAgain();
  ui_.probe.Item("start.look");
}

void StartScreen::Start(const RunSettings& settings, Wish& wish) {
  error_.clear();
  started_ = chosen_;
  wish.run = ToOptions(settings, error_);
}

void StartScreen::DrawCommandLine(const RunSettings& settings) {
  const std::string command = CommandLineOf(settings, UsualQuoting());
  ui_.probe.Value("start.command", command);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {8 * ui_.scale, 2 * ui_.scale});
  if (ImGui::GetContentRegionAvail().x > 440 * ui_.scale) {  // else there is no room for it
    ImGui::AlignTextToFramePadding();
    start::SmallText(ui_, ui_.tr(Text::kCommandLine));
    ImGui::SameLine();
  }
  if (ImGui::Button(ui_.tr(Text::kCopy))) ui_.Copy(command);
  ui_.probe.Item("start.copy");
  ImGui::SameLine();
  if (ImGui::Button(ui_.tr(Text::kSaveChanged))) save_box_.Open(settings);
  ui_.probe.Item("start.save");
  ImGui::PopStyleVar();
  ImGui::PushStyleColor(ImGuiCol_ChildBg, ToVec4(ui_.theme->page));
  ImGui::BeginChild("##command", {0, 0}, true);
  ImGui::PushFont(ui_.fonts.small);
  ImGui::TextWrapped("%s", command.c_str());
  ImGui::PopFont();
  ImGui::EndChild();
  ImGui::PopStyleColor();
}

void StartScreen::DrawBottom(const RunSettings& settings, bool is_sound, Wish& wish) {
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const float button_width = std::min(190 * ui_.scale, room.x * 0.3F);
  ImGui::BeginChild("##line", {room.x - button_width - ImGui::GetStyle().ItemSpacing.x, 0}, false,
                    ImGuiWindowFlags_NavFlattened);
  DrawCommandLine(settings);
  ImGui::EndChild();
  ImGui::SameLine();
  const bool is_pressed =
      start::MainButton(ui_, "start.run", ui_.tr(Text::kStart), is_sound, {button_width, room.y});
  const bool is_keyed = ui_.Pressed({.key = key::kEnter, .ctrl = true}) ||
                        (picker_.has_keys() && ui_.Pressed({.key = key::kEnter}));
  if (is_pressed || (is_keyed && is_sound)) Start(settings, wish);
}

void StartScreen::DrawRefusal(const std::vector<std::string>& complaints,
                              const std::vector<Diagnostic>& mistakes) {
  ui_.probe.Value("start.refusals", mistakes.size());
  for (const Diagnostic& mistake : mistakes) start::ProblemText(ui_, mistake.ToString().c_str());
  const bool was_refused = !complaints.empty() && started_ == chosen_;
  if (!mistakes.empty() || (!was_refused && error_.empty())) return;
  start::ProblemText(ui_, ui_.tr(Text::kRefused));
  for (const std::string& line : complaints) start::ProblemText(ui_, line.c_str());
  if (!error_.empty()) start::ProblemText(ui_, error_.c_str());
}

void StartScreen::DrawRight(const std::vector<std::string>& complaints, Wish& wish) {
  Edited* edited = chosen_.empty() ? nullptr : EditedOf(chosen_);
  if (edited == nullptr) return DrawNothing();
  const ListedScenario& scenario = *edited->scenario;
  ui_.probe.Value("start.chosen", scenario.name);
  const bool is_sound = scenario.is_sound();
  const float bottom = is_sound ? 96 * ui_.scale : 0;
  const bool form_takes_keys = std::exchange(form_takes_keys_, false);
  const std::vector<FieldProblem> problems =
      is_sound ? ProblemsOf(edited->settings) : std::vector<FieldProblem>{};
  const bool is_understood = is_sound && problems.empty();
  const std::shared_ptr<const PlannedRun> plan = PlanOf(*edited, is_understood);
  const bool is_newest = plan != nullptr && plan->words == asked_.words;
  const bool is_possible = !is_newest || plan->scenario.is_sound();
  ImGui::BeginChild("##form", {0, -bottom}, false, ImGuiWindowFlags_NavFlattened);
  start::DrawAbout(ui_, scenario);
  DrawRefusal(complaints, is_possible ? std::vector<Diagnostic>() : plan->scenario.mistakes);
  if (is_sound) {
    const bool is_planned = plan != nullptr && HasGroupsOf(plan->scenario, edited->settings);
    Form form{ui_, is_planned ? plan->scenario : scenario, edited->settings, problems,
              form_takes_keys};
    start::DrawLoad(form);
    start::DrawServer(form);
    start::DrawVariables(form);
  } else if (start::DrawMistakes(ui_, scenario)) {
    list_.LookAgain();
  }
  ImGui::EndChild();
  if (is_sound) DrawBottom(edited->settings, is_understood && is_possible, wish);
  if (save_box_.Draw(ui_, edited->settings)) {
    saved_ = save_box_.file();
    list_.LookAgain();
  }
}

StartScreen::Wish StartScreen::Draw(const std::vector<std::string>& complaints) {
  Wish wish;
  TakeNews();
  if (listing_ == nullptr) {
    ImGui::TextUnformatted(ui_.tr(Text::kReadingScenarios));
    return wish;
  }
  ui_.probe.Value("start.scenarios", listing_->scenarios.size());
  const float whole = ImGui::GetContentRegionAvail().x;
  ObeyKeys();
  DrawLeft(std::clamp(whole * 0.28F, 200 * ui_.scale, 380 * ui_.scale));
  ImGui::SameLine();
  ImGui::BeginChild("##right", {0, 0}, true, ImGuiWindowFlags_AlwaysUseWindowPadding);
  DrawRight(complaints, wish);
  ImGui::EndChild();
  if (auto file = open_box_.Draw(ui_)) wish.saved_run = std::move(*file);
  return wish;
}

}  // namespace stressbot
