#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "StressBot/json/JsonNode.h"
#include "StressBot/protocol/PacketSources.h"
#include "StressBot/protocol/Protocol.h"

/// Private to the protocol library.
namespace stressbot {

struct PacketTable {
  struct Origin {
    std::size_t source = 0;
    std::size_t name = 0;  ///< which of its names
  };
  std::vector<PacketType> packets;
  std::vector<Origin> origins;  ///< in the same order
};

/// The packets of a protocol while their ids are assigned: names and ids stay unique, and ids
/// within what the header can hold.
class PacketTableBuilder {
 public:
  /// `sources` outlives this.
  PacketTableBuilder(const PacketSources& sources, std::uint32_t id_max)
      : sources_(sources), id_max_(id_max) {}

  const PacketSources& sources() const { return sources_; }
  std::uint32_t id_max() const { return id_max_; }
  std::vector<PacketType>& packets() { return table_.packets; }

  std::size_t SourceCount() const { return sources_.list.size(); }
  const std::vector<std::string>& NamesOf(std::size_t source) const {
    return sources_.are_open ? opened_ : sources_.list[source].names;
  }
  /// A packet that nobody declared. REQUIRES sources that are open.
  PacketTable::Origin Open(const std::string& name) {
    opened_.push_back(name);
    return {0, opened_.size() - 1};
  }

  /// False, after an error at `place`, when further packets of the same entry would only repeat it.
  bool Add(const JsonNode& place, PacketTable::Origin origin, std::uint64_t id);

  PacketTable Take() { return std::move(table_); }

 private:
  const PacketSources& sources_;
  std::uint32_t id_max_;
  std::vector<std::string> opened_;
  PacketTable table_;
  std::map<std::uint32_t, std::string> names_by_id_;
  std::map<std::string, std::uint32_t> ids_by_name_;
};

/// Reads one entry of "ids" into `table`. Mistakes become Diagnostics.
void ReadIdEntry(const JsonNode& entry, PacketTableBuilder& table);

}  // namespace stressbot
