#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "Protocol.pb.h"
#include "ReferenceServer/Player.h"
#include "ServerCore/net/SendBuffer.h"

namespace reference::defects {

/// The reply to C_ENTER_GAME lists who is in the room. It is written into a piece of memory that is
/// long enough for every packet that anybody thought of. In a room of some 240 players it is not:
/// the list runs over the end, and over what stands behind it.
/// Thread: any.
class SpawnList {
 public:
  static constexpr std::size_t kChunkBytes = 4096;

  /// `player` comes into the room of `reply`; the packet that it is sent.
  servercore::SendBuffer Enter(const PlayerRef& player, Protocol::S_ENTER_GAME reply,
                               servercore::SendBufferPool& buffers);
  void Leave(std::uint64_t room, const PlayerRef& player);

 private:
  class ChunkPool;
  /// Memory to write a packet in, and the pool that gets it back.
  struct Chunk {
    std::array<std::byte, kChunkBytes> bytes;
    ChunkPool* pool = nullptr;
    std::size_t used = 0;

    void Write(const Protocol::S_ENTER_GAME& reply);
  };
  class ChunkPool {
   public:
    std::unique_ptr<Chunk> Take();
    void GiveBack(std::unique_ptr<Chunk> chunk) { free_.push_back(std::move(chunk)); }

   private:
    std::vector<std::unique_ptr<Chunk>> free_;
  };

  std::mutex lock_;
  std::map<std::uint64_t, std::vector<PlayerRef>> rooms_;
  ChunkPool pool_;
};

}  // namespace reference::defects
