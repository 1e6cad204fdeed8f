#pragma once
#include <string>
#include <vector>

#include "StressBot/engine/EventBoard.h"

namespace stressbot {

/// What happened, in words: "storm: 500 bots of players were reset". Of what an event asks of the
/// server, only that it asks. REQUIRES an event of the program.
std::string DescribeOccurrence(const Program& program, const Occurrence& occurrence);

/// The same of a drop that somebody asked for.
std::string DescribeDrop(const Program& program, const DropOrder& order, std::uint64_t bots);

/// A sentence for each event that needs the server's process, when nobody here has started one.
std::vector<std::string> CheckServerEvents(const Program& program, bool has_server_command);

}  // namespace stressbot
