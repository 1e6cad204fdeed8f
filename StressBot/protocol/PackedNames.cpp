#include "StressBot/protocol/PackedNames.h"

#include <vector>

#include "StressBot/json/Diagnostics.h"

namespace stressbot {

std::string KindOf(const PackedShape& shape) {
  switch (shape.kind) {
    case PackedShape::Kind::kNumber:
      if (shape.scalar == FieldScalar::kBool) return "true or false";
      if (shape.scalar == FieldScalar::kFloat || shape.scalar == FieldScalar::kDouble) {
        return "a number";
      }
      return "a whole number (" + shape.name + ")";
    case PackedShape::Kind::kText:
      return "text in quotes";
    case PackedShape::Kind::kList:
      return "a list";
    case PackedShape::Kind::kStruct:
      break;
  }
  return "an object with the fields of " + shape.name;
}

std::string UnitsOf(const PackedShape& text) {
  switch (text.encoding) {
    case PackedShape::Encoding::kUtf8:
      return "bytes of UTF-8";
    case PackedShape::Encoding::kUtf16:
      return "units of UTF-16";
    case PackedShape::Encoding::kChar:
      break;
  }
  return "bytes";
}

std::string NoSuchField(const PackedShape& packet, std::string_view name) {
  std::vector<std::string> names;
  for (const PackedShape::Member& member : packet.members) names.push_back(member.name);
  return "no field \"" + std::string(name) + "\" in " + packet.name +
         (names.empty() ? ", which has no fields" : Suggest(name, names));
}

}  // namespace stressbot
