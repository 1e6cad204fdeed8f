#pragma once
#include <functional>
#include <string>

#include "ServerCore/Result.h"
#include "ServerCore/net/NetAddress.h"

namespace stressbot {

/// Looks up the names of hosts away from the shards' threads, which must never wait for that.
class NameResolver {
 public:
  using Answer = std::function<void(servercore::Result<servercore::NetAddress>)>;

  virtual ~NameResolver() = default;
  /// `answer` is called at most once, on whatever thread. Any thread.
  virtual void Resolve(std::string host, Answer answer) = 0;
};

/// Asks the system and waits for it. Of several addresses the first IPv4 one is taken: "localhost"
/// often is ::1 first, while most servers listen on 127.0.0.1 only.
/// Errors: those of NetAddress::Resolve.
servercore::Result<servercore::NetAddress> ResolveNow(const std::string& host_and_port);

}  // namespace stressbot
