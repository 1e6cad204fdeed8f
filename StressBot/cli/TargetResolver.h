#pragma once
#include <string>
#include <vector>

#include "StressBot/cli/Options.h"
#include "StressBot/engine/Program.h"

namespace stressbot {

/// Looks up the addresses of the program's servers and fills them in. Blocks while names resolve.
/// Returns a sentence for each target that is unknown, public without permission, of port 0 without
/// --server, or out of reach of the source addresses.
std::vector<std::string> ResolveTargets(const Options& options, Program& program);

}  // namespace stressbot
