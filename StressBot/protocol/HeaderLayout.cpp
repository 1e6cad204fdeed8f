#include "StressBot/protocol/HeaderLayout.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace stressbot {
namespace {

/// Nobody's packets are larger, and every bot with an incomplete packet needs memory for it.
constexpr std::uint64_t kPacketBytesMax = 16 * 1024 * 1024;
constexpr std::uint64_t kPacketBytesDefault = 65'535;
constexpr std::size_t kHeaderBytesMax = 64;

struct FieldType {
  std::string_view name;
  std::uint8_t bytes;
  std::int64_t least, most;
};
constexpr std::array<FieldType, 5> kTypes{{{"u8", 1, 0, 0xFF},
                                           {"u16", 2, 0, 0xFFFF},
                                           {"u32", 4, 0, 0xFFFFFFFF},
                                           {"i16", 2, -0x8000, 0x7FFF},
                                           {"i32", 4, -0x80000000LL, 0x7FFFFFFF}}};

class HeaderReader {
 public:
  explicit HeaderReader(const JsonNode& root)
      : root_(root), errors_before_(root.errors().list().size()) {}

  std::optional<HeaderLayout> Read() {
    const std::optional<JsonNode> header = root_.Require("header");
    if (!header) return std::nullopt;
    header->OnlyKeys({"byteOrder", "fields"});
    if (const auto order = header->Find("byteOrder")) ReadByteOrder(*order);
    if (const auto fields = header->Require("fields")) {
      for (const JsonNode& field : fields->Elements()) ReadField(field);
      if (length_most_ == 0 && !saw_role_error_) {
        fields->Error("no field has \"role\": \"length\", so packets could not be told apart");
      }
      if (layout_.id_max == 0 && !saw_role_error_) {
        fields->Error("no field has \"role\": \"id\", so packets could not be named");
      }
    }
    layout_.framing.header_bytes = static_cast<std::uint8_t>(layout_.constant_bytes.size());
    if (HasErrors()) return std::nullopt;
    ReadPacketBytesMax();
    if (HasErrors()) return std::nullopt;
    return std::move(layout_);
  }

 private:
  bool HasErrors() const { return root_.errors().list().size() != errors_before_; }

  void ReadByteOrder(const JsonNode& node) {
    const std::string order = node.AsString();
    if (order == "big") {
      layout_.framing.big_endian = true;
    } else if (order != "little" && node.IsString()) {
      node.Error("unknown byte order \"" + order + "\"" + Suggest(order, {"little", "big"}));
    }
  }

  void ReadField(const JsonNode& node) {
    node.OnlyKeys({"name", "type", "role", "counts", "value", "in"});
    if (!node.IsObject()) return;
    ReadName(node);
    const FieldType* type = ReadType(node);
    const auto offset = layout_.constant_bytes.size();
    if (type == nullptr) return SkipRole();
    if (offset + type->bytes > kHeaderBytesMax) {
      node.Error("the header is longer than " + std::to_string(kHeaderBytesMax) + " bytes");
      return SkipRole();
    }
    layout_.constant_bytes.resize(offset + type->bytes);
    if (ReadIsInside(node)) {
      layout_.framing.inner_bytes =
          static_cast<std::uint8_t>(layout_.framing.inner_bytes + type->bytes);
    }
    ReadRole(node, *type, {static_cast<std::uint8_t>(offset), type->bytes});
  }

  /// A role that could not be read may have been the one that is then reported as missing.
  void SkipRole() { saw_role_error_ = true; }

  void ReadName(const JsonNode& node) {
    const auto name = node.Require("name");
    if (!name || name->AsString().empty()) return;
    if (std::find(names_.begin(), names_.end(), name->AsString()) != names_.end()) {
      name->Error("two header fields are called \"" + name->AsString() + "\"");
    }
    names_.push_back(name->AsString());
  }

  /// Whether the field is the payload's beginning, which only matters to a length of the payload.
  bool ReadIsInside(const JsonNode& node) {
    const auto place = node.Find("in");
    const std::string word = place ? place->AsString() : "header";
    const bool is_inside = word == "payload";
    if (!is_inside && word != "header" && place->IsString()) {
      place->Error("unknown \"" + word + "\"" + Suggest(word, {"header", "payload"}));
    } else if (!is_inside && layout_.framing.inner_bytes > 0) {
      (place ? *place : node)
          .Error("stands behind a field in the payload, so it needs \"in\": \"payload\" too");
    }
    const auto role = node.Find("role");
    if (is_inside && role && role->json() == "length") {
      place->Error("the length stands in the header; how else could the payload be found");
    }
    return is_inside;
  }

  const FieldType* ReadType(const JsonNode& node) {
    const auto type = node.Require("type");
    if (!type || !type->IsString()) {
      if (type) type->AsString();
      return nullptr;
    }
    std::vector<std::string> names;
    for (const FieldType& candidate : kTypes) {
      if (candidate.name == type->AsString()) return &candidate;
      names.emplace_back(candidate.name);
    }
    // Type names are so short that each is near to each: all of them are named instead.
    std::string known;
    for (const std::string& name : names) known += (known.empty() ? "" : ", ") + name;
    type->Error("unknown type \"" + type->AsString() + "\"; known: " + known);
    return nullptr;
  }

  void ReadRole(const JsonNode& node, const FieldType& type,
                servercore::PacketFraming::Field place) {
    const auto role_node = node.Require("role");
    if (!role_node) return SkipRole();
    const std::string role = role_node->AsString();
    static const std::vector<std::string> kRoles{"length", "id", "constant", "opaque"};
    if (role == "sequence" || role == "correlation") {
      return role_node->Error("the role \"" + role +
                              "\" is not supported yet; \"opaque\" writes 0 and ignores what "
                              "arrives");
    }
    if (std::find(kRoles.begin(), kRoles.end(), role) == kRoles.end()) {
      if (role_node->IsString()) {
        role_node->Error("unknown role \"" + role + "\"" + Suggest(role, kRoles));
      }
      return SkipRole();
    }
    if (role != "length" && node.Has("counts")) {
      node.Find("counts")->Error("only a field with \"role\": \"length\" counts something");
    }
    if (role != "constant" && node.Has("value")) {
      node.Find("value")->Error("only a field with \"role\": \"constant\" has a value");
    }
    if (role == "length") {
      if (std::exchange(length_most_, type.most) != 0) {
        role_node->Error("two header fields have the role length");
      }
      layout_.framing.length = place;
      if (const auto counts = node.Require("counts")) ReadCounts(*counts);
    } else if (role == "id") {
      if (std::exchange(layout_.id_max, static_cast<std::uint32_t>(type.most)) != 0) {
        role_node->Error("two header fields have the role id");
      }
      layout_.framing.id = place;
    } else if (role == "constant") {
      if (const auto value = node.Require("value")) WriteConstant(*value, type, place);
    }
  }

  void ReadCounts(const JsonNode& node) {
    const std::string counts = node.AsString();
    if (counts == "payload") {
      layout_.framing.length_counts_header = false;
    } else if (counts != "packet" && node.IsString()) {
      node.Error("unknown \"" + counts + "\"" + Suggest(counts, {"packet", "payload"}));
    }
  }

  void WriteConstant(const JsonNode& node, const FieldType& type,
                     servercore::PacketFraming::Field place) {
    const bool is_whole = node.json().is_number_integer();
    const bool is_large = node.json().is_number_unsigned() &&
                          node.json().get<std::uint64_t>() > static_cast<std::uint64_t>(type.most);
    const std::int64_t value = is_whole && !is_large ? node.json().get<std::int64_t>() : 0;
    if (!is_whole || is_large || value < type.least || value > type.most) {
      return node.Error("must be a whole number from " + std::to_string(type.least) + " to " +
                        std::to_string(type.most) + " (" + std::string(type.name) + "), not " +
                        node.json().dump());
    }
    for (std::size_t i = 0; i < place.bytes; ++i) {
      const std::size_t at = layout_.framing.big_endian ? place.bytes - 1U - i : i;
      layout_.constant_bytes[place.offset + at] =
          static_cast<std::byte>(static_cast<std::uint64_t>(value) >> (8 * i));
    }
  }

  void ReadPacketBytesMax() {
    const auto header_bytes = static_cast<std::uint64_t>(layout_.framing.header_bytes);
    const auto length_most = static_cast<std::uint64_t>(length_most_);
    const std::uint64_t expressible = length_most + layout_.framing.uncounted_bytes();
    const auto node = root_.Find("maxPacketBytes");
    const std::uint64_t bytes =
        node ? node->AsUnsigned(kPacketBytesMax) : std::min(kPacketBytesDefault, expressible);
    layout_.framing.packet_bytes_max = static_cast<std::uint32_t>(bytes);
    if (!node || HasErrors()) return;
    if (bytes < header_bytes) {
      node->Error("is smaller than the header, which has " + std::to_string(header_bytes) +
                  " bytes");
    } else if (bytes > expressible) {
      node->Error("the length field can express packets of at most " + std::to_string(expressible) +
                  " bytes, not " + std::to_string(bytes) + "; make this smaller or that wider");
    }
  }

  const JsonNode& root_;
  std::size_t errors_before_;
  HeaderLayout layout_;
  std::int64_t length_most_ = 0;  ///< 0: no field has the role length yet
  bool saw_role_error_ = false;
  std::vector<std::string> names_;
};

}  // namespace

std::optional<HeaderLayout> ReadHeaderLayout(const JsonNode& root) {
  return HeaderReader(root).Read();
}

}  // namespace stressbot
