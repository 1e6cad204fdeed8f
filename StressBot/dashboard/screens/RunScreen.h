#pragma once
#include <functional>
#include <memory>
#include <string>

#include "StressBot/dashboard/model/RunHost.h"
#include "StressBot/dashboard/ui/Ui.h"

namespace stressbot {

namespace run {
struct RunNow;
}

/// One screen for a run that goes on, that is over, and that was opened from a file. It fills the
/// window below the menu bar. Thread: the one that draws.
class RunScreen {
 public:
  /// Both outlive it.
  RunScreen(Ui& ui, RunHost& host);
  RunScreen(const RunScreen&) = delete;
  RunScreen& operator=(const RunScreen&) = delete;
  ~RunScreen();

  /// The run that is shown as a command line, to be copied. Without it, or while it is empty, there
  /// is no such button.
  void set_command_line(std::function<std::string()> text);

  /// What the host has now.
  void Draw();
  /// The same of other data, which only a picture or a test has.
  void Draw(const run::RunNow& now);

  /// Another run shall be shown from its beginning. Whoever starts or opens one says so.
  void Reset();
  /// The user wants to begin anew; told once.
  bool TakeNewRunWish();
  /// Opens the dialog that saves reports, as its button does.
  void AskToSave();

 private:
  struct Parts;
  void TakeNow();

  Ui& ui_;
  RunHost& host_;
  std::unique_ptr<Parts> parts_;
};

}  // namespace stressbot
