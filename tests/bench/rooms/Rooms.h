#pragma once
#include <memory>
#include <vector>

#include "ServerCore/job/JobQueue.h"
#include "ServerCore/thread/Lock.h"
#include "ServerCore/thread/ShardGroup.h"

namespace bench {

/// Tells its members what is said. Made before the shards run; Say then by any thread.
class Room {
 public:
  virtual ~Room() = default;
  virtual void Add(servercore::SessionRef member) = 0;
  virtual void Say(servercore::SendBuffer words) = 0;
};

/// As the reference server's: a job queue, and one message a shard.
class QueuedRoom final : public Room {
 public:
  explicit QueuedRoom(servercore::ShardGroup& shards) : queue_(std::make_shared<Queue>(shards)) {}
  void Add(servercore::SessionRef member) override { queue_->Push(&Queue::Add, member); }
  void Say(servercore::SendBuffer words) override { queue_->Push(&Queue::Tell, std::move(words)); }

 private:
  class Queue final : public servercore::JobQueue {
   public:
    explicit Queue(servercore::ShardGroup& shards)
        : JobQueue(shards.global_queue()), shards_(shards), members_(shards.size()) {
      for (auto& list : members_) list = std::make_shared<std::vector<servercore::SessionId>>();
    }
    void Add(servercore::SessionRef member) {
      auto& list = members_[member.shard()->index()];
      auto more = std::make_shared<std::vector<servercore::SessionId>>(*list);
      more->push_back(member.id());
      list = std::move(more);
    }
    void Tell(const servercore::SendBuffer& words) {
      for (std::size_t i = 0; i < members_.size(); ++i) {
        if (!members_[i]->empty()) shards_.shard(i).PostBroadcast(members_[i], words);
      }
    }

   private:
    servercore::ShardGroup& shards_;
    std::vector<servercore::SessionList> members_;
  };
  std::shared_ptr<Queue> queue_;
};

/// What it is compared with: who speaks takes the room's lock and sends to each member.
class LockedRoom final : public Room {
 public:
  void Add(servercore::SessionRef member) override {
    const std::lock_guard locked(lock_);
    members_.push_back(member);
  }
  void Say(servercore::SendBuffer words) override {
    const std::lock_guard locked(lock_);
    for (const servercore::SessionRef& member : members_) member.Send(words);
  }

 private:
  servercore::Lock lock_{"room"};
  std::vector<servercore::SessionRef> members_;
};

}  // namespace bench
