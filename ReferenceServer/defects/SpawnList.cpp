#include "ReferenceServer/defects/SpawnList.h"

#include <cstring>
#include <utility>

#include "PacketIds.h"
#include "ServerCore/packet/PacketFraming.h"

namespace reference::defects {

std::unique_ptr<SpawnList::Chunk> SpawnList::ChunkPool::Take() {
  std::unique_ptr<Chunk> chunk;
  if (free_.empty()) {
    chunk = std::make_unique<Chunk>();
  } else {
    chunk = std::move(free_.back());
    free_.pop_back();
  }
  chunk->pool = this;
  return chunk;
}

void SpawnList::Chunk::Write(const Protocol::S_ENTER_GAME& reply) {
  const std::size_t payload = reply.ByteSizeLong();
  used = sizeof(servercore::PacketHeader) + payload;
  const servercore::PacketHeader header{static_cast<std::uint16_t>(used),
                                        Protocol::PKT_S_ENTER_GAME};
  std::memcpy(bytes.data(), &header, sizeof header);
  // The mistake: it is told how long the packet is, not how much room there is.
  reply.SerializeToArray(bytes.data() + sizeof header, static_cast<int>(payload));
}

servercore::SendBuffer SpawnList::Enter(const PlayerRef& player, Protocol::S_ENTER_GAME reply,
                                        servercore::SendBufferPool& buffers) {
  const std::lock_guard lock(lock_);
  std::vector<PlayerRef>& players = rooms_[reply.roomid()];
  players.push_back(player);
  for (const PlayerRef& each : players) reference::Write(*each, *reply.add_others());
  std::unique_ptr<Chunk> chunk = pool_.Take();
  chunk->Write(reply);
  servercore::SendBuffer packet = buffers.Copy({chunk->bytes.data(), chunk->used});
  ChunkPool* const pool = chunk->pool;  // behind a list that is too long: a piece of a name
  pool->GiveBack(std::move(chunk));
  return packet;
}

void SpawnList::Leave(std::uint64_t room, const PlayerRef& player) {
  const std::lock_guard lock(lock_);
  std::erase(rooms_[room], player);
}

}  // namespace reference::defects
