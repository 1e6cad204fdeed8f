#include "StressBot/protocol/PackedFile.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "StressBot/protocol/PathText.h"

namespace stressbot {
namespace {

using Encoding = PackedShape::Encoding;
using Kind = PackedShape::Kind;
using ShapeRef = std::shared_ptr<const PackedShape>;
using Storage = PackedShape::Storage;

struct NumberType {
  const char* name;
  FieldScalar scalar;
  std::uint8_t bytes;
};
constexpr std::array<NumberType, 11> kNumbers{{{"bool", FieldScalar::kBool, 1},
                                               {"u8", FieldScalar::kUint8, 1},
                                               {"u16", FieldScalar::kUint16, 2},
                                               {"u32", FieldScalar::kFixed32, 4},
                                               {"u64", FieldScalar::kFixed64, 8},
                                               {"i8", FieldScalar::kInt8, 1},
                                               {"i16", FieldScalar::kInt16, 2},
                                               {"i32", FieldScalar::kSfixed32, 4},
                                               {"i64", FieldScalar::kSfixed64, 8},
                                               {"f32", FieldScalar::kFloat, 4},
                                               {"f64", FieldScalar::kDouble, 8}}};

struct TextType {
  const char* name;
  Encoding encoding;
  std::uint8_t unit_bytes;
};
constexpr std::array<TextType, 3> kTexts{
    {{"char", Encoding::kChar, 1}, {"utf8", Encoding::kUtf8, 1}, {"utf16", Encoding::kUtf16, 2}}};

template <typename Types>
auto FindType(const Types& types, std::string_view name) -> const typename Types::value_type* {
  for (const auto& type : types) {
    if (name == type.name) return &type;
  }
  return nullptr;
}

class PackedReader {
 public:
  PackedReader(const JsonNode& payload, std::size_t header_bytes, std::size_t packet_bytes_max)
      : payload_(payload), payload_bytes_max_(packet_bytes_max - header_bytes) {}

  std::vector<PackedShape::Member> Read() {
    const std::size_t errors_before = payload_.errors().list().size();
    payload_.OnlyKeys({"codec", "byteOrder", "structs", "packets"});
    const bool misses_structs = payload_.errors().list().size() != errors_before;
    if (const auto order = payload_.Find("byteOrder")) ReadByteOrder(*order);
    if (const auto structs = payload_.Find("structs")) {
      for (const auto& [name, node] : structs->Members()) Declare(name, node);
      for (const auto& [name, node] : structs->Members()) StructNamed(name);
    }
    std::vector<PackedShape::Member> packets;
    const auto list = payload_.Require("packets");
    if (!list || misses_structs) return packets;  // a misspelt key is one mistake, not many
    for (const auto& [name, fields] : list->Members()) {
      if (ShapeRef shape = ReadStruct(name, fields)) packets.push_back({name, std::move(shape)});
    }
    if (list->IsObject() && list->json().empty()) list->Error("names no packet");
    return packets;
  }

 private:
  struct Declared {
    JsonNode node;
    bool is_being_read = false;
    bool is_read = false;
    ShapeRef shape{};  ///< null after a mistake
  };

  void ReadByteOrder(const JsonNode& node) {
    const std::string order = node.AsString();
    big_endian_ = order == "big";
    if (!big_endian_ && order != "little" && node.IsString()) {
      node.Error("unknown byte order " + Quote(order) + Suggest(order, {"little", "big"}));
    }
  }

  void Declare(const std::string& name, const JsonNode& node) {
    if (FindType(kNumbers, name) != nullptr || FindType(kTexts, name) != nullptr) {
      return node.Error(Quote(name) + " is a type already; a struct needs another name");
    }
    structs_.emplace(name, Declared{node});
    type_names_.push_back(name);
    if (node.IsArray() && node.json().empty()) {
      node.Error("has no fields, so nothing of it would be on the wire");
      structs_.at(name).is_read = true;
    }
  }

  /// Null after a mistake, which was told.
  ShapeRef StructNamed(const std::string& name) {
    const auto found = structs_.find(name);
    if (found == structs_.end()) return nullptr;
    Declared& declared = found->second;
    if (!declared.is_read) {
      declared.is_being_read = true;
      declared.shape = ReadStruct(name, declared.node);
      declared.is_being_read = false;
      declared.is_read = true;
    }
    return declared.shape;
  }

  ShapeRef ReadStruct(const std::string& name, const JsonNode& fields) {
    // On the way down, before the file has made the stack as deep as it likes.
    if (structs_open_ == kPackedDepthMax) return TooDeep(fields);
    ++structs_open_;
    ShapeRef shape = ReadFields(name, fields);
    --structs_open_;
    return shape;
  }

  ShapeRef ReadFields(const std::string& name, const JsonNode& fields) {
    const std::size_t errors_before = fields.errors().list().size();
    auto shape = std::make_shared<PackedShape>();
    shape->kind = Kind::kStruct;
    shape->scalar = FieldScalar::kMessage;
    shape->name = name;
    for (const JsonNode& field : fields.Elements()) ReadField(field, *shape);
    if (fields.errors().list().size() != errors_before) return nullptr;
    std::size_t bytes = 0;
    bool is_fixed = true;
    for (const PackedShape::Member& member : shape->members) {
      is_fixed = is_fixed && member.shape->inline_bytes.has_value();
      if (is_fixed) bytes += *member.shape->inline_bytes;
      shape->bytes_min += member.shape->bytes_min;
      shape->has_offsets = shape->has_offsets || member.shape->has_offsets;
      shape->depth = std::max(shape->depth, member.shape->depth + 1);
    }
    if (is_fixed) shape->inline_bytes = bytes;
    if (!FitsPacket(*shape, fields)) return nullptr;
    return shape;
  }

  void ReadField(const JsonNode& field, PackedShape& shape) {
    field.OnlyKeys({"name", "type", "length", "counts", "list"});
    if (!field.IsObject()) return;
    const auto name_node = field.Require("name");
    const auto type_node = field.Require("type");
    if (!name_node || !type_node) return;
    const std::string name = name_node->AsString();
    if (!name_node->IsString() || !CheckName(*name_node, name, shape)) return;
    ShapeRef type = ReadType(field, *type_node);
    if (!type) return;
    if (const auto list = field.Find("list")) type = ReadList(*list, std::move(type));
    if (type) shape.members.push_back({name, std::move(type)});
  }

  static bool CheckName(const JsonNode& node, const std::string& name, const PackedShape& shape) {
    if (name.empty() || name.find('.') != std::string::npos || IsElementIndex(name)) {
      node.Error(
          "a field's name stands in paths such as \"players.0.name\", so it has no dot and "
          "is no number");
      return false;
    }
    if (shape.Find(name) != nullptr) {
      node.Error("the field " + Quote(name) + " is declared twice");
      return false;
    }
    return true;
  }

  ShapeRef ReadType(const JsonNode& field, const JsonNode& type_node) {
    const std::string name = type_node.AsString();
    if (!type_node.IsString()) return nullptr;
    if (const TextType* text = FindType(kTexts, name)) return ReadText(field, *text);
    for (const char* key : {"length", "counts"}) {
      if (const auto node = field.Find(key)) {
        node->Error("is for texts; \"list\" makes a list of " + name);
        return nullptr;
      }
    }
    if (const NumberType* number = FindType(kNumbers, name)) {
      auto shape = std::make_shared<PackedShape>();
      shape->scalar = number->scalar;
      shape->unit_bytes = number->bytes;
      shape->big_endian = big_endian_;
      shape->inline_bytes = number->bytes;
      shape->bytes_min = number->bytes;
      shape->name = name;
      return shape;
    }
    return ReadStructType(type_node, name);
  }

  ShapeRef ReadStructType(const JsonNode& type_node, const std::string& name) {
    const auto declared = structs_.find(name);
    if (declared == structs_.end()) {
      std::vector<std::string> known = type_names_;
      for (const auto& type : kNumbers) known.emplace_back(type.name);
      for (const auto& type : kTexts) known.emplace_back(type.name);
      type_node.Error("no type " + Quote(name) + Suggest(name, known));
      return nullptr;
    }
    if (declared->second.is_being_read) {
      type_node.Error("the struct " + name + " contains itself");
      return nullptr;
    }
    return StructNamed(name);
  }

  ShapeRef ReadText(const JsonNode& field, const TextType& type) {
    auto shape = std::make_shared<PackedShape>();
    shape->kind = Kind::kText;
    shape->scalar = FieldScalar::kString;
    shape->encoding = type.encoding;
    shape->unit_bytes = type.unit_bytes;
    shape->name = type.name;
    if (big_endian_ && type.encoding == Encoding::kUtf16) {
      field.Find("type")->Error("utf16 is little-endian and cannot stand in a big-endian payload");
      return nullptr;
    }
    const auto length = field.Require("length");
    if (!length || !ReadStorage(*length, *shape)) return nullptr;
    if (const auto counts = field.Find("counts")) {
      const std::string word = counts->AsString();
      if (shape->storage != Storage::kCounted) {
        counts->Error("is for a length that stands before the text: u8, u16 or u32");
        return nullptr;
      }
      if (word != "units" && word != "bytes") {
        if (counts->IsString()) {
          counts->Error("unknown " + Quote(word) + Suggest(word, {"units", "bytes"}));
        }
        return nullptr;
      }
      shape->counts_bytes = word == "bytes";
    }
    if (shape->storage == Storage::kFixed) {
      shape->inline_bytes = std::size_t{shape->fixed_count} * shape->unit_bytes;
      shape->bytes_min = *shape->inline_bytes;
    }
    return FitsPacket(*shape, *length) ? shape : nullptr;
  }

  ShapeRef ReadList(const JsonNode& node, ShapeRef element) {
    auto shape = std::make_shared<PackedShape>();
    shape->kind = Kind::kList;
    shape->scalar = FieldScalar::kMessage;
    shape->name = "list";
    shape->has_offsets = element->has_offsets;
    shape->depth = element->depth + 1;
    shape->element = std::move(element);
    if (!ReadStorage(node, *shape)) return nullptr;
    if (shape->storage == Storage::kFixed) {
      // An element fits the packet, whose size has 32 bits: the product has 48 at most.
      shape->bytes_min = shape->fixed_count * shape->element->bytes_min;
      if (shape->element->inline_bytes) shape->inline_bytes = shape->bytes_min;
    }
    return FitsPacket(*shape, node) ? shape : nullptr;
  }

  /// "offset", "u8", "u16", "u32" or a number.
  bool ReadStorage(const JsonNode& node, PackedShape& shape) const {
    constexpr std::uint32_t kFixedMax = 0xFFFF;
    if (node.IsNumber()) {
      const std::size_t errors_before = node.errors().list().size();
      shape.fixed_count = static_cast<std::uint32_t>(node.AsUnsigned(kFixedMax));
      if (node.errors().list().size() != errors_before) return false;
      if (shape.fixed_count == 0) node.Error("must be at least 1");
      return shape.fixed_count > 0;
    }
    const std::string word = node.IsString() ? node.AsString() : "";
    shape.big_endian = big_endian_;
    if (big_endian_ && word == "offset") {
      node.Error("\"offset\" is for structs that are copied as they are, which are little-endian");
      return false;
    }
    if (word == "offset") {
      shape.storage = Storage::kOffset;
      shape.inline_bytes = kOffsetBytes;
      shape.bytes_min = kOffsetBytes;
      shape.has_offsets = true;
      return true;
    }
    shape.storage = Storage::kCounted;
    shape.count_bytes = word == "u8" ? 1 : word == "u16" ? 2 : 4;
    shape.bytes_min = shape.count_bytes;
    if (word == "u8" || word == "u16" || word == "u32") return true;
    node.Error(
        "says how its number is known: \"u8\", \"u16\" or \"u32\" for one that stands "
        "before it, \"offset\" for {u16 offset, u16 count}, or a number such as 16 when it "
        "is always the same");
    return false;
  }

  bool FitsPacket(const PackedShape& shape, const JsonNode& node) {
    if (shape.depth > kPackedDepthMax) {
      TooDeep(node);
      return false;
    }
    // What is always written is limited here: a packet's template holds all of it.
    if (shape.bytes_min <= payload_bytes_max_) return true;
    node.Error(std::string("takes ") + (shape.inline_bytes ? "" : "at least ") +
               std::to_string(shape.bytes_min) +
               " bytes, more than the protocol allows in a packet (" +
               std::to_string(payload_bytes_max_) + " without the header)");
    return false;
  }

  /// Tells it once: what a long chain of structs gets wrong again and again is one mistake.
  ShapeRef TooDeep(const JsonNode& node) {
    if (!std::exchange(told_too_deep_, true)) {
      node.Error("lists and structs lie in each other more than " +
                 std::to_string(kPackedDepthMax) + " deep");
    }
    return nullptr;
  }

  const JsonNode& payload_;
  bool big_endian_ = false;
  std::size_t payload_bytes_max_;
  std::map<std::string, Declared, std::less<>> structs_;
  std::vector<std::string> type_names_;
  std::size_t structs_open_ = 0;  ///< being read, each inside the one before
  bool told_too_deep_ = false;
};

}  // namespace

std::vector<PackedShape::Member> ReadPackedPackets(const JsonNode& payload,
                                                   std::size_t header_bytes,
                                                   std::size_t packet_bytes_max) {
  return PackedReader(payload, header_bytes, packet_bytes_max).Read();
}

}  // namespace stressbot
