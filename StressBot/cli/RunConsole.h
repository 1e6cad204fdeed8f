#pragma once
#include <memory>
#include <optional>

#include "StressBot/cli/KeyCommands.h"
#include "StressBot/cli/ProgressPrinter.h"
#include "StressBot/cli/RunObserver.h"
#include "StressBot/cli/RunPlan.h"
#include "StressBot/control/ControlServer.h"
#include "StressBot/control/RunControl.h"
#include "StressBot/system/KeyReader.h"

namespace stressbot {

/// A run in a terminal: what it is, how it goes, what happens; and keys to steer it by.
class RunConsole : public RunObserver {
 public:
  /// All outlive it; `server` is null without --control.
  RunConsole(const RunPlan& plan, const RunMetrics& metrics, RunControl& control,
             const ControlServer* server);

  void OnBegin() override;
  void OnLook() override;
  void OnInterval(const MetricsInterval& interval, const ByHand& by_hand) override;
  void OnNews(const std::string& line) override;

 private:
  void Announce() const;

  const RunPlan& plan_;
  const RunMetrics& metrics_;
  RunControl& control_;
  const ControlServer* const server_;
  std::optional<ProgressPrinter> progress_;
  std::unique_ptr<KeyReader> keys_;  ///< null without a terminal
  std::optional<KeyCommands> key_commands_;
};

}  // namespace stressbot
