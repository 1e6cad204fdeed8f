#pragma once
#include <functional>

#include "StressBot/dashboard/DashboardOptions.h"
#include "StressBot/dashboard/ui/Ui.h"

namespace stressbot {

/// The screens, and what they show. The Shell calls it; all threads but the main one only say
/// `wake` when they have something new.
class App {
 public:
  /// `ui` outlives it, and so does what `wake` calls.
  App(Ui& ui, const DashboardOptions& options, std::function<void()> wake);

  /// Draws everything, between ImGui::NewFrame and Render.
  void Frame();
  /// The user closes the window: what runs is ended in order first.
  void AskToClose() { is_closing_ = true; }
  bool WantsClose() const { return is_closing_; }

 private:
  void DrawMenuBar();

  Ui& ui_;
  const DashboardOptions options_;
  std::function<void()> wake_;
  bool is_closing_ = false;
};

}  // namespace stressbot
