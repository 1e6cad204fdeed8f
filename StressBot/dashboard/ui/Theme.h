#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace stressbot {

/// sRGB, as CSS writes it.
struct Color {
  std::uint8_t red = 0, green = 0, blue = 0, alpha = 255;

  /// 0xRRGGBB.
  static constexpr Color Of(std::uint32_t rgb) {
    return {static_cast<std::uint8_t>(rgb >> 16 & 255), static_cast<std::uint8_t>(rgb >> 8 & 255),
            static_cast<std::uint8_t>(rgb & 255)};
  }
  constexpr Color WithAlpha(std::uint8_t opacity) const { return {red, green, blue, opacity}; }
  /// Packed as ImGui's draw lists want it (IM_COL32): ABGR, red in the lowest byte.
  constexpr std::uint32_t packed() const {
    return static_cast<std::uint32_t>(alpha) << 24 | static_cast<std::uint32_t>(blue) << 16 |
           static_cast<std::uint32_t>(green) << 8 | red;
  }
  friend constexpr bool operator==(const Color&, const Color&) = default;
};

/// The colours of the HTML report (report/html/page.css), by the same names: who knows one of the
/// two finds the other familiar. A test compares them.
struct Theme {
  Color page, card, text, quiet, line, grid;
  Color pass, pass_back, fail, fail_back, warn, warn_back;
  Color link;                   ///< what can be clicked, and what is chosen
  Color shade;                  ///< laid over what the pointer is on
  Color stuck;                  ///< laid over a stretch of time in which something was wrong
  std::array<Color, 10> lines;  ///< of plots
  bool is_dark = false;
};

const Theme& DarkTheme();
const Theme& LightTheme();

/// What the user asks for: `--theme`.
enum class ThemeChoice : std::uint8_t { kSystem, kDark, kLight };

/// "dark", "light" or "system".
std::optional<ThemeChoice> ParseThemeChoice(std::string_view text);

/// Dark where the system does not tell what it prefers.
const Theme& ThemeOf(ThemeChoice choice, std::optional<bool> system_prefers_dark);

/// How well `a` is read on `b`, 1 to 21; text should have 4.5 at least. Both opaque.
/// Source: WCAG 2.1, contrast ratio and relative luminance.
double ContrastRatio(Color a, Color b);

}  // namespace stressbot
