#include <cstdio>
#include <exception>
#include <string>

#include "ServerCore/io/Utf8Program.h"
#include "StressBot/dashboard/App.h"
#include "StressBot/dashboard/DashboardOptions.h"
#include "StressBot/dashboard/Shell.h"

namespace {

using namespace stressbot;

int Tell(const std::string& error, ExitCode code) {
  std::fprintf(stderr, "stressbot-dashboard: %s\n", error.c_str());
  return static_cast<int>(code);
}

int Show(const DashboardOptions& options) {
  std::string error;
  const std::unique_ptr<Shell> shell = Shell::Open(options, error);
  if (shell == nullptr) return Tell(error, ExitCode::kCouldNotBegin);
  App app(shell->ui(), options, [&shell] { shell->Wake(); });
  if (!shell->Run(app, error)) return Tell(error, ExitCode::kReportNotWritten);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const servercore::Utf8Program program(argc, argv);
    const ParsedDashboardOptions parsed = ParseDashboardOptions(program.argc(), program.argv());
    if (!parsed.options) return static_cast<int>(parsed.leave_with);
    return Show(*parsed.options);
  } catch (const std::exception& error) {
    return Tell(std::string("internal error: ") + error.what(), ExitCode::kInternalError);
  }
}
