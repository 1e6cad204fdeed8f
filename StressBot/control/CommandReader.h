#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "StressBot/control/ControlCommand.h"

namespace stressbot {

/// "pause", "resume", "bots" ...: the commands, as the paths of the interface name them.
const std::vector<std::string>& CommandNames();

/// A command from its name and its arguments, a JSON object; no text is an empty one. Nothing, and
/// one sentence in `error`, when they are no such command.
std::optional<ControlCommand> ReadCommand(std::string_view name, std::string_view body,
                                          std::string& error);

}  // namespace stressbot
