#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "StressBot/dashboard/ui/Texts.h"
#include "StressBot/dashboard/ui/Theme.h"
#include "StressBot/report/RunResult.h"

namespace stressbot {

/// Of a window that nobody sees.
struct PictureSize {
  int width = 0, height = 0;
};

/// What the command line of stressbot-dashboard says, understood.
struct DashboardOptions {
  std::string file;                  ///< a scenario, or the JSON report of a run; may be empty
  std::string scenario_folder;       ///< of --scenarios; empty: the one that is found
  std::string target;                ///< of --target; empty: the scenario's
  std::string server_command;        ///< of --server; empty: none
  std::optional<Language> language;  ///< nothing: the system's
  ThemeChoice theme = ThemeChoice::kSystem;
  float scale = 1;                  ///< times the display's own
  std::filesystem::path font_file;  ///< empty: one that is found
  std::optional<PictureSize> offscreen;
  std::filesystem::path picture_file, probe_file;  ///< may be empty
};

/// Options, or the code to leave with when everything was said already (--help, a mistake).
struct ParsedDashboardOptions {
  std::optional<DashboardOptions> options;
  ExitCode leave_with = ExitCode::kPassed;
};

/// Prints help, version and mistakes itself.
ParsedDashboardOptions ParseDashboardOptions(int argc, const char* const* argv);

}  // namespace stressbot
