#pragma once
#include <cstdint>
#include <vector>

namespace stressbot {

/// The TCP ports on which a process or another one of its process group listens, ascending. Read
/// from the system's tables: a probing connection would be a client that the server serves.
std::vector<std::uint16_t> ListeningPorts(std::int64_t process_group);

}  // namespace stressbot
