#include "StressBot/protocol/ProtocolDraft.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>
#include <utility>

#include "StressBot/protocol/NameGuess.h"
#include "StressBot/protocol/NamePattern.h"
#include "StressBot/protocol/ProtoFiles.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {
namespace {

namespace fs = std::filesystem;

constexpr int kParentsMax = 3;          // beyond a file's directory, where its imports may begin
constexpr std::size_t kNamesShown = 8;  // in a comment
constexpr std::uint32_t kFirstId = 1000;

constexpr const char* kHeaderText =
    R"(  // CHECK what stands in front of each packet. This is the commonest: u16 size of the whole packet, u16 id.
  // Types: u8 u16 u32 i16 i32. "counts": "payload" when the size leaves the header out. "byteOrder": "big" for
  // network order. More bytes in front: {"name": "x", "type": "u8", "role": "opaque"} (sent as 0) or "constant"
  // with a "value". An id that the size counts as payload: "in": "payload" beside its role.
  "header": {"byteOrder": "little", "fields": [
    {"name": "size", "type": "u16", "role": "length", "counts": "packet"},
    {"name": "id", "type": "u16", "role": "id"}]},
  "maxPacketBytes": 65535,
)";

std::string InQuotes(const std::string& text) { return nlohmann::json(text).dump(); }

std::string JsonList(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ", ") + InQuotes(text);
  return "[" + list + "]";
}

/// "A, B, C and 4 more".
std::string ShownNames(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kNamesShown); ++i) {
    text += (i == 0 ? "" : ", ") + names[i];
  }
  if (names.size() <= kNamesShown) return text;
  return text + " and " + std::to_string(names.size() - kNamesShown) + " more";
}

/// As a protocol file in `directory` names another place.
std::string RelativeTo(const fs::path& directory, const fs::path& path) {
  const fs::path base = directory.empty() ? fs::path(".") : directory;
  const fs::path relative = fs::absolute(path).lexically_normal().lexically_relative(
      fs::absolute(base).lexically_normal());
  return Utf8Of(relative.empty() ? fs::absolute(path) : relative);
}

class Drafter {
 public:
  Drafter(const DraftRequest& request, Diagnostics& errors) : request_(request), errors_(errors) {}

  std::optional<ProtocolDraft> Draft() {
    for (const fs::path& file : request_.proto_files) FindRoot(file);
    if (!errors_.empty() || !ReadAll()) return std::nullopt;
    CollectNames();
    if (names_.empty()) {
      errors_.Add({Utf8Of(request_.proto_files.front()), 0, "", "has no messages"});
      return std::nullopt;
    }
    Guess();
    return ProtocolDraft{Text(), packets_.size()};
  }

 private:
  /// The directory from which a file and its imports are found, and the file's name there.
  void FindRoot(const fs::path& file) {
    std::error_code failure;
    const std::string shown = Utf8Of(file);
    if (!fs::is_regular_file(file, failure)) {
      return errors_.Add({shown, 0, "",
                          fs::is_directory(file, failure)
                              ? "this is a directory; name the .proto files in it"
                              : "no such file" + SuggestFile(file)});
    }
    std::optional<Diagnostics> first_mistakes;
    for (const fs::path& root : RootsOf(file)) {
      const std::string name = RelativeTo(root, file);
      if (name.starts_with("..")) continue;
      std::vector<fs::path> paths{root};
      paths.insert(paths.end(), request_.import_paths.begin(), request_.import_paths.end());
      ProtoFiles files(paths);
      Diagnostics mistakes;
      if (files.Import(name, mistakes)) {
        if (std::find(roots_.begin(), roots_.end(), root) == roots_.end()) roots_.push_back(root);
        files_.push_back(name);
        return;
      }
      if (!first_mistakes) first_mistakes = std::move(mistakes);
    }
    if (!first_mistakes) {
      return errors_.Add({shown, 0, "", "lies in none of the directories of --import"});
    }
    for (const Diagnostic& mistake : first_mistakes->list()) errors_.Add(mistake);
  }

  std::vector<fs::path> RootsOf(const fs::path& file) const {
    if (!request_.import_paths.empty()) return request_.import_paths;
    std::vector<fs::path> roots = roots_;  // of other files, where they do: one path is enough
    fs::path directory = fs::absolute(file).lexically_normal().parent_path();
    for (int i = 0; i <= kParentsMax; ++i) {
      roots.push_back(directory);
      if (!directory.has_relative_path()) break;
      directory = directory.parent_path();
    }
    return roots;
  }

  bool ReadAll() {
    for (const fs::path& path : request_.import_paths) {
      if (std::find(roots_.begin(), roots_.end(), path) == roots_.end()) roots_.push_back(path);
    }
    proto_ = std::make_unique<ProtoFiles>(roots_);
    for (const std::string& file : files_) {
      if (!proto_->Import(file, errors_)) return false;
    }
    return true;
  }

  void CollectNames() {
    std::set<const google::protobuf::EnumDescriptor*> seen;
    for (const std::string& file : files_) {
      for (const auto* message : proto_->MessagesOf(file)) names_.push_back(message->name());
      for (const auto* type : proto_->EnumsOf(file)) {
        if (!seen.insert(type).second) continue;
        IdEnum& values = enums_.emplace_back(IdEnum{type->full_name(), {}});
        for (int i = 0; i < type->value_count(); ++i) {
          values.values.emplace_back(type->value(i)->name(), type->value(i)->number());
        }
      }
    }
  }

  void Guess() {
    directions_ = GuessDirections(names_);
    patterns_ = directions_.send;
    patterns_.insert(patterns_.end(), directions_.receive.begin(), directions_.receive.end());
    std::copy_if(names_.begin(), names_.end(), std::back_inserter(packets_),
                 [this](const std::string& name) { return MatchesAny(name, patterns_); });
    enum_ = GuessEnum(enums_, packets_);
    if (enum_) packets_ = enum_->matched;
    std::copy_if(names_.begin(), names_.end(), std::back_inserter(others_),
                 [this](const std::string& name) {
                   return std::find(packets_.begin(), packets_.end(), name) == packets_.end();
                 });
  }

  std::string Text() const {
    std::vector<std::string> paths;
    for (const fs::path& root : roots_) paths.push_back(RelativeTo(request_.directory, root));
    std::string text =
        "// Drafted by `stressbot protocol init`. It could not know what is marked CHECK; "
        "docs/PROTOCOLS.md has all.\n"
        "{\n";
    text += kHeaderText;
    text += "  \"payload\": {\"codec\": \"protobuf\", \"importPaths\": " + JsonList(paths) +
            ", \"files\": " + JsonList(files_) + "},\n" + IdsText();
    if (!others_.empty()) {
      text += "  // Not taken for packets, since they have no id: " + ShownNames(others_) + ".\n";
    }
    return text + DirectionsText() + "  \"unknownPackets\": \"count\"\n}\n";
  }

  std::string IdsText() const {
    if (enum_) {
      return "  // The ids are the values of an enum: " + ShownNames(packets_) +
             ".\n  \"ids\": [{\"assign\": \"enum\", \"enum\": " + InQuotes(enum_->full_name) +
             (enum_->prefix.empty() ? "" : ", \"prefix\": " + InQuotes(enum_->prefix)) + "}],\n";
    }
    std::string text =
        "  // CHECK the ids: here they count up in the order of the messages. `stressbot protocol "
        "show` prints them, to\n"
        "  // compare with your server. Other ways: {\"assign\": \"header\", \"header\": "
        "\"PacketIds.h\", \"prefix\": \"PKT_\"},\n"
        "  // {\"assign\": \"table\", \"table\": {\"" +
        packets_.front() + "\": 1}}, {\"assign\": \"fnv1a\"}.\n  \"ids\": [";
    std::uint32_t start = kFirstId;
    bool is_first = true;
    for (const std::string& file : files_) {
      const auto messages = proto_->MessagesOf(file);
      if (std::none_of(messages.begin(), messages.end(), [this](const auto* message) {
            return MatchesAny(message->name(), patterns_);
          })) {
        continue;
      }
      const auto patterns = PatternsOf(patterns_, file);
      text += std::string(is_first ? "" : ",") + "\n    {\"file\": " + InQuotes(file) +
              ", \"assign\": \"sequential\", \"start\": " + std::to_string(start) +
              (patterns.empty() ? "" : ", \"prefixes\": " + JsonList(patterns)) + "}";
      start += kFirstId;
      is_first = false;
    }
    return text + "],\n";
  }

  /// Those of the patterns that something in the file matches.
  std::vector<std::string> PatternsOf(const std::vector<std::string>& patterns,
                                      const std::string& file) const {
    std::vector<std::string> found;
    for (const std::string& pattern : patterns) {
      const auto messages = proto_->MessagesOf(file);
      if (std::any_of(messages.begin(), messages.end(), [&pattern](const auto* message) {
            return MatchesPattern(message->name(), pattern);
          })) {
        found.push_back(pattern);
      }
    }
    return found;
  }

  std::string DirectionsText() const {
    std::string entries;
    const auto add = [this, &entries](const std::vector<std::string>& patterns, const char* way) {
      for (const std::string& pattern : patterns) {
        if (std::none_of(packets_.begin(), packets_.end(), [&pattern](const std::string& name) {
              return MatchesPattern(name, pattern);
            })) {
          continue;
        }
        entries += (entries.empty() ? "" : ", ") + InQuotes(pattern) + ": \"" + way + "\"";
      }
    };
    add(directions_.send, "send");
    add(directions_.receive, "receive");
    std::string text =
        "  // CHECK who sends what: \"C_\" is the beginning of names, \"*Req\" an end. Without it, "
        "a packet goes both ways.\n";
    if (entries.empty()) {
      return text + "  // Nothing in the names told. For example: {\"" + packets_.front() +
             "\": \"send\"}; \"receive\" is what the server sends.\n  \"directions\": {},\n";
    }
    return text + "  \"directions\": {" + entries + "},\n";
  }

  const DraftRequest& request_;
  Diagnostics& errors_;
  std::vector<fs::path> roots_;
  std::vector<std::string> files_;  ///< as imports name them
  std::unique_ptr<ProtoFiles> proto_;
  std::vector<std::string> names_;  ///< of all messages
  std::vector<IdEnum> enums_;
  DirectionGuess directions_;
  std::vector<std::string> patterns_;  ///< of packets; empty: all messages are
  std::optional<EnumGuess> enum_;
  std::vector<std::string> packets_, others_;
};

}  // namespace

std::optional<ProtocolDraft> DraftProtocol(const DraftRequest& request, Diagnostics& errors) {
  return Drafter(request, errors).Draft();
}

}  // namespace stressbot
