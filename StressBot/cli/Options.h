#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ServerCore/net/NetAddress.h"
#include "StressBot/report/RunResult.h"
#include "StressBot/scenario/ScenarioFile.h"

namespace stressbot {

/// What the command line says, understood.
struct Options {
  enum class Command : std::uint8_t { kRun, kCheck };

  Command command = Command::kRun;
  std::string scenario_file;
  ScenarioOptions scenario;
  std::string server_command;  ///< of --server; empty: the server is not ours
  std::vector<std::filesystem::path> json_files;
  std::size_t shards = 0;  ///< 0: chosen by the machine
  std::vector<servercore::NetAddress> source_addresses;
  bool allow_public_target = false;
  bool saturation_fails = true;  ///< otherwise it is only told
  bool quiet = false;
};

/// Options, or the code to leave with when everything was said already (--help, a mistake).
struct ParsedOptions {
  std::optional<Options> options;
  ExitCode leave_with = ExitCode::kPassed;
};

/// Prints help, version and mistakes itself.
ParsedOptions ParseOptions(int argc, const char* const* argv);

std::string ToolVersion();

}  // namespace stressbot
