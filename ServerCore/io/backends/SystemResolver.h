#pragma once
#include <string>
#include <vector>

#include "ServerCore/Result.h"
#include "ServerCore/io/backends/SystemAddress.h"

namespace servercore {

/// What the system's resolver says of a name, as it says it. Blocks.
/// Errors: host_unreachable when the name is not known, else what the resolver said.
Result<std::vector<sockaddr_storage>> AskResolver(const std::string& host);

}  // namespace servercore
