#include "StressBot/system/Desktop.h"

#include <windows.h>

#include "ServerCore/io/backends/WindowsText.h"
#include "StressBot/system/Environment.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

namespace {

/// The folder that a variable of the environment names, with one below it.
std::filesystem::path Below(const char* variable, const char* folder) {
  return PathOf(ReadEnvironment(variable).value_or("")) / folder;
}

}  // namespace

std::string UserLanguage() {
  // The language of menus, which may be another than that of dates and numbers.
  wchar_t name[LOCALE_NAME_MAX_LENGTH] = {};
  const LCID language = MAKELCID(::GetUserDefaultUILanguage(), SORT_DEFAULT);
  const int length = ::LCIDToLocaleName(language, name, LOCALE_NAME_MAX_LENGTH, 0);
  if (length <= 1) return {};
  return servercore::ToUtf8({name, static_cast<std::size_t>(length - 1)});
}

std::optional<bool> PrefersDark() {
  DWORD uses_light = 1;
  DWORD size = sizeof(uses_light);
  const LSTATUS status = ::RegGetValueW(
      HKEY_CURRENT_USER, L"Software\\Microsoft\\Windows\\CurrentVersion\\Themes\\Personalize",
      L"AppsUseLightTheme", RRF_RT_REG_DWORD, nullptr, &uses_light, &size);
  if (status != ERROR_SUCCESS) return std::nullopt;
  return uses_light == 0;
}

std::vector<std::filesystem::path> FontFolders() {
  return {Below("LOCALAPPDATA", "Microsoft/Windows/Fonts"), Below("WINDIR", "Fonts")};
}

std::string FontAdvice() { return "Add Malgun Gothic in the system's settings (Korean fonts)"; }

std::string DisplayAdvice() { return {}; }

std::string GraphicsAdvice() {
  return "Install the graphics card's driver. Without a card, or over a remote desktop, the "
         "opengl32.dll of Mesa beside stressbot-dashboard.exe draws in software.";
}

}  // namespace stressbot
