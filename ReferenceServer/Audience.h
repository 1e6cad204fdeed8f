#pragma once
#include <cstddef>
#include <vector>

#include "ServerCore/net/SendBuffer.h"
#include "ServerCore/net/Session.h"
#include "ServerCore/thread/Shard.h"

namespace servercore {
class ShardGroup;
}

namespace reference {

/// Who hears something: lists of sessions, one a shard. A list is never changed but replaced, since
/// broadcasts that are on their way to a shard share it: joining costs a copy, speaking costs one
/// message a shard. Thread: one at a time.
class Audience {
 public:
  explicit Audience(std::size_t shards);

  void Add(const servercore::SessionRef& session);
  void Remove(const servercore::SessionRef& session);
  bool empty() const;
  void Broadcast(servercore::ShardGroup& shards, const servercore::SendBuffer& packet) const;
  /// Calls visit(session) for each in a turn of its shard, if it is still there.
  void Visit(servercore::ShardGroup& shards, void (*visit)(servercore::Session&)) const;

 private:
  std::vector<servercore::SessionList> lists_;
};

}  // namespace reference
