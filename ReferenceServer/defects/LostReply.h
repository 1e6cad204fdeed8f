#pragma once
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace reference::defects {

/// Keeps the latest replies for whoever looks into complaints. When it is full it begins anew, and
/// returns: the reply that came just then is neither kept nor sent.
/// Thread: any.
class ReplyJournal {
 public:
  static constexpr std::size_t kRepliesKept = 999;

  /// True if the reply was kept; only then is it sent.
  bool Keep(std::uint32_t packet_id, std::uint64_t session) {
    const std::lock_guard lock(lock_);
    if (replies_.size() == kRepliesKept) {
      replies_.clear();
      ++lost_;
      return false;  // the mistake
    }
    replies_.push_back({packet_id, session});
    return true;
  }
  std::uint64_t lost() const {
    const std::lock_guard lock(lock_);
    return lost_;
  }

 private:
  struct Entry {
    std::uint32_t packet_id = 0;
    std::uint64_t session = 0;
  };
  mutable std::mutex lock_;
  std::vector<Entry> replies_;
  std::uint64_t lost_ = 0;
};

}  // namespace reference::defects
