#include "ReferenceServer/Audience.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "ServerCore/thread/ShardGroup.h"

namespace reference {

using servercore::SessionId;
using servercore::SessionList;

Audience::Audience(std::size_t shards)
    : lists_(shards, std::make_shared<const std::vector<SessionId>>()) {}

void Audience::Add(const servercore::SessionRef& session) {
  SessionList& list = lists_[session.shard()->index()];
  auto more = std::make_shared<std::vector<SessionId>>();
  more->reserve(list->size() + 1);
  *more = *list;
  more->push_back(session.id());
  list = std::move(more);
}

void Audience::Remove(const servercore::SessionRef& session) {
  SessionList& list = lists_[session.shard()->index()];
  auto fewer = std::make_shared<std::vector<SessionId>>(*list);
  std::erase(*fewer, session.id());
  list = std::move(fewer);
}

bool Audience::empty() const {
  return std::ranges::all_of(lists_, [](const SessionList& list) { return list->empty(); });
}

void Audience::Broadcast(servercore::ShardGroup& shards,
                         const servercore::SendBuffer& packet) const {
  for (std::size_t i = 0; i < lists_.size(); ++i) {
    if (!lists_[i]->empty()) shards.shard(i).PostBroadcast(lists_[i], packet);
  }
}

void Audience::Visit(servercore::ShardGroup& shards, void (*visit)(servercore::Session&)) const {
  for (std::size_t i = 0; i < lists_.size(); ++i) {
    if (lists_[i]->empty()) continue;
    servercore::Shard& shard = shards.shard(i);
    shard.Post([&shard, list = lists_[i], visit] {
      for (const SessionId id : *list) {
        if (servercore::Session* session = shard.FindSession(id)) visit(*session);
      }
    });
  }
}

}  // namespace reference
