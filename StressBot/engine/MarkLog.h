#pragma once
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace stressbot {

/// When the bots reached the marks of a scenario. A mark is one moment for people, whoever sets it:
/// thousands of bots give one line with the first time, the last and the count, never a flood.
/// Thread: any; takes no lock.
class MarkLog {
 public:
  struct Entry {
    std::size_t mark = 0;              ///< in Program::marks
    std::chrono::nanoseconds first{};  ///< since the start of the run
    std::chrono::nanoseconds last{};
    std::uint64_t count = 0;
  };

  explicit MarkLog(std::size_t marks) : marks_(marks) {}

  void Note(std::size_t mark, std::chrono::nanoseconds at);
  std::vector<Entry> Entries() const;  ///< of those that were set, by their first time

 private:
  struct Mark {
    std::atomic<std::int64_t> first{INT64_MAX}, last{0};
    std::atomic<std::uint64_t> count{0};
  };
  std::vector<Mark> marks_;
};

}  // namespace stressbot
