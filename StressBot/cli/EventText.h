#pragma once
#include <string>
#include <vector>

#include "StressBot/engine/EventBoard.h"

namespace stressbot {

/// What happened, in words: "storm: 500 bots of players were reset". Of what an event asks of the
/// server, only that it asks.
std::string DescribeOccurrence(const Program& program, const Occurrence& occurrence);

/// A sentence for each event that needs the server's process, when nobody here has started one.
std::vector<std::string> CheckServerEvents(const Program& program, bool has_server_command);

}  // namespace stressbot
