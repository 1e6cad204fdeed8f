#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "ServerCore/io/CompletionPort.h"

namespace servercore {

/// Values addressed by Handle. A freed slot is taken again with another generation, so an old
/// handle is recognised. References die at the next Take.
template <typename T>
class SlotTable {
 public:
  Handle Take(T value) {
    if (free_head_ == kNone) {
      free_head_ = static_cast<std::uint32_t>(entries_.size());
      entries_.emplace_back();
    }
    const std::uint32_t slot = free_head_;
    Entry& entry = entries_[slot];
    free_head_ = std::exchange(entry.next_free, kNone);
    entry.value = std::move(value);
    ++used_;
    return {slot, entry.generation};
  }

  /// Null when the handle is stale.
  T* Find(Handle handle) {
    if (handle.slot >= entries_.size()) return nullptr;
    Entry& entry = entries_[handle.slot];
    return entry.generation == handle.generation ? &entry.value : nullptr;
  }

  T& At(std::uint32_t slot) { return entries_[slot].value; }

  void Free(std::uint32_t slot) {
    Entry& entry = entries_[slot];
    if (++entry.generation == 0) entry.generation = 1;  // zero marks a handle that names nothing
    entry.next_free = std::exchange(free_head_, slot);
    --used_;
  }

  std::size_t used() const { return used_; }

 private:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  struct Entry {
    T value{};
    std::uint32_t generation = 1;
    std::uint32_t next_free = kNone;
  };
  std::vector<Entry> entries_;
  std::uint32_t free_head_ = kNone;
  std::size_t used_ = 0;
};

}  // namespace servercore
