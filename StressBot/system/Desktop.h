#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// What a user chose for all programs of the desktop.
namespace stressbot {

/// The language of menus, as the system names it: "ko_KR.UTF-8", "ko-KR"; empty when it does not.
std::string UserLanguage();

/// Whether dark windows are preferred; nothing when the system does not tell.
std::optional<bool> PrefersDark();

/// Where fonts are kept, the user's own first. Some may not exist.
std::vector<std::filesystem::path> FontFolders();

}  // namespace stressbot
