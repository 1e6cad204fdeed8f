#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace stressbot {

/// Where the first byte lies that no UTF-8 text has; the text's size when it is all UTF-8.
std::size_t Utf8End(std::string_view text);

/// The text as a terminal may get it: control characters and what is no UTF-8 become `\x1b`.
std::string Printable(std::string_view text);

}  // namespace stressbot
