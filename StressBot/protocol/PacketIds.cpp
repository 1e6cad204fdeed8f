#include "StressBot/protocol/PacketIds.h"

#include <map>
#include <string>

#include "StressBot/protocol/NamePattern.h"
#include "StressBot/protocol/PathText.h"

namespace stressbot {
namespace {

class PacketTableReader {
 public:
  PacketTableReader(const JsonNode& root, const PacketSources& sources, std::uint32_t id_max)
      : root_(root), table_(sources, id_max) {}

  PacketTable Read() {
    const std::size_t errors_before = root_.errors().list().size();
    if (const auto ids = root_.Require("ids")) {
      for (const JsonNode& entry : ids->Elements()) ReadIdEntry(entry, table_);
      if (ids->IsArray() && ids->json().empty()) ids->Error("no packet would have an id");
    }
    ids_are_whole_ = root_.errors().list().size() == errors_before;
    if (const auto directions = root_.Find("directions")) ReadDirections(*directions);
    return table_.Take();
  }

 private:
  void ReadDirections(const JsonNode& directions) {
    for (const auto& [prefix, node] : directions.Members()) {
      const std::string word = node.AsString();
      PacketDirection direction = PacketDirection::kBoth;
      if (word == "send") {
        direction = PacketDirection::kSend;
      } else if (word == "receive") {
        direction = PacketDirection::kReceive;
      } else if (word != "both") {
        if (node.IsString()) {
          node.Error("unknown direction " + Quote(word) +
                     Suggest(word, {"send", "receive", "both"}));
        }
        continue;
      }
      bool found_any = !ids_are_whole_;  // a packet that is missing may be the one meant
      for (PacketType& packet : table_.packets()) {
        if (!MatchesPattern(packet.name, prefix)) continue;
        found_any = true;
        std::size_t& known = prefix_bytes_[packet.name];  // the longest prefix decides
        if (known > prefix.size()) continue;
        known = prefix.size();
        packet.direction = direction;
      }
      if (found_any) continue;
      const bool is_ending = prefix.starts_with('*');
      node.Error(std::string("no packet's name ") + (is_ending ? "ends" : "begins") + " with " +
                 Quote(is_ending ? prefix.substr(1) : prefix));
    }
  }

  const JsonNode& root_;
  PacketTableBuilder table_;
  bool ids_are_whole_ = false;
  std::map<std::string, std::size_t> prefix_bytes_;  ///< of the one that gave the direction
};

}  // namespace

PacketTable ReadPacketTable(const JsonNode& root, const PacketSources& sources,
                            std::uint32_t id_max) {
  return PacketTableReader(root, sources, id_max).Read();
}

}  // namespace stressbot
