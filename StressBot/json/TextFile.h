#pragma once
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace stressbot {

inline constexpr std::size_t kTextFileBytesMax = 16 * 1024 * 1024;

/// All of a user's file, whatever bytes it has. nullopt and what is wrong with it in `message` when
/// it cannot be read or is larger than kTextFileBytesMax.
std::optional<std::string> ReadTextFile(const std::filesystem::path& file, std::string& message);

}  // namespace stressbot
