#include "StressBot/protocol/PacketTableBuilder.h"

namespace stressbot {

bool PacketTableBuilder::Add(const JsonNode& place, PacketTable::Origin origin, std::uint64_t id) {
  const std::string& name = NamesOf(origin.source)[origin.name];
  if (id > id_max_) {
    place.Error("the id " + std::to_string(id) + " of " + name +
                " does not fit the header's id field, which holds at most " +
                std::to_string(id_max_));
    return false;
  }
  if (table_.packets.size() + 1 == kUnknownPacket) {
    place.Error("more packets than the " + std::to_string(kUnknownPacket - 1) +
                " that a protocol can have");
    return false;
  }
  const auto [other, is_new_id] = names_by_id_.emplace(static_cast<std::uint32_t>(id), name);
  if (!is_new_id) {
    place.Error("the id " + std::to_string(id) + " is given to both " + other->second + " and " +
                name);
    return true;
  }
  if (!ids_by_name_.emplace(name, static_cast<std::uint32_t>(id)).second) {
    place.Error(name + " is given two ids, " + std::to_string(ids_by_name_[name]) + " and " +
                std::to_string(id) + "; a packet has one");
    return true;
  }
  table_.packets.push_back({name, static_cast<std::uint32_t>(id), PacketDirection::kBoth});
  table_.origins.push_back(origin);
  return true;
}

}  // namespace stressbot
