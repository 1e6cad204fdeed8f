#include "StressBot/protocol/PacketIds.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace stressbot {
namespace {

using google::protobuf::Descriptor;

std::string Quote(std::string_view text) { return "\"" + std::string(text) + "\""; }

bool HasPrefix(std::string_view name, const std::vector<std::string>& prefixes) {
  return prefixes.empty() ||
         std::any_of(prefixes.begin(), prefixes.end(),
                     [name](const std::string& prefix) { return name.starts_with(prefix); });
}

class PacketTableReader {
 public:
  PacketTableReader(const JsonNode& root, const ProtoFiles& files,
                    const std::vector<std::string>& file_names, std::uint32_t id_max)
      : root_(root), files_(files), file_names_(file_names), id_max_(id_max) {}

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

  /// The entry's file; nullopt after an error.
  std::optional<std::string> ReadFile(const JsonNode& file) {
    const std::string name = file.AsString();
    if (std::find(file_names_.begin(), file_names_.end(), name) != file_names_.end()) return name;
    if (file.IsString()) {
      file.Error(Quote(name) + " is not among payload.files" + Suggest(name, file_names_));
    }
    return std::nullopt;
  }

  void ReadSequential(const JsonNode& entry) {
    entry.OnlyKeys({"file", "assign", "start", "prefixes"});
    const auto file_node = entry.Require("file");
    const auto start = entry.Require("start");
    std::vector<std::string> prefixes;
    if (const auto list = entry.Find("prefixes")) {
      for (const JsonNode& prefix : list->Elements()) prefixes.push_back(prefix.AsString());
    }
    if (!file_node || !start) return;
    const std::optional<std::string> file = ReadFile(*file_node);
    std::uint64_t id = start->AsUnsigned(id_max_);
    if (!file) return;
    bool found_any = false;
    for (const Descriptor* message : files_.MessagesOf(*file)) {
      if (!HasPrefix(message->name(), prefixes)) continue;
      found_any = true;
      if (!Add(entry, message->name(), *message, id++)) return;
    }
    if (!found_any) entry.Error("no message in " + *file + " begins with one of the prefixes");
  }

  void ReadExplicitTable(const JsonNode& entry) {
    entry.OnlyKeys({"file", "assign", "table"});
    std::vector<std::string> files = file_names_;
    if (const auto file_node = entry.Find("file")) {
      const std::optional<std::string> file = ReadFile(*file_node);
      if (!file) return;
      files = {*file};
    }
    std::map<std::string, const Descriptor*, std::less<>> messages;
    std::vector<std::string> names;
    for (const std::string& file : files) {
      for (const Descriptor* message : files_.MessagesOf(file)) {
        if (messages.emplace(message->name(), message).second) names.push_back(message->name());
      }
    }
    const auto table = entry.Require("table");
    if (!table) return;
    for (const auto& [name, id] : table->Members()) {
      const auto message = messages.find(name);
      if (message == messages.end()) {
        id.Error("no message " + Quote(name) + " in the .proto files" + Suggest(name, names));
      } else if (id.json().is_number_unsigned()) {
        Add(id, name, *message->second, id.json().get<std::uint64_t>());
      } else {
        id.AsUnsigned(id_max_);  // says what is wrong
      }
    }
  }

  /// False when further packets of the same entry would only repeat the error.
  bool Add(const JsonNode& place, const std::string& name, const Descriptor& message,
           std::uint64_t id) {
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
    table_.messages.push_back(&message);
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
  const ProtoFiles& files_;
  const std::vector<std::string>& file_names_;
  std::uint32_t id_max_;
  bool ids_are_whole_ = false;
  PacketTable table_;
  std::map<std::uint32_t, std::string> names_by_id_;
  std::map<std::string, std::uint32_t> ids_by_name_;
  std::map<std::string, std::size_t> prefix_bytes_;  ///< of the one that gave the direction
};

}  // namespace

PacketTable ReadPacketTable(const JsonNode& root, const ProtoFiles& files,
                            const std::vector<std::string>& file_names, std::uint32_t id_max) {
  return PacketTableReader(root, files, file_names, id_max).Read();
}

}  // namespace stressbot
