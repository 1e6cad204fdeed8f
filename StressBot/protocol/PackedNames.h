#pragma once
#include <string>
#include <string_view>

#include "StressBot/protocol/PackedShape.h"

/// What messages about packed fields share. Private to the protocol library.
namespace stressbot {

/// "a whole number (u16)", "text in quotes", "an object with the fields of Player".
std::string KindOf(const PackedShape& shape);
/// "bytes of UTF-8", "units of UTF-16": what the length of a text counts.
std::string UnitsOf(const PackedShape& text);
/// `no field "nam" in C_LOGIN; did you mean "name"?`
std::string NoSuchField(const PackedShape& packet, std::string_view name);

}  // namespace stressbot
