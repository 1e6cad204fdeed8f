#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "StressBot/dashboard/model/SavedRuns.h"
#include "StressBot/dashboard/ui/Ui.h"

namespace stressbot::start {

/// Asks for a saved run: lists those of a folder, lets one walk to others. Thread: the one that
/// draws.
class OpenRunBox {
 public:
  void Open();
  /// Once a frame. The file that was chosen; the box stays until Close, in case it cannot be read.
  std::optional<std::filesystem::path> Draw(Ui& ui);
  void Close() { is_to_close_ = true; }
  void ShowError(std::string error) { error_ = std::move(error); }

 private:
  void GoTo(const std::filesystem::path& folder);
  void DrawFolder(Ui& ui, std::optional<std::filesystem::path>& chosen);

  bool is_to_open_ = false, is_to_close_ = false;
  SavedRuns found_;
  std::string file_, error_;
};

}  // namespace stressbot::start
