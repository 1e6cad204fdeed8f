#include "StressBot/protocol/PacketIds.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "StressBot/protocol/PathText.h"

namespace stressbot {
namespace {

bool HasPrefix(std::string_view name, const std::vector<std::string>& prefixes) {
  return prefixes.empty() ||
         std::any_of(prefixes.begin(), prefixes.end(),
                     [name](const std::string& prefix) { return name.starts_with(prefix); });
}

class PacketTableReader {
 public:
  PacketTableReader(const JsonNode& root, const std::vector<PacketSource>& sources,
                    std::uint32_t id_max)
      : root_(root),
        sources_(sources),
        has_files_(sources.size() != 1 || !sources.front().file.empty()),
        id_max_(id_max) {}

  PacketTable Read() {
    const std::size_t errors_before = root_.errors().list().size();
    if (const auto ids = root_.Require("ids")) {
      for (const JsonNode& entry : ids->Elements()) ReadEntry(entry);
      if (ids->IsArray() && ids->json().empty()) ids->Error("no packet would have an id");
    }
    ids_are_whole_ = root_.errors().list().size() == errors_before;
    if (const auto directions = root_.Find("directions")) ReadDirections(*directions);
    return std::move(table_);
  }

 private:
  void ReadEntry(const JsonNode& entry) {
    const auto assign_node = entry.Require("assign");
    if (!assign_node) return;
    const std::string assign = assign_node->AsString();
    if (assign == "sequential") return ReadSequential(entry);
    if (assign == "table") return ReadExplicitTable(entry);
    if (!assign_node->IsString()) return;
    static const std::vector<std::string> kPlanned{"header", "enum", "fnv1a", "hash", "import"};
    if (std::find(kPlanned.begin(), kPlanned.end(), assign) != kPlanned.end()) {
      return assign_node->Error("ids by " + Quote(assign) +
                                " are not supported yet; \"table\" can hold any ids");
    }
    assign_node->Error("unknown way to assign ids " + Quote(assign) +
                       Suggest(assign, {"sequential", "table"}));
  }

  /// The source of an entry's file; nullopt after an error.
  std::optional<std::size_t> ReadFile(const JsonNode& file) {
    const std::string name = file.AsString();
    std::vector<std::string> known;
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      if (sources_[i].file == name) return i;
      known.push_back(sources_[i].file);
    }
    if (file.IsString())
      file.Error(Quote(name) + " is not among payload.files" + Suggest(name, known));
    return std::nullopt;
  }

  void ReadSequential(const JsonNode& entry) {
    entry.OnlyKeys(has_files_ ? std::vector<std::string>{"file", "assign", "start", "prefixes"}
                              : std::vector<std::string>{"assign", "start", "prefixes"});
    const auto file_node = has_files_ ? entry.Require("file") : std::nullopt;
    const auto start = entry.Require("start");
    std::vector<std::string> prefixes;
    if (const auto list = entry.Find("prefixes")) {
      for (const JsonNode& prefix : list->Elements()) prefixes.push_back(prefix.AsString());
    }
    if ((has_files_ && !file_node) || !start) return;
    const std::optional<std::size_t> source = has_files_ ? ReadFile(*file_node) : 0;
    std::uint64_t id = start->AsUnsigned(id_max_);
    if (!source) return;
    bool found_any = false;
    const std::vector<std::string>& names = sources_[*source].names;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!HasPrefix(names[i], prefixes)) continue;
      found_any = true;
      if (!Add(entry, {*source, i}, id++)) return;
    }
    if (found_any) return;
    entry.Error("no " + (has_files_ ? "message in " + sources_[*source].file : "packet") +
                " begins with one of the prefixes");
  }

  void ReadExplicitTable(const JsonNode& entry) {
    entry.OnlyKeys(has_files_ ? std::vector<std::string>{"file", "assign", "table"}
                              : std::vector<std::string>{"assign", "table"});
    std::optional<std::size_t> only;
    if (const auto file_node = has_files_ ? entry.Find("file") : std::nullopt) {
      only = ReadFile(*file_node);
      if (!only) return;
    }
    std::map<std::string, PacketTable::Origin, std::less<>> origins;
    std::vector<std::string> names;
    for (std::size_t source = 0; source < sources_.size(); ++source) {
      if (only && *only != source) continue;
      for (std::size_t i = 0; i < sources_[source].names.size(); ++i) {
        const std::string& name = sources_[source].names[i];
        if (origins.emplace(name, PacketTable::Origin{source, i}).second) names.push_back(name);
      }
    }
    const auto table = entry.Require("table");
    if (!table) return;
    for (const auto& [name, id] : table->Members()) {
      const auto origin = origins.find(name);
      if (origin == origins.end()) {
        id.Error((has_files_ ? "no message " + Quote(name) + " in the .proto files"
                             : "no packet " + Quote(name) + " in payload.packets") +
                 Suggest(name, names));
      } else if (id.json().is_number_unsigned()) {
        Add(id, origin->second, id.json().get<std::uint64_t>());
      } else {
        id.AsUnsigned(id_max_);  // says what is wrong
      }
    }
  }

  /// False when further packets of the same entry would only repeat the error.
  bool Add(const JsonNode& place, PacketTable::Origin origin, std::uint64_t id) {
    const std::string& name = sources_[origin.source].names[origin.name];
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
      for (PacketType& packet : table_.packets) {
        if (!packet.name.starts_with(prefix)) continue;
        found_any = true;
        std::size_t& known = prefix_bytes_[packet.name];  // the longest prefix decides
        if (known > prefix.size()) continue;
        known = prefix.size();
        packet.direction = direction;
      }
      if (!found_any) node.Error("no packet's name begins with " + Quote(prefix));
    }
  }

  const JsonNode& root_;
  const std::vector<PacketSource>& sources_;
  bool has_files_;
  std::uint32_t id_max_;
  bool ids_are_whole_ = false;
  PacketTable table_;
  std::map<std::uint32_t, std::string> names_by_id_;
  std::map<std::string, std::uint32_t> ids_by_name_;
  std::map<std::string, std::size_t> prefix_bytes_;  ///< of the one that gave the direction
};

}  // namespace

PacketTable ReadPacketTable(const JsonNode& root, const std::vector<PacketSource>& sources,
                            std::uint32_t id_max) {
  return PacketTableReader(root, sources, id_max).Read();
}

}  // namespace stressbot
