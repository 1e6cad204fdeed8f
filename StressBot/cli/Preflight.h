#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "StressBot/engine/Program.h"
#include "StressBot/system/SystemLimits.h"

/// Sums that tell before the start what this machine cannot do, in a sentence with the way out.
namespace stressbot {

/// Descriptors that the tool needs beside one a connection: ports, pipes, files, libraries.
inline constexpr std::uint64_t kReservedDescriptors = 64;

/// At most one sentence.
std::vector<std::string> CheckDescriptors(const Program& program, const SystemLimits& limits);

/// Ports a source address has towards one target, with those in TIME_WAIT after orderly churn where
/// the system does not use them again. `source_addresses`: 0 when the system picks. At most one
/// sentence. REQUIRES resolved servers.
std::vector<std::string> CheckPorts(const Program& program, const SystemLimits& limits,
                                    std::size_t source_addresses);

}  // namespace stressbot
