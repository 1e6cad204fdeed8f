#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "StressBot/dashboard/DashboardOptions.h"
#include "StressBot/dashboard/model/RunHost.h"
#include "StressBot/dashboard/screens/RunScreen.h"
#include "StressBot/dashboard/screens/StartScreen.h"
#include "StressBot/dashboard/ui/Ui.h"

namespace stressbot {

/// The screens, and what they show. The Shell calls it; all threads but the main one only say
/// `wake` when they have something new.
class App {
 public:
  /// `ui` outlives it, and so does what `wake` calls.
  App(Ui& ui, const DashboardOptions& options, const std::function<void()>& wake);

  /// Draws everything, between ImGui::NewFrame and Render.
  void Frame();
  /// Whether what was drawn last is all there is to show, and not that something is read yet.
  bool IsSettled() const { return screen_ == Screen::kRun || start_.has_listing(); }
  /// The user closes the window: what runs is ended in order first, as by Ctrl-C in a terminal.
  /// Asked twice, its bots are cut off.
  void AskToClose();
  /// Before it is destroyed: as RunHost::Close.
  bool Close() { return host_.Close(); }
  bool WantsClose() const;

 private:
  enum class Screen : std::uint8_t { kStart, kRun };

  void DrawMenuBar();
  void DrawStart();
  void DrawRun();
  void DrawEnding() const;
  void Show(Screen screen);
  void Start(Options options);
  bool OpenRun(const std::filesystem::path& file);

  Ui& ui_;
  Screen screen_ = Screen::kStart;
  std::string command_line_;  ///< of the run that was started last
  std::optional<std::chrono::steady_clock::time_point> closes_at_;  ///< at the latest
  RunHost host_;
  StartScreen start_;
  RunScreen run_;
};

}  // namespace stressbot
