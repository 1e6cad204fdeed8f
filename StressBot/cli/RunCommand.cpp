#include "StressBot/cli/RunCommand.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>

#include "ServerCore/io/StopSignals.h"
#include "StressBot/cli/ReportFiles.h"
#include "StressBot/cli/RunConsole.h"
#include "StressBot/cli/RunPlan.h"
#include "StressBot/cli/RunSession.h"
#include "StressBot/control/ControlServer.h"

namespace stressbot {

ExitCode RunScenario(const Options& options) {
  std::unique_ptr<RunPlan> plan = PrepareRun(options, TellOnTerminal);
  if (plan == nullptr) return ExitCode::kConfiguration;
  servercore::StopSignals signals;
  RunSession session(options, std::move(plan), signals);
  std::unique_ptr<ControlServer> control_server;
  if (options.control) {
    std::string error;
    control_server = ControlServer::Start(*options.control, session.control(), error);
    if (control_server == nullptr) session.GiveUp(std::move(error));
  }
  std::optional<RunConsole> console;
  if (!options.quiet) {
    console.emplace(session.plan(), session.metrics(), session.control(), control_server.get());
  }
  RunResult result;
  try {
    result = session.Run(console ? &*console : nullptr);
  } catch (const std::exception& error) {
    if (session.all_ended()) throw;
    console.reset();
    std::fprintf(stderr, "stressbot: internal error: %s\n", error.what());
    std::_Exit(static_cast<int>(ExitCode::kInternalError));  // the bots still use what would unwind
  }
  console.reset();  // the terminal is as it was
  const ExitCode code = WriteReports(result, options);
  if (!session.all_ended()) std::_Exit(static_cast<int>(code));
  return code;
}

}  // namespace stressbot
