#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <system_error>

namespace reference::defects {

/// One send on the system's own socket, past everything that a Session does to keep order and to
/// wait for room. Never blocks; with no room the bytes are lost, without an error. Errors: what the
/// system says of a connection that is gone, as connection_reset. Thread: any.
std::error_code NativeSend(std::intptr_t socket, std::span<const std::byte> bytes);

}  // namespace reference::defects
