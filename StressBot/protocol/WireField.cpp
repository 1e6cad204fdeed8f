#include "StressBot/protocol/WireField.h"

#include <algorithm>
#include <array>
#include <utility>

#include "StressBot/protocol/WireNumber.h"

namespace stressbot {
namespace {

constexpr std::array<WireType, 5> kWireTypes{{{"u8", 1, 0, 0xFF},
                                              {"u16", 2, 0, 0xFFFF},
                                              {"u32", 4, 0, 0xFFFFFFFF},
                                              {"i16", 2, -0x8000, 0x7FFF},
                                              {"i32", 4, -0x80000000LL, 0x7FFFFFFF}}};

/// Keys that belong to one role.
struct RoleKey {
  const char* key;
  const char* role;
  const char* says;  ///< what such a field does, in words
};
constexpr std::array<RoleKey, 8> kRoleKeys{{{"counts", "length", "counts something"},
                                            {"value", "constant", "has a value"},
                                            {"start", "sequence", "has a start"},
                                            {"step", "sequence", "has a step"},
                                            {"received", "sequence", "is verified"},
                                            {"algorithm", "checksum", "has an algorithm"},
                                            {"over", "checksum", "is over something"},
                                            {"of", "checksum", "is of something"}}};

}  // namespace

bool ReadIsBigEndian(const JsonNode& node) {
  const std::string order = node.AsString();
  if (order != "big" && order != "little" && node.IsString())
    node.Error("unknown byte order \"" + order + "\"" + Suggest(order, {"little", "big"}));
  return order == "big";
}

std::uint32_t ReadWireNumber(const JsonNode& node, const WireType& type) {
  const auto& json = node.json();
  const bool is_whole = json.is_number_integer();
  const bool is_large = json.is_number_unsigned() &&
                        json.get<std::uint64_t>() > static_cast<std::uint64_t>(type.most);
  const std::int64_t value = is_whole && !is_large ? json.get<std::int64_t>() : 0;
  if (!is_whole || is_large || value < type.least || value > type.most) {
    node.Error("must be a whole number from " + std::to_string(type.least) + " to " +
               std::to_string(type.most) + " (" + std::string(type.name) + "), not " + json.dump());
    return 0;
  }
  return static_cast<std::uint32_t>(value);
}

void WireFieldReader::Read(const JsonNode& node) {
  std::vector<std::string> keys{"name", "type", "role"};
  if (of_ == PacketPart::Of::kHeader) keys.emplace_back("in");
  for (const RoleKey& key : kRoleKeys) {
    if (std::find(roles_.begin(), roles_.end(), key.role) != roles_.end())
      keys.emplace_back(key.key);
  }
  node.OnlyKeys(keys);
  if (!node.IsObject()) return;
  WireField field{.name = {}, .role = {}, .place = {}, .type = nullptr, .node = node};
  ReadName(field);
  field.type = ReadType(node);
  const std::size_t offset = bytes_.size();
  if (field.type == nullptr) {
    has_gaps_ = true;
    return;
  }
  if (offset + field.type->bytes > kBytesMax) {
    node.Error("the " + what_ + " is longer than " + std::to_string(kBytesMax) + " bytes");
    has_gaps_ = true;
    return;
  }
  bytes_.resize(offset + field.type->bytes);
  field.place = {of_, static_cast<std::uint8_t>(offset), field.type->bytes};
  if (of_ == PacketPart::Of::kHeader && ReadIsInside(node)) inner_bytes_ += field.type->bytes;
  field.role = ReadRole(node);
  if (field.role == "constant") WriteConstant(field);
  fields_.push_back(std::move(field));
}

void WireFieldReader::ReadName(WireField& field) {
  const auto name = field.node.Require("name");
  if (!name) return;
  field.name = name->AsString();
  if (field.name.empty()) return;
  if (field.name == "header" || field.name == "payload")
    name->Error("cannot be a field's name, since \"over\" means the whole " + field.name +
                " by it");
  const auto is_same = [&](const WireField& other) { return other.name == field.name; };
  if (std::any_of(fields_.begin(), fields_.end(), is_same))
    name->Error("two " + what_ + " fields are called \"" + field.name + "\"");
}

const WireType* WireFieldReader::ReadType(const JsonNode& node) {
  const auto type = node.Require("type");
  if (!type || !type->IsString()) {
    if (type) type->AsString();
    return nullptr;
  }
  // Type names are so short that each is near to each: all of them are named instead.
  std::string known;
  for (const WireType& candidate : kWireTypes) {
    if (candidate.name == type->AsString()) return &candidate;
    known.append(known.empty() ? "" : ", ").append(candidate.name);
  }
  type->Error("unknown type \"" + type->AsString() + "\"; known: " + known);
  return nullptr;
}

std::string WireFieldReader::ReadRole(const JsonNode& node) {
  const auto role_node = node.Require("role");
  const std::string role = role_node ? role_node->AsString() : "";
  if (std::find(roles_.begin(), roles_.end(), role) == roles_.end()) {
    if (role_node && role_node->IsString())
      role_node->Error("unknown role \"" + role + "\"" + Suggest(role, roles_));
    has_gaps_ = true;
    return "";
  }
  for (const RoleKey& key : kRoleKeys) {
    if (role == key.role) continue;
    if (const auto found = node.Find(key.key))
      found->Error("only a field with \"role\": \"" + std::string(key.role) + "\" " + key.says);
  }
  return role;
}

/// Whether the field is the payload's beginning, which only matters to a length of the payload.
bool WireFieldReader::ReadIsInside(const JsonNode& node) const {
  const auto place = node.Find("in");
  const std::string word = place ? place->AsString() : "header";
  const bool is_inside = word == "payload";
  if (!is_inside && word != "header" && place->IsString()) {
    place->Error("unknown \"" + word + "\"" + Suggest(word, {"header", "payload"}));
  } else if (!is_inside && inner_bytes_ > 0) {
    (place ? *place : node)
        .Error("stands behind a field in the payload, so it needs \"in\": \"payload\" too");
  }
  const auto role = node.Find("role");
  if (is_inside && role && role->json() == "length")
    place->Error("the length stands in the header; how else could the payload be found");
  return is_inside;
}

void WireFieldReader::WriteConstant(const WireField& field) {
  const auto value = field.node.Require("value");
  if (!value) return;
  StoreWireNumber(bytes_.data() + field.place.offset, field.place.bytes, big_endian_,
                  ReadWireNumber(*value, *field.type));
}

}  // namespace stressbot
