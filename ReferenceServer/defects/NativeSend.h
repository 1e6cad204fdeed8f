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

/// All of it, as a socket does that blocks: waits while there is no room, for ever if need be.
/// Errors and thread: the same.
std::error_code NativeSendAll(std::intptr_t socket, std::span<const std::byte> bytes);

}  // namespace reference::defects
