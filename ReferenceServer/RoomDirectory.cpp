#include "ReferenceServer/RoomDirectory.h"

#include <memory>

namespace reference {

RoomRef RoomDirectory::TakePlace() {
  const std::lock_guard locked(lock_);
  if (with_place_.empty()) {
    const std::uint64_t id = entries_.size() + 1;
    entries_.push_back({std::make_shared<Room>(id, shards_), 0});
    with_place_.insert(id);
  }
  const std::uint64_t id = *with_place_.begin();
  Entry& entry = entries_[id - 1];
  if (++entry.taken == room_size_) with_place_.erase(id);
  if (entry.taken == 1) ++in_use_;
  return entry.room;
}

void RoomDirectory::FreePlace(const Room& room) {
  const std::lock_guard locked(lock_);
  Entry& entry = entries_[room.id() - 1];
  SC_ASSERT(entry.taken > 0);
  if (--entry.taken == 0) --in_use_;
  with_place_.insert(room.id());
}

std::size_t RoomDirectory::rooms_in_use() const {
  const std::shared_lock locked(lock_);
  return in_use_;
}

}  // namespace reference
