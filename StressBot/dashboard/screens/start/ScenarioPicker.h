#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "StressBot/dashboard/model/ScenarioList.h"
#include "StressBot/dashboard/ui/Ui.h"

namespace stressbot::start {

/// The list of scenarios, with a field that narrows it. Up and down choose, in the list and in the
/// field. Thread: the one that draws.
class ScenarioPicker {
 public:
  /// In the window as it is, so wide and high. Changes `chosen` to what was picked.
  void Draw(Ui& ui, const ScenarioListing& listing, std::filesystem::path& chosen);
  /// Whether Enter is meant for the scenario that is chosen.
  bool has_keys() const { return has_keys_; }
  void TakeKeys() { takes_keys_ = true; }    ///< from the next frame on
  void Reveal() { is_to_be_shown_ = true; }  ///< scrolls to the chosen one

 private:
  bool Fits(const ListedScenario& scenario) const;
  void DrawFilter(Ui& ui);
  void DrawRow(Ui& ui, const ListedScenario& scenario, std::filesystem::path& chosen);
  void ObeyKeys(const std::vector<const ListedScenario*>& shown, std::filesystem::path& chosen);

  std::string filter_;
  bool has_keys_ = false;
  bool is_to_be_shown_ = true;
  bool takes_keys_ = true;
};

}  // namespace stressbot::start
