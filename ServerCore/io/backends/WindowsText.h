#pragma once
#include <string>
#include <string_view>

/// The system's functions take and give UTF-16; text inside the program is UTF-8. What is no text
/// becomes U+FFFD.
namespace servercore {

std::wstring ToWide(std::string_view utf8);
std::string ToUtf8(std::wstring_view wide);

}  // namespace servercore
