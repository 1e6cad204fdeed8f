#pragma once
#include <optional>
#include <string>

#include "StressBot/system/CommandLine.h"

namespace stressbot {

/// A variable of the environment, UTF-8; nothing when it is not set.
std::optional<std::string> ReadEnvironment(const std::string& name);

/// The file of the program that runs, UTF-8; empty when the system does not tell.
std::string OwnProgramFile();

/// The one that people of this system type commands into.
Quoting UsualQuoting();

/// The system and its version, as "Linux 6.1.0-18-amd64 x86_64"; nothing that names the machine.
std::string SystemName();

}  // namespace stressbot
