#pragma once
#include <cstddef>
#include <string>
#include <string_view>

/// Names and output lines come from files, servers and networks; reports hold valid UTF-8 whatever
/// these contain.
namespace stressbot {

/// Each bad byte becomes U+FFFD.
std::string ToValidUtf8(std::string_view text);

/// Valid UTF-8 without control characters: safe to print on a terminal, in one line.
std::string ToPrintable(std::string_view text);

/// Valid UTF-8 of characters that XML 1.0 allows; the others become U+FFFD.
std::string ToXmlCharacters(std::string_view text);

/// How HTML and XML write <, > and & where they are text; empty: as it is.
std::string_view EntityOf(char letter);

/// Columns that valid UTF-8 takes on a terminal: Korean, Chinese and Japanese letters take two.
std::size_t DisplayWidth(std::string_view text);

}  // namespace stressbot
