#include "StressBot/system/Desktop.h"

#include <fstream>

#include "StressBot/system/Environment.h"

namespace stressbot {

namespace {

namespace fs = std::filesystem;

std::string Variable(const std::string& name) { return ReadEnvironment(name).value_or(""); }

/// A folder of the XDG base directory specification: named by a variable, or below the home.
fs::path UserFolder(const std::string& variable, const char* below_home) {
  const std::string named = Variable(variable);
  if (!named.empty()) return named;
  return fs::path(Variable("HOME")) / below_home;
}

/// What GTK's settings say: desktops keep them for programs that know none of theirs.
std::optional<bool> PrefersDarkBySettings(const fs::path& file) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t equals = line.find('=');
    if (!line.starts_with("gtk-application-prefer-dark-theme") || equals == std::string_view::npos)
      continue;
    const std::size_t value = line.find_first_not_of(' ', equals + 1);
    if (value == std::string_view::npos) continue;
    return line.compare(value, 1, "1") == 0 || line.compare(value, 4, "true") == 0;
  }
  return std::nullopt;
}

}  // namespace

std::string UserLanguage() {
  // The order that POSIX gives them (XBD 8.2).
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const std::string value = Variable(name);
    if (!value.empty()) return value;
  }
  return {};
}

std::optional<bool> PrefersDark() {
  const std::string theme = Variable("GTK_THEME");  // such as "Adwaita:dark"
  if (!theme.empty()) return theme.ends_with(":dark") || theme.ends_with("-dark");
  const fs::path settings = UserFolder("XDG_CONFIG_HOME", ".config");
  for (const char* version : {"gtk-4.0", "gtk-3.0"}) {
    const auto is_dark = PrefersDarkBySettings(settings / version / "settings.ini");
    if (is_dark) return is_dark;
  }
  return std::nullopt;
}

std::vector<fs::path> FontFolders() {
  return {UserFolder("XDG_DATA_HOME", ".local/share") / "fonts",
          fs::path(Variable("HOME")) / ".fonts", "/usr/local/share/fonts", "/usr/share/fonts"};
}

std::string FontAdvice() { return "Install the package fonts-nanum (Debian, Ubuntu)"; }

std::string DisplayAdvice() {
  return Variable("DISPLAY").empty() ? "DISPLAY is not set: start it in a desktop session." : "";
}

std::string GraphicsAdvice() {
  return "Install the graphics driver, or draw in software (package libgl1-mesa-dri, "
         "LIBGL_ALWAYS_SOFTWARE=1).";
}

}  // namespace stressbot
