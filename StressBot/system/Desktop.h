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

/// What to do where no font has Korean letters, or there is none: a sentence without its end.
std::string FontAdvice();

/// Why there may be no place for a window, as a sentence; empty when the system's own reason is
/// all.
std::string DisplayAdvice();

/// What to do where OpenGL is missing or too old, in sentences.
std::string GraphicsAdvice();

}  // namespace stressbot
