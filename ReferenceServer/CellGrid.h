#pragma once
#include <cstddef>
#include <cstdint>
#include <map>

#include "ReferenceServer/Audience.h"
#include "ReferenceServer/accounts/Account.h"

namespace reference {

inline constexpr double kMapReach = 1'000;  ///< metres from the middle of the map to each edge
inline constexpr double kCellSize = 50;     ///< metres

/// False also for what is no number.
bool IsOnMap(const Position& position);

/// Who is near whom, without asking each pair: the map is cut into cells, and near are those in the
/// same cell or in one of the eight around it. Empty cells cost nothing.
/// Positions REQUIRE IsOnMap. Thread: one at a time.
class CellGrid {
 public:
  explicit CellGrid(std::size_t shards) : shards_(shards) {}

  void Add(const servercore::SessionRef& session, const Position& at);
  void Remove(const servercore::SessionRef& session, const Position& at);
  void Move(const servercore::SessionRef& session, const Position& from, const Position& to);
  /// To those near `from` or `to`: who loses sight of it learns that it went.
  void Broadcast(const Position& from, const Position& to, servercore::ShardGroup& shards,
                 const servercore::SendBuffer& packet) const;

 private:
  struct Cell {
    std::int32_t x = 0;
    std::int32_t y = 0;
    friend bool operator==(const Cell&, const Cell&) = default;
    friend bool operator<(const Cell& a, const Cell& b) {
      return a.x != b.x ? a.x < b.x : a.y < b.y;
    }
    bool IsNear(const Cell& other) const;
  };
  static Cell CellOf(const Position& position);
  template <typename Visit>
  void ForEachNear(const Cell& cell, Visit visit) const;

  const std::size_t shards_;
  std::map<Cell, Audience> cells_;  ///< never an empty one
};

}  // namespace reference
