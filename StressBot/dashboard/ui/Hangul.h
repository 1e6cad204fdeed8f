#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace stressbot {

/// The 2,350 syllables of 11,172 that Korean is written with (those of KS X 1001), as UTF-8: all
/// of them, in three sizes and at twice the size, would be a texture of hundreds of megabytes.
const char* CommonHangul();

/// Whether a font with Hangul is needed to show it. `utf8` may be invalid.
bool HasHangul(std::string_view utf8);

/// The syllables that are not common, in their order. `utf8` may be invalid.
std::string RareHangul(std::string_view utf8);

}  // namespace stressbot
