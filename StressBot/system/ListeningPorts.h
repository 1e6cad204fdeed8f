#pragma once
#include <cstdint>
#include <vector>

namespace stressbot {

/// The TCP ports on which one of these processes listens, ascending. Read from the system's tables:
/// a probing connection would be a client that the server serves.
std::vector<std::uint16_t> ListeningPorts(const std::vector<std::int64_t>& processes);

}  // namespace stressbot
