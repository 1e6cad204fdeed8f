#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace stressbot {

/// Whether the bytes are a TrueType or OpenType font, or a collection with that face, whose tables
/// all lie within the file: what reads fonts for ImGui (stb_truetype) believes what they say.
/// Source: OpenType 1.9, "Organization of an OpenType Font".
bool IsUsableFont(std::string_view bytes, int face);

/// Nothing when it cannot be read, is larger than 64 MiB or is no usable font.
std::optional<std::string> ReadFontFile(const std::filesystem::path& file, int face);

}  // namespace stressbot
