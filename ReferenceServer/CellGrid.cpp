#include "ReferenceServer/CellGrid.h"

#include <cmath>
#include <cstdlib>

#include "ServerCore/Assert.h"

namespace reference {

bool IsOnMap(const Position& position) {
  return std::abs(position.x) <= kMapReach && std::abs(position.y) <= kMapReach;
}

bool CellGrid::Cell::IsNear(const Cell& other) const {
  return std::abs(x - other.x) <= 1 && std::abs(y - other.y) <= 1;
}

CellGrid::Cell CellGrid::CellOf(const Position& position) {
  SC_ASSERT(IsOnMap(position));
  return {static_cast<std::int32_t>(std::floor(position.x / kCellSize)),
          static_cast<std::int32_t>(std::floor(position.y / kCellSize))};
}

void CellGrid::Add(const servercore::SessionRef& session, const Position& at) {
  cells_.try_emplace(CellOf(at), shards_).first->second.Add(session);
}

void CellGrid::Remove(const servercore::SessionRef& session, const Position& at) {
  const auto cell = cells_.find(CellOf(at));
  SC_ASSERT(cell != cells_.end());
  cell->second.Remove(session);
  if (cell->second.empty()) cells_.erase(cell);
}

void CellGrid::Move(const servercore::SessionRef& session, const Position& from,
                    const Position& to) {
  if (CellOf(from) == CellOf(to)) return;
  Remove(session, from);
  Add(session, to);
}

template <typename Visit>
void CellGrid::ForEachNear(const Cell& cell, Visit visit) const {
  for (std::int32_t x = cell.x - 1; x <= cell.x + 1; ++x) {
    for (std::int32_t y = cell.y - 1; y <= cell.y + 1; ++y) {
      const auto near = cells_.find({x, y});
      if (near != cells_.end()) visit(near->first, near->second);
    }
  }
}

void CellGrid::Broadcast(const Position& from, const Position& to, servercore::ShardGroup& shards,
                         const servercore::SendBuffer& packet) const {
  const Cell before = CellOf(from);
  const Cell now = CellOf(to);
  ForEachNear(now,
              [&](const Cell&, const Audience& audience) { audience.Broadcast(shards, packet); });
  if (before == now) return;
  ForEachNear(before, [&](const Cell& cell, const Audience& audience) {
    if (!cell.IsNear(now)) audience.Broadcast(shards, packet);
  });
}

}  // namespace reference
