#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace stressbot {

/// Writes a temporary file beside `path` and renames it, so that readers see the old text or the
/// whole new one. A pipe or device is written in place. On failure nothing is left behind and
/// `error` says in a sentence what could not be written, where, and why.
bool WriteFileAtomically(const std::filesystem::path& path, std::string_view text,
                         std::string& error);

}  // namespace stressbot
