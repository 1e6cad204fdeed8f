#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "StressBot/json/TextFile.h"
#include "StressBot/protocol/CppConstants.h"
#include "StressBot/protocol/IdHash.h"
#include "StressBot/protocol/MessageNames.h"
#include "StressBot/protocol/NamePattern.h"
#include "StressBot/protocol/PacketTableBuilder.h"
#include "StressBot/protocol/PathText.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {
namespace {

/// A constant that may be a packet's id, and where it stands.
struct IdConstant {
  std::string name;
  std::optional<std::int64_t> value;
  std::string place;  ///< "packets.h:12"; empty: needs no telling
};

class IdEntryReader {
 public:
  IdEntryReader(const JsonNode& entry, PacketTableBuilder& table)
      : entry_(entry), table_(table), sources_(table.sources()) {}

  void Read() {
    const auto assign_node = entry_.Require("assign");
    if (!assign_node) return;
    const std::string assign = assign_node->AsString();
    if (assign == "table") return Table();
    if (assign == "header") return Header();
    if (assign == "sequential" && !IsRaw(*assign_node)) return Sequential();
    if (assign == "fnv1a" && !IsRaw(*assign_node)) return Hash();
    if (assign == "enum" && !IsRaw(*assign_node)) {
      if (sources_.HaveFiles()) return Enum();
      return assign_node->Error(
          "an enum of a .proto file needs the codec \"protobuf\"; for a C++ enum use \"header\"");
    }
    static const std::vector<std::string> kKinds{"sequential", "table", "header", "enum", "fnv1a"};
    const bool is_known = std::find(kKinds.begin(), kKinds.end(), assign) != kKinds.end();
    if (!is_known && assign_node->IsString()) {
      assign_node->Error("unknown way to assign ids " + Quote(assign) + Suggest(assign, kKinds));
    }
  }

 private:
  bool IsRaw(const JsonNode& assign) const {
    if (sources_.are_open) {
      assign.Error("with the codec \"raw\" nothing declares packets; \"table\" and \"header\" do");
    }
    return sources_.are_open;
  }

  void CheckKeys(std::vector<std::string> known) const {
    known.emplace_back("assign");
    if (sources_.HaveFiles()) known.emplace_back("file");
    entry_.OnlyKeys(known);
  }

  /// Which messages: those of "file" whose names match one of "prefixes". nullopt after an
  /// error.
  std::optional<MessageNames> Messages(bool needs_file) {
    std::optional<std::size_t> only;
    const bool has_files = sources_.HaveFiles();
    if (has_files) {
      const auto file = needs_file ? entry_.Require("file") : entry_.Find("file");
      if (needs_file && !file) return std::nullopt;
      if (file && !(only = FileNamed(*file))) return std::nullopt;
    }
    return MessageNames(table_, only, Prefixes());
  }

  std::vector<std::string> Prefixes() const {
    std::vector<std::string> prefixes;
    if (const auto list = entry_.Find("prefixes")) {
      for (const JsonNode& prefix : list->Elements()) prefixes.push_back(prefix.AsString());
    }
    return prefixes;
  }

  std::optional<std::size_t> FileNamed(const JsonNode& file) const {
    const std::string name = file.AsString();
    std::vector<std::string> known;
    for (std::size_t i = 0; i < sources_.list.size(); ++i) {
      if (sources_.list[i].file == name) return i;
      known.push_back(sources_.list[i].file);
    }
    if (file.IsString()) {
      file.Error(Quote(name) + " is not among payload.files" + Suggest(name, known));
    }
    return std::nullopt;
  }

  void ErrorOfNoMessage() const {
    std::string of;
    if (sources_.HaveFiles()) {
      const auto file = entry_.Find("file");
      of = file ? "message in " + file->AsString() : "message";
    }
    entry_.Error("no " + (of.empty() ? "packet" : of) + " matches one of the prefixes");
  }

  void Sequential() {
    CheckKeys({"start", "prefixes"});
    const std::optional<MessageNames> messages = Messages(true);
    const auto start = entry_.Require("start");
    if (!start) return;
    std::uint64_t id = start->AsUnsigned(table_.id_max());
    if (!messages) return;
    for (const PacketTable::Origin& origin : messages->all()) {
      if (!table_.Add(entry_, origin, id++)) return;
    }
    if (messages->all().empty()) ErrorOfNoMessage();
  }

  void Table() {
    CheckKeys({"table"});
    const std::optional<MessageNames> messages = Messages(false);
    const auto table = entry_.Require("table");
    if (!table || !messages) return;
    if (table->IsObject() && table->json().empty()) table->Error("names no packet");
    std::map<std::string, PacketTable::Origin, std::less<>> origins;
    for (std::size_t i = 0; i < messages->all().size(); ++i) {
      origins.emplace(messages->names()[i], messages->all()[i]);
    }
    for (const auto& [name, id] : table->Members()) {
      const auto origin = origins.find(name);
      if (origin == origins.end() && !sources_.are_open) {
        id.Error((sources_.HaveFiles() ? "no message " + Quote(name) + " in the .proto files"
                                       : "no packet " + Quote(name) + " in payload.packets") +
                 Suggest(name, messages->names()));
      } else if (id.json().is_number_unsigned()) {
        table_.Add(id, sources_.are_open ? Opened(name) : origin->second,
                   id.json().get<std::uint64_t>());
      } else {
        id.AsUnsigned(table_.id_max());  // says what is wrong
      }
    }
  }

  /// The packet of that name with the codec "raw", which two entries may name: an error of ids.
  PacketTable::Origin Opened(const std::string& name) { return table_.Open(name); }

  void Header() {
    CheckKeys({"header", "prefix", "prefixes"});
    const std::optional<MessageNames> messages = Messages(false);
    const auto header = entry_.Require("header");
    if (!header || !header->IsString()) {
      if (header) header->AsString();
      return;
    }
    const std::filesystem::path path =
        (sources_.directory / PathOf(header->AsString())).lexically_normal();
    std::string problem;
    const std::optional<std::string> text = ReadTextFile(path, problem);
    if (!text) return header->Error(Utf8Of(path) + ": " + problem);
    std::vector<IdConstant> constants;
    for (CppConstant& constant : ReadCppConstants(*text)) {
      constants.push_back({std::move(constant.name), constant.value,
                           Utf8Of(path) + ":" + std::to_string(constant.line)});
    }
    if (messages) Constants(std::move(constants), *messages, Utf8Of(path));
  }

  void Enum() {
    CheckKeys({"enum", "prefix", "prefixes"});
    const std::optional<MessageNames> messages = Messages(false);
    const auto node = entry_.Require("enum");
    if (!node) return;
    const std::string name = node->AsString();
    std::vector<const IdEnum*> found;
    std::vector<std::string> known;
    for (const IdEnum& candidate : sources_.enums) {
      known.push_back(candidate.full_name.substr(candidate.full_name.rfind('.') + 1));
      const bool is_it = candidate.full_name == name || candidate.full_name.ends_with("." + name);
      if (is_it) found.push_back(&candidate);
    }
    if (!node->IsString() || !messages) return;
    if (found.empty()) {
      return node->Error("no enum " + Quote(name) + " in the .proto files" + Suggest(name, known));
    }
    if (found.size() > 1) {
      return node->Error(Quote(name) + " may be " + found[0]->full_name + " or " +
                         found[1]->full_name + "; write the full name");
    }
    std::vector<IdConstant> constants;
    for (const auto& [value_name, number] : found[0]->values) {
      constants.push_back({value_name, number, ""});
    }
    Constants(std::move(constants), *messages, "the enum " + found[0]->full_name);
  }

  /// Gives the ids of constants to the messages that they name. `source` is for messages.
  void Constants(std::vector<IdConstant> constants, const MessageNames& messages,
                 const std::string& source) {
    std::string prefix;
    if (const auto node = entry_.Find("prefix")) prefix = node->AsString();
    const std::vector<std::string> prefixes = Prefixes();
    std::map<std::string, IdConstant, std::less<>> seen;  // a header may say one thing twice
    bool found_any = false;
    for (IdConstant& constant : constants) {
      if (!constant.name.starts_with(prefix) || constant.name.size() == prefix.size()) continue;
      const std::string name = constant.name.substr(prefix.size());
      const auto origin = messages.Find(name);
      if (sources_.are_open ? !MatchesAny(name, prefixes) : !origin) continue;
      found_any = true;
      const auto [before, is_new] = seen.emplace(name, constant);
      if (!is_new && before->second.value == constant.value) continue;
      if (!is_new) {
        entry_.Error(constant.name + " has one value at " + before->second.place +
                     " and another at " + constant.place);
        continue;
      }
      if (!IsId(constant)) continue;
      const PacketTable::Origin packet = sources_.are_open ? Opened(name) : *origin;
      if (!table_.Add(entry_, packet, static_cast<std::uint64_t>(*constant.value))) return;
    }
    if (!found_any) ErrorOfNoConstant(constants, prefix, source);
  }

  bool IsId(const IdConstant& constant) const {
    if (constant.value && *constant.value >= 0) return true;
    const std::string place = constant.place.empty() ? "" : " (" + constant.place + ")";
    entry_.Error(constant.name + place +
                 (constant.value ? " is " + std::to_string(*constant.value) +
                                       ", and an id is not"
                                       " negative"
                                 : " is no number that can be understood; give the packet its id "
                                   "in a \"table\" instead"));
    return false;
  }

  void ErrorOfNoConstant(const std::vector<IdConstant>& constants, const std::string& prefix,
                         const std::string& source) const {
    const auto begins = [&prefix](const IdConstant& c) { return c.name.starts_with(prefix); };
    const auto first = std::find_if(constants.begin(), constants.end(), begins);
    std::string why = "has no constants";
    if (first != constants.end()) {
      why = "has " + first->name + " and so on, but none names a message";
      if (prefix.empty()) why += "; does \"prefix\" belong before the names?";
    } else if (!constants.empty()) {
      why = "has no constant that begins with " + Quote(prefix) + "; it has " +
            constants.front().name + " and so on";
    }
    entry_.Error(source + " " + why);
  }

  void Hash() {
    CheckKeys({"prefixes", "bits", "of"});
    const std::optional<MessageNames> messages = Messages(false);
    const HashBits bits = ReadBits();
    const bool is_of_full_name = ReadIsOfFullName();
    if (!messages) return;
    std::map<std::uint32_t, std::string> names;
    for (std::size_t i = 0; i < messages->all().size(); ++i) {
      const PacketTable::Origin origin = messages->all()[i];
      const std::string& name = messages->names()[i];
      const auto& full_names = sources_.list[origin.source].full_names;
      const std::string& hashed =
          is_of_full_name && !full_names.empty() ? full_names[origin.name] : name;
      const std::uint32_t id = IdOfHash(Fnv1a(hashed), bits, table_.id_max());
      const auto [other, is_new] = names.emplace(id, hashed);
      if (!is_new) {
        entry_.Error(other->second + " and " + hashed + " have the same hash, " +
                     std::to_string(id) + "; ids must differ");
      } else if (!table_.Add(entry_, origin, id)) {
        return;
      }
    }
    if (messages->all().empty()) ErrorOfNoMessage();
  }

  HashBits ReadBits() const {
    const auto node = entry_.Find("bits");
    if (!node) return HashBits::kLow;
    constexpr std::array<std::pair<std::string_view, HashBits>, 3> kWords{
        {{"low", HashBits::kLow}, {"high", HashBits::kHigh}, {"fold", HashBits::kFold}}};
    const std::string word = node->AsString();
    for (const auto& [name, bits] : kWords) {
      if (word == name) return bits;
    }
    if (node->IsString()) {
      node->Error("unknown " + Quote(word) + Suggest(word, {"low", "high", "fold"}));
    }
    return HashBits::kLow;
  }

  bool ReadIsOfFullName() const {
    const auto node = entry_.Find("of");
    if (!node) return true;
    const std::string word = node->AsString();
    if (word != "full-name" && word != "name" && node->IsString()) {
      node->Error("unknown " + Quote(word) + Suggest(word, {"full-name", "name"}));
    }
    return word != "name";
  }

  const JsonNode& entry_;
  PacketTableBuilder& table_;
  const PacketSources& sources_;
};

}  // namespace

void ReadIdEntry(const JsonNode& entry, PacketTableBuilder& table) {
  IdEntryReader(entry, table).Read();
}

}  // namespace stressbot
