#pragma once
#include <cstdint>
#include <set>
#include <vector>

namespace stressbot {

/// Wine runs Windows programs on Linux; the tests of this project use it.
bool RunsOnWine();

/// The ports of all sockets of these processes. For Wine only (8.0): its table of connections does
/// not tell whose they are, since its server holds the sockets.
std::set<std::uint16_t> PortsOnWine(const std::vector<std::int64_t>& processes);

}  // namespace stressbot
