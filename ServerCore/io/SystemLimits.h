#pragma once
#include <cstddef>

namespace servercore {

/// Raises the number of descriptors this process may hold to what the system allows it without
/// special rights, and returns the limit now in force. Thread: any, before sockets are opened.
std::size_t RaiseDescriptorLimit();

}  // namespace servercore
