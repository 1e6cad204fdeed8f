#include <cstdlib>
#include <exception>
#include <string>

#include "ServerCore/io/StopSignals.h"
#include "ServerCore/io/Utf8Program.h"
#include "StressBot/dashboard/App.h"
#include "StressBot/dashboard/DashboardOptions.h"
#include "StressBot/dashboard/Shell.h"
#include "StressBot/system/OwnConsole.h"

namespace {

using namespace stressbot;

int Tell(const OwnConsole& console, const std::string& error, ExitCode code) {
  console.TellError("stressbot-dashboard: " + error);
  return static_cast<int>(code);
}

int Show(const DashboardOptions& options, OwnConsole& console) {
  servercore::StopSignals signals;  // before a driver of OpenGL starts threads
  std::string error;
  const std::unique_ptr<Shell> shell = Shell::Open(options, error);
  if (shell == nullptr) return Tell(console, error, ExitCode::kCouldNotBegin);
  if (!options.offscreen) console.Close();
  App app(shell->ui(), options, [&shell] { shell->Wake(); });
  const bool all_went_well = shell->Run(app, signals, error);
  const int code = all_went_well ? 0 : Tell(console, error, ExitCode::kReportNotWritten);
  if (!app.Close()) std::_Exit(code);  // bots hang: what they use lives as long as we do
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  const servercore::Utf8Program program(argc, argv);
  OwnConsole console;
  try {
    const ParsedDashboardOptions parsed = ParseDashboardOptions(program.argc(), program.argv());
    if (!parsed.options) return static_cast<int>(parsed.leave_with);
    return Show(*parsed.options, console);
  } catch (const std::exception& error) {
    return Tell(console, std::string("internal error: ") + error.what(), ExitCode::kInternalError);
  }
}
