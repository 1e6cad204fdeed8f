#include <cstdio>
#include <cstdlib>
#include <exception>
#include <utility>

#include "ServerCore/io/Utf8Program.h"
#include "StressBot/cli/CapacityCommand.h"
#include "StressBot/cli/CheckCommand.h"
#include "StressBot/cli/CompareCommand.h"
#include "StressBot/cli/ConformanceCommand.h"
#include "StressBot/cli/Options.h"
#include "StressBot/cli/ProbeCommand.h"
#include "StressBot/cli/ProtocolCommand.h"
#include "StressBot/cli/ReportCommand.h"
#include "StressBot/cli/RunCommand.h"
#include "StressBot/cli/RunSeries.h"
#include "StressBot/cli/TraceCommand.h"
#include "StressBot/system/KeyReader.h"

namespace {

using namespace stressbot;

int ToInt(ExitCode code) { return static_cast<int>(code); }

/// For exceptions that leave a thread or a noexcept function: nobody can catch these.
[[noreturn]] void EndWithInternalError() noexcept {
  RestoreTerminal();
  std::fputs("stressbot: internal error: an exception was not caught; please report it\n", stderr);
  std::_Exit(ToInt(ExitCode::kInternalError));
}

ExitCode Obey(const Options& options) {
  switch (options.command) {
    case Options::Command::kRun:
      return options.series.wanted() ? RunSeries(options) : RunScenario(options);
    case Options::Command::kCheck:
      return CheckScenario(options);
    case Options::Command::kTrace:
      return TraceScenario(options);
    case Options::Command::kProbe:
      return ProbeServer(options);
    case Options::Command::kConformance:
      return TestConformance(options);
    case Options::Command::kReport:
      return MakeReports(options);
    case Options::Command::kCompare:
      return CompareRuns(options.compare);
    case Options::Command::kCapacity:
      return MeasureCapacity(options);
    case Options::Command::kProtocolInit:
      return DraftProtocolFile(options.protocol);
    case Options::Command::kProtocolShow:
      return ShowProtocol(options.protocol);
  }
  return ExitCode::kInternalError;
}

}  // namespace

int main(int argc, char** argv) {
  std::set_terminate(EndWithInternalError);
  try {
    const servercore::Utf8Program program(argc, argv);
    const ParsedOptions parsed = ParseOptions(program.argc(), program.argv());
    if (!parsed.options) return ToInt(parsed.leave_with);
    return ToInt(Obey(*parsed.options));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "stressbot: internal error: %s\n", error.what());
    return ToInt(ExitCode::kInternalError);
  }
}
