#include "StressBot/dashboard/ui/Theme.h"

#include <algorithm>
#include <cmath>

namespace stressbot {

namespace {

constexpr Color Rgb(std::uint32_t rgb) { return Color::Of(rgb); }

constexpr Theme kLight{
    .page = Rgb(0xf6f7f9),
    .card = Rgb(0xffffff),
    .text = Rgb(0x1b2430),
    .quiet = Rgb(0x566273),
    .line = Rgb(0xdde2e9),
    .grid = Rgb(0xe6eaef),
    .pass = Rgb(0x0b6b43),
    .pass_back = Rgb(0xe3f5ec),
    .fail = Rgb(0xb3152c),
    .fail_back = Rgb(0xfdeaec),
    .warn = Rgb(0x7a4b00),
    .warn_back = Rgb(0xfff3d9),
    .link = Rgb(0x0b56b3),
    .shade = Rgb(0x1b2430).WithAlpha(0x0d),
    .stuck = Rgb(0xd9a400).WithAlpha(0x33),
    .lines = {Rgb(0x1769c9), Rgb(0xc45f00), Rgb(0x0d8050), Rgb(0x3f4b9d), Rgb(0x7a4fc0),
              Rgb(0x00838f), Rgb(0x7d6b00), Rgb(0xb83a86), Rgb(0x7c8897), Rgb(0x80512f)},
    .is_dark = false};

constexpr Theme kDark{
    .page = Rgb(0x12161c),
    .card = Rgb(0x1a2029),
    .text = Rgb(0xe4e9f0),
    .quiet = Rgb(0x9aa7b8),
    .line = Rgb(0x2f3845),
    .grid = Rgb(0x28303b),
    .pass = Rgb(0x5fd39c),
    .pass_back = Rgb(0x12301f),
    .fail = Rgb(0xff8593),
    .fail_back = Rgb(0x3a161c),
    .warn = Rgb(0xf2c063),
    .warn_back = Rgb(0x33270f),
    .link = Rgb(0x7db5ff),
    .shade = Rgb(0xffffff).WithAlpha(0x0d),
    .stuck = Rgb(0xf2c063).WithAlpha(0x38),
    .lines = {Rgb(0x63a8ff), Rgb(0xff9d4d), Rgb(0x4fc98e), Rgb(0x8f9bff), Rgb(0xb794f6),
              Rgb(0x4dc4d1), Rgb(0xd0bb4a), Rgb(0xef8cc4), Rgb(0x8f9bab), Rgb(0xc9976f)},
    .is_dark = true};

double Linear(std::uint8_t channel) {
  const double share = channel / 255.0;
  return share <= 0.03928 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
}

double Luminance(Color color) {
  return 0.2126 * Linear(color.red) + 0.7152 * Linear(color.green) + 0.0722 * Linear(color.blue);
}

}  // namespace

const Theme& DarkTheme() { return kDark; }
const Theme& LightTheme() { return kLight; }

std::optional<ThemeChoice> ParseThemeChoice(std::string_view text) {
  if (text == "dark") return ThemeChoice::kDark;
  if (text == "light") return ThemeChoice::kLight;
  if (text == "system") return ThemeChoice::kSystem;
  return std::nullopt;
}

const Theme& ThemeOf(ThemeChoice choice, std::optional<bool> system_prefers_dark) {
  const bool is_dark = choice == ThemeChoice::kSystem ? system_prefers_dark.value_or(true)
                                                      : choice == ThemeChoice::kDark;
  return is_dark ? kDark : kLight;
}

double ContrastRatio(Color a, Color b) {
  const auto [darker, lighter] = std::minmax({Luminance(a), Luminance(b)});
  return (lighter + 0.05) / (darker + 0.05);
}

}  // namespace stressbot
