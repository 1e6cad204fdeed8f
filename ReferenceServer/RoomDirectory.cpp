#include "ReferenceServer/RoomDirectory.h"

#include <memory>

namespace reference {

RoomRef RoomDirectory::TakePlace() {
  const std::lock_guard locked(lock_);
  if (with_place_.empty()) {
    entries_.emplace_back();
    with_place_.insert(entries_.size());
  }
  const std::uint64_t id = *with_place_.begin();
  Entry& entry = entries_[id - 1];
  entry.closing.Cancel();
  if (entry.room == nullptr) {
    entry.room = std::make_shared<Room>(id, shards_);
    entry.room->PushEvery(Room::kKeepEvery, &Room::KeepPositions);  // ends with the room
  }
  if (++entry.taken == room_size_) with_place_.erase(id);
  if (entry.taken == 1) ++in_use_;
  return entry.room;
}

void RoomDirectory::FreePlace(const Room& room) {
  const std::lock_guard locked(lock_);
  const std::uint64_t id = room.id();
  Entry& entry = entries_[id - 1];
  SC_ASSERT(entry.taken > 0);
  with_place_.insert(id);
  if (--entry.taken > 0) return;
  --in_use_;
  entry.closing = entry.room->PushAfter(kEmptyRoomKept, [this, id] { CloseIfEmpty(id); });
}

void RoomDirectory::CloseIfEmpty(std::uint64_t id) {
  const std::lock_guard locked(lock_);
  // The cancel of another shard may come too late for a job that is queued already.
  if (entries_[id - 1].taken == 0) entries_[id - 1].room.reset();
}

std::size_t RoomDirectory::rooms_in_use() const {
  const std::shared_lock locked(lock_);
  return in_use_;
}

}  // namespace reference
