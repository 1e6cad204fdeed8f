#pragma once
#include <cstddef>
#include <span>
#include <string>

namespace stressbot {

/// "0a ff 41 ... (70 bytes)": at most 32 of the bytes.
std::string HexText(std::span<const std::byte> bytes);

}  // namespace stressbot
