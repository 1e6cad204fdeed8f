#include "StressBot/protocol/PackedTemplateCompiler.h"

#include <algorithm>
#include <deque>
#include <set>
#include <string>
#include <utility>

#include "StressBot/protocol/PackedNames.h"
#include "StressBot/protocol/Scalar.h"

namespace stressbot {
namespace {

using Kind = PackedShape::Kind;
using List = std::vector<FieldNode>;
using ShapeRef = std::shared_ptr<const PackedShape>;
using Storage = PackedShape::Storage;

class PackedCompiler {
 public:
  using Part = PackedTemplate::Part;

  PackedCompiler(const FieldNode& root, CompileError& error) : root_(root), error_(error) {}

  bool Packet(const ShapeRef& packet) {
    if (!Inline({packet->name, packet, &root_})) return false;
    while (!elsewhere_.empty()) {
      const Elsewhere next = std::move(elsewhere_.front());
      elsewhere_.pop_front();
      if (!Content(next)) return false;
    }
    return true;
  }
  std::vector<Part> TakeParts() { return std::move(parts_); }

 private:
  /// One field, or one element of a list.
  struct Field {
    const std::string& name;
    const ShapeRef& shape;
    const FieldNode* node;  ///< null: not given
  };
  struct Elsewhere {
    std::string name;
    ShapeRef shape;
    const FieldNode* node;
    std::uint16_t place;
  };

  /// What lies in the place of the field itself.
  bool Inline(const Field& field) {
    switch (field.shape->kind) {
      case Kind::kNumber:
        return Number(field);
      case Kind::kText:
        return Text(field);
      case Kind::kList:
        return ListOf(field);
      case Kind::kStruct:
        return Struct(field);
    }
    return false;
  }

  bool Struct(const Field& field) {
    const PackedShape& shape = *field.shape;
    const FieldNode::Members* given = nullptr;
    if (field.node != nullptr) {
      given = std::get_if<FieldNode::Members>(&field.node->content);
      if (given == nullptr) return Fail(*field.node, "must be " + KindOf(shape));
      std::set<std::string> names;
      for (const auto& [name, node] : *given) {
        if (shape.Find(name) == nullptr) return Fail(node, NoSuchField(shape, name));
        if (!names.insert(name).second) {
          return Fail(node, "the field \"" + name + "\" is here twice");
        }
      }
    }
    for (const PackedShape::Member& member : shape.members) {
      const FieldNode* node = nullptr;
      if (given != nullptr) {
        for (const auto& [name, each] : *given) {
          if (name == member.name) node = &each;
        }
      }
      if (!Inline({member.name, member.shape, node})) return false;
    }
    return true;
  }

  bool Number(const Field& field) {
    const PackedShape& shape = *field.shape;
    std::uint64_t bits = 0;
    if (field.node != nullptr) {
      if (const auto* argument = std::get_if<FieldNode::Argument>(&field.node->content)) {
        Add({.kind = Part::Kind::kNumber, .argument = argument->index, .shape = field.shape});
        return true;
      }
      const auto* literal = std::get_if<Value>(&field.node->content);
      if (literal == nullptr) return WrongNode(field);
      const bool is_text = std::holds_alternative<std::string>(*literal);
      const bool is_bool = std::holds_alternative<bool>(*literal);
      const bool takes_bool = shape.scalar == FieldScalar::kBool;
      if (std::holds_alternative<std::monostate>(*literal) || (!is_text && is_bool != takes_bool) ||
          EncodeNumber(shape.scalar, *literal, bits) != NumberFit::kExact) {
        return WrongLiteral(field, *literal);
      }
    }
    AddNumber(bits, shape.unit_bytes, shape.big_endian);
    return true;
  }

  bool Text(const Field& field) {
    const ShapeRef& shape = field.shape;
    const Value empty = std::string();
    const Value* literal = &empty;
    if (field.node != nullptr) {
      if (const auto* argument = std::get_if<FieldNode::Argument>(&field.node->content)) {
        if (shape->storage == Storage::kOffset) return LieElsewhere(field, 0);
        Add({.kind = Part::Kind::kText, .argument = argument->index, .shape = shape});
        return true;
      }
      literal = std::get_if<Value>(&field.node->content);
      if (literal == nullptr) return WrongNode(field);
    }
    const auto* text = std::get_if<std::string>(literal);
    if (text == nullptr) return WrongLiteral(field, *literal);
    if (shape->storage != Storage::kOffset) return AddText(field, *text);
    const std::size_t units = PackedUnits(*shape, *text);
    if (units > kOffsetMax) return TooLong(field, units, kOffsetMax);
    return LieElsewhere(field, units);
  }

  bool ListOf(const Field& field) {
    const PackedShape& shape = *field.shape;
    static const List kNone;
    const List* list = &kNone;
    if (field.node != nullptr) {
      list = std::get_if<List>(&field.node->content);
      if (list == nullptr) {
        return Fail(*field.node, "\"" + field.name + "\" is a list; write it as [...]");
      }
    }
    const std::size_t most = CountMax(shape);
    if (list->size() > most) return TooLong(field, list->size(), most);
    if (shape.storage == Storage::kOffset) return LieElsewhere(field, list->size());
    if (shape.storage == Storage::kCounted)
      AddNumber(list->size(), shape.count_bytes, shape.big_endian);
    if (!Elements(field.name, shape, *list)) return false;
    if (shape.storage != Storage::kFixed) return true;
    for (std::size_t i = list->size(); i < shape.fixed_count; ++i) {
      if (!Inline({field.name, shape.element, nullptr})) return false;
    }
    return true;
  }

  bool Elements(const std::string& name, const PackedShape& shape, const List& list) {
    for (const FieldNode& element : list) {
      if (!Inline({name, shape.element, &element})) return false;
    }
    return true;
  }

  static std::size_t CountMax(const PackedShape& shape) {
    if (shape.storage == Storage::kFixed) return shape.fixed_count;
    if (shape.storage == Storage::kOffset) return kOffsetMax;
    return (std::size_t{1} << (8U * shape.count_bytes)) - 1;
  }

  /// Offset and count; what they lead to comes behind everything that lies here.
  bool LieElsewhere(const Field& field, std::size_t count) {
    const bool is_argument =
        field.node != nullptr && std::holds_alternative<FieldNode::Argument>(field.node->content);
    if (count > 0 || is_argument) {
      if (places_ == PackedTemplate::kPlacesMax) {
        return Fail(root_, "has more than " + std::to_string(PackedTemplate::kPlacesMax) +
                               " lists and texts that lie behind the fields");
      }
      elsewhere_.push_back({field.name, field.shape, field.node, places_});
      Add({.kind = Part::Kind::kMark, .place = places_++});
    }
    AddNumber(0, 2);
    AddNumber(count, 2);
    return true;
  }

  bool Content(const Elsewhere& here) {
    const Field field{here.name, here.shape, here.node};
    if (const auto* argument = std::get_if<FieldNode::Argument>(&here.node->content)) {
      Add({.kind = Part::Kind::kTextHere,
           .argument = argument->index,
           .place = here.place,
           .shape = here.shape});
      return true;
    }
    Add({.kind = Part::Kind::kListHere, .place = here.place});
    if (const auto* list = std::get_if<List>(&here.node->content)) {
      return Elements(here.name, *here.shape, *list);
    }
    return AddText(field, std::get<std::string>(std::get<Value>(here.node->content)));
  }

  bool AddText(const Field& field, const std::string& text) {
    const PackedShape& shape = *field.shape;
    std::vector<std::byte> bytes(std::size_t{shape.fixed_count} * shape.unit_bytes +
                                 shape.count_bytes + text.size() * shape.unit_bytes);
    const std::byte* const end = WritePackedText(shape, text, bytes.data());
    if (end == nullptr) {
      const std::size_t most = CountMax(shape);
      return TooLong(field, PackedUnits(shape, text),
                     shape.counts_bytes ? most / shape.unit_bytes : most);
    }
    bytes.resize(static_cast<std::size_t>(end - bytes.data()));
    AddBytes(std::move(bytes));
    return true;
  }

  void AddNumber(std::uint64_t bits, std::size_t bytes, bool big_endian = false) {
    std::vector<std::byte> number;
    for (std::size_t i = 0; i < bytes; ++i) number.push_back(static_cast<std::byte>(bits >> 8 * i));
    if (big_endian) std::reverse(number.begin(), number.end());
    AddBytes(std::move(number));
  }
  /// Constant bytes next to each other are one part.
  void AddBytes(std::vector<std::byte> bytes) {
    if (parts_.empty() || parts_.back().kind != Part::Kind::kBytes) {
      return Add({.kind = Part::Kind::kBytes, .bytes = std::move(bytes)});
    }
    std::vector<std::byte>& last = parts_.back().bytes;
    last.insert(last.end(), bytes.begin(), bytes.end());
  }
  void Add(Part part) { parts_.push_back(std::move(part)); }

  bool TooLong(const Field& field, std::size_t length, std::size_t most) {
    const bool is_list = field.shape->IsList();
    return Fail(*field.node, "\"" + field.name + "\" holds at most " + std::to_string(most) +
                                 (is_list ? " elements, not " : " " + UnitsOf(*field.shape)) +
                                 (is_list ? "" : ", not ") + std::to_string(length));
  }
  bool WrongNode(const Field& field) {
    const bool is_list = std::holds_alternative<List>(field.node->content);
    return Fail(*field.node, "\"" + field.name + "\" takes " + KindOf(*field.shape) +
                                 (is_list ? ", not a list" : ", not an object"));
  }
  bool WrongLiteral(const Field& field, const Value& literal) {
    return Fail(*field.node, "\"" + field.name + "\" takes " + KindOf(*field.shape) + ", not " +
                                 QuotedLiteral(literal));
  }
  bool Fail(const FieldNode& node, std::string message) {
    error_ = {node.where, std::move(message)};
    return false;
  }

  const FieldNode& root_;
  CompileError& error_;
  std::vector<Part> parts_;
  std::deque<Elsewhere> elsewhere_;
  std::uint16_t places_ = 0;
};

}  // namespace

std::optional<std::vector<PackedTemplate::Part>> CompilePacked(const ShapeRef& packet,
                                                               const FieldNode& root,
                                                               CompileError& error) {
  PackedCompiler compiler(root, error);
  if (!compiler.Packet(packet)) return std::nullopt;
  return compiler.TakeParts();
}

}  // namespace stressbot
