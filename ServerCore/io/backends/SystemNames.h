#pragma once
#include <string>
#include <vector>

#include "ServerCore/Result.h"
#include "ServerCore/net/NetAddress.h"

/// What NetAddress needs of the system: digits to bytes and back, and names.
namespace servercore {

/// "127.0.0.1" or "::1", without brackets, scope or port. Errors: invalid_argument.
Result<NetAddress> ParseHostDigits(const std::string& host, std::uint16_t port);

/// The reverse: bytes as digits, without scope and port. REQUIRES a family.
std::string FormatHostDigits(const NetAddress& address);

/// Every TCP address of a name, in the system's order of preference, each once. Blocks.
/// Errors: host_unreachable when the name is not known, else what the resolver said.
Result<std::vector<NetAddress>> ResolveHost(const std::string& host, std::uint16_t port);

}  // namespace servercore
