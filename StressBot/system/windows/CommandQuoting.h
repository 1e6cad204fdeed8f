#pragma once
#include <string>
#include <vector>

namespace stressbot {

/// One command line from words, so that CommandLineToArgvW, and what Microsoft's C library does
/// before main(), cuts it into the same words again.
std::wstring JoinWords(const std::vector<std::string>& words);

}  // namespace stressbot
