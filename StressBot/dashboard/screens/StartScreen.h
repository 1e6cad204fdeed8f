#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "StressBot/cli/Options.h"
#include "StressBot/dashboard/DashboardOptions.h"
#include "StressBot/dashboard/model/RunSettings.h"
#include "StressBot/dashboard/model/ScenarioList.h"
#include "StressBot/dashboard/screens/start/OpenRunBox.h"
#include "StressBot/dashboard/screens/start/SaveScenarioBox.h"
#include "StressBot/dashboard/screens/start/ScenarioPicker.h"
#include "StressBot/dashboard/ui/Ui.h"

namespace stressbot {

/// What one can run: the scenarios of a folder on the left, the chosen one with all that may be
/// changed on the right. Thread: the one that draws.
class StartScreen {
 public:
  /// What the user wants, of this frame.
  struct Wish {
    std::optional<Options> run{};       ///< start it
    std::filesystem::path saved_run{};  ///< show it; may turn out to be none
  };

  /// `ui` outlives it; `wake` may be called from another thread.
  StartScreen(Ui& ui, const DashboardOptions& options, std::function<void()> wake);

  /// Fills the window. `complaints` tell why the run that was started last was refused.
  Wish Draw(const std::vector<std::string>& complaints);
  bool has_listing() const { return listing_ != nullptr; }  ///< as it was drawn last
  /// It is not drawn for a while, or is again: files are not looked at meanwhile.
  void set_shown(bool is_shown) { list_.set_watching(is_shown); }
  /// Of the saved run that was wished for.
  void TellUnreadable(std::string error) { open_box_.ShowError(std::move(error)); }
  void TellOpened() { open_box_.Close(); }

 private:
  struct Edited {
    std::shared_ptr<const ListedScenario> scenario;
    RunSettings settings;
  };

  void TakeNews();
  void ChooseFirst();
  Edited* EditedOf(const std::filesystem::path& file);
  /// As it would run now, or would have before the newest change; null while nothing is known.
  std::shared_ptr<const PlannedRun> PlanOf(Edited& edited, bool is_understood);
  void DrawRefusal(const std::vector<std::string>& complaints,
                   const std::vector<Diagnostic>& mistakes);
  void SetServer(const ListedScenario& scenario, RunSettings& settings) const;
  void ObeyKeys();
  void DrawLeft(float width);
  void DrawRight(const std::vector<std::string>& complaints, Wish& wish);
  void DrawNothing();
  void DrawCommandLine(const RunSettings& settings);
  void DrawBottom(const RunSettings& settings, bool is_sound, Wish& wish);
  void Start(const RunSettings& settings, Wish& wish);

  Ui& ui_;
  const DashboardOptions options_;
  const std::string reference_server_;
  std::shared_ptr<const ScenarioListing> listing_;  ///< null until it has been read
  std::filesystem::path chosen_;
  std::filesystem::path saved_;  ///< to be chosen as soon as it is in the listing
  std::map<std::filesystem::path, Edited> edited_;
  PlannedRun asked_;  ///< the plan that was asked for last; its scenario is not known here
  std::filesystem::path started_;  ///< the scenario of the run that was started last
  std::string error_;              ///< why nothing was started
  bool form_takes_keys_ = false;
  start::ScenarioPicker picker_;
  start::SaveScenarioBox save_box_;
  start::OpenRunBox open_box_;
  ScenarioList list_;  // last: its thread wakes who draws
};

}  // namespace stressbot
