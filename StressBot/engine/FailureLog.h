#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "StressBot/engine/TraceRecord.h"

namespace stressbot {

/// The first few failures of each kind, in words: what a person looks at first. Thread: any.
class FailureLog {
 public:
  struct Entry {
    std::string metric;             ///< one of kKinds
    std::chrono::nanoseconds at{};  ///< since the start of the run
    std::string text;               ///< "bot 512 at 12.4 s, reset by the server in step chat"
    /// What the bot had said and heard before, as far as it was recorded.
    std::vector<TraceRecord> conversation{};
  };
  static constexpr std::size_t kKeptOfEachKind = 5;
  /// Metrics, and what stands behind one: our own limits.
  static constexpr std::array<std::string_view, 7> kKinds{
      "bots_dropped",    "checks",           "requests_failed",  "connects_failed",
      "packets_invalid", "fanout_delivered", "generator_limited"};

  /// Ask before a text is made. Takes no lock: a broken server may fail each request.
  /// `is_recorded`: the bot's conversation could be shown. One of each kind is kept for that,
  /// though it is not among the first.
  bool Wants(std::string_view metric, bool is_recorded = false) const {
    const std::size_t kind = KindOf(metric);
    return kept_[kind].load(std::memory_order_relaxed) < kKeptOfEachKind ||
           (is_recorded && !has_conversation_[kind].load(std::memory_order_relaxed));
  }
  /// Keeps it if it is wanted.
  void Add(std::string_view metric, std::chrono::nanoseconds at, std::string text,
           std::vector<TraceRecord> conversation = {});
  std::vector<Entry> Entries() const;  ///< by time

  void RequestAbort() { abort_.store(true, std::memory_order_relaxed); }
  bool abort_requested() const { return abort_.load(std::memory_order_relaxed); }
  void CountStoppedBot() { bots_stopped_.fetch_add(1, std::memory_order_relaxed); }
  /// By stop-bot.
  std::uint32_t bots_stopped() const { return bots_stopped_.load(std::memory_order_relaxed); }

 private:
  static std::size_t KindOf(std::string_view metric);

  std::array<std::atomic<std::uint32_t>, kKinds.size()> kept_{};
  std::array<std::atomic<bool>, kKinds.size()> has_conversation_{};
  mutable std::mutex mutex_;
  std::vector<Entry> entries_;
  std::atomic<bool> abort_{false};
  std::atomic<std::uint32_t> bots_stopped_{0};
};

}  // namespace stressbot
