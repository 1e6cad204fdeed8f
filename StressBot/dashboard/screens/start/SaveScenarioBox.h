#pragma once
#include <filesystem>
#include <string>

#include "StressBot/dashboard/screens/start/FormWidgets.h"

namespace stressbot::start {

/// Asks where the changed scenario shall be saved, and saves it. Thread: the one that draws.
class SaveScenarioBox {
 public:
  /// Opens with a name that is free, beside the scenario if one may write there.
  void Open(const RunSettings& settings);
  /// Once a frame. True when a file was saved.
  bool Draw(Ui& ui, const RunSettings& settings);
  std::filesystem::path file() const;  ///< that was saved last

 private:
  void Save(Ui& ui, const RunSettings& settings, bool replaces);

  bool is_to_open_ = false, is_saved_ = false, exists_ = false;
  std::string file_, error_;
};

}  // namespace stressbot::start
