#pragma once
#include <memory>
#include <string>

#include "ServerCore/io/StopRequests.h"
#include "StressBot/dashboard/DashboardOptions.h"
#include "StressBot/dashboard/Redraws.h"
#include "StressBot/dashboard/ui/Ui.h"

namespace stressbot {

class App;
class Window;

/// The window, its fonts and its loop: draws an App whenever there is something new to show.
/// Thread: the main one, apart from Wake.
class Shell {
 public:
  /// nullptr, and in `error` why there is no window.
  static std::unique_ptr<Shell> Open(const DashboardOptions& options, std::string& error);
  ~Shell();

  Ui& ui() { return ui_; }
  /// The App has something new to show. Thread: any; may be called while the Shell lives.
  void Wake();
  /// Until the App wants to close, which `stops` ask it to within a second. False, and why in
  /// `error`, when it could not go on: a picture or the probe's file could not be written, or a
  /// test's command cannot be obeyed.
  bool Run(App& app, servercore::StopRequests& stops, std::string& error);

 private:
  class ImGuiLife;

  explicit Shell(const DashboardOptions& options);
  void ApplyWhatChanged();
  bool DrawFrame(App& app, std::string& error);
  bool SavePictures(std::string& error);
  bool IsAnimated() const;

  const DashboardOptions options_;
  Probe probe_;
  Ui ui_;
  Redraws redraws_;
  FontFiles font_files_;
  UiSettings applied_;
  float applied_display_scale_ = 0;  ///< 0: nothing was applied yet
  std::unique_ptr<ImGuiLife> imgui_;
  std::unique_ptr<Window> window_;
};

}  // namespace stressbot
