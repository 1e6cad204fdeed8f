#pragma once
#include <cstddef>

namespace servercore {

/// Memory of this process that lies in RAM, in bytes; 0 when the system does not tell. Thread: any.
std::size_t ResidentBytes();

/// Whether somebody watches standard output on a terminal, rather than a file or a pipe.
bool OutputIsTerminal();

}  // namespace servercore
