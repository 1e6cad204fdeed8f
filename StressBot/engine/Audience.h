#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace stressbot {

/// Seconds since the start of the run.
using Second = std::int64_t;

/// Those who are to hear each other, as one shard knows them: what was sent to them in each of the
/// last seconds, by its own bots and by all. Thread: its shard only.
class Audience {
 public:
  /// What was sent in one second. `uncertain`: a sender was cut before the server was known to have
  /// it, so nobody can say how many deliveries to expect.
  struct Cell {
    Second second = -1;
    std::uint32_t sent = 0;
    bool uncertain = false;
  };

  /// `slots`: how many seconds it remembers.
  Audience(std::uint8_t its_server, std::string its_name, std::size_t fanouts, std::size_t slots)
      : server(its_server),
        name(std::move(its_name)),
        slots_(slots),
        own_(fanouts * slots),
        total_(fanouts * slots) {}

  const std::uint8_t server;
  const std::string name;
  std::size_t members = 0;  ///< of this shard
  Second used_at = 0;       ///< it is forgotten when nobody used it for long

  /// Of this shard's bots, and of all shards'. A cell of another second is of no use: see TakeCell.
  Cell& own(std::size_t fanout, Second second) { return own_[Index(fanout, second)]; }
  Cell& total(std::size_t fanout, Second second) { return total_[Index(fanout, second)]; }

 private:
  std::size_t Index(std::size_t fanout, Second second) const {
    return fanout * slots_ + static_cast<std::size_t>(second) % slots_;
  }

  std::size_t slots_;
  std::vector<Cell> own_, total_;
};

/// Makes the cell one of that second; false when it is of a later one already.
inline bool TakeCell(Audience::Cell& cell, Second second) {
  if (cell.second < second) cell = {second, 0, false};
  return cell.second == second;
}

}  // namespace stressbot
