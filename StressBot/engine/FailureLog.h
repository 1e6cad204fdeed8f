#pragma once
#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace stressbot {

/// The first few failures of each kind, in words: what a person looks at first. Thread: any.
class FailureLog {
 public:
  struct Entry {
    std::string metric;             ///< bots_dropped, checks, requests_failed, connects_failed ...
    std::chrono::nanoseconds at{};  ///< since the start of the run
    std::string text;               ///< "bot 512 at 12.4 s, reset by the server in step chat"
  };
  static constexpr std::size_t kKeptOfEachKind = 5;

  /// Cheap when enough are kept already: ask before a text is made.
  bool Wants(std::string_view metric) const;
  void Add(std::string_view metric, std::chrono::nanoseconds at, std::string text);
  std::vector<Entry> Entries() const;  ///< by time

  void RequestAbort() { abort_.store(true, std::memory_order_relaxed); }
  bool abort_requested() const { return abort_.load(std::memory_order_relaxed); }

 private:
  mutable std::mutex mutex_;
  std::vector<Entry> entries_;
  std::atomic<bool> abort_{false};
};

}  // namespace stressbot
