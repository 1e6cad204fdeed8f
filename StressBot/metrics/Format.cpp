#include "StressBot/metrics/Format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <span>
#include <string_view>

namespace stressbot {

namespace {

std::string Fixed(double value, int decimals) {
  std::array<char, 400> text{};  // the largest double has 309 digits
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                 std::chars_format::fixed, decimals);
  return {text.data(), end.ptr};
}

std::string WithSeparators(std::string digits) {
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  const std::size_t point = std::min(digits.find('.'), digits.size());
  for (std::size_t at = point; at > first + 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

struct Unit {
  std::string_view name;
  double size;
};

/// The largest unit of which there is at least one, after rounding to three digits.
const Unit& FittingUnit(double value, std::span<const Unit> units) {
  const Unit* fitting = &units.front();
  for (const Unit& unit : units) {
    if (std::abs(value) >= unit.size * 0.9995) fitting = &unit;
  }
  return *fitting;
}

std::string FormatIn(double value, const Unit& unit, int decimals) {
  return WithSeparators(Fixed(value / unit.size, decimals)) + " " + std::string(unit.name);
}

std::string TwoDigits(std::int64_t value) {
  std::string text(value < 10 ? "0" : "");
  text += std::to_string(value);
  return text;
}

/// One decimal below 10, none above, none for whole bytes.
std::string FormatSize(double bytes, std::span<const Unit> units) {
  const Unit& unit = FittingUnit(bytes, units);
  const bool few = std::abs(bytes / unit.size) < 9.95 && unit.size > 1;
  return FormatIn(bytes, unit, few ? 1 : 0);
}

}  // namespace

std::string FormatCount(std::uint64_t count) { return WithSeparators(std::to_string(count)); }

std::string FormatNumber(double value, int decimals) {
  return std::isfinite(value) ? WithSeparators(Fixed(value, decimals)) : "-";
}

std::string FormatLatency(double ns) {
  constexpr std::array kUnits{Unit{"ns", 1}, Unit{"us", 1e3}, Unit{"ms", 1e6}, Unit{"s", 1e9}};
  const Unit& unit = FittingUnit(ns, kUnits);
  const double shown = std::abs(ns / unit.size);
  if (unit.size <= 1 || shown >= 99.95) return FormatIn(ns, unit, 0);
  return FormatIn(ns, unit, shown < 9.995 ? 2 : 1);
}

std::string FormatSpan(std::chrono::nanoseconds span) {
  const double seconds = std::chrono::duration<double>(span).count();
  if (seconds < 119.95) return Fixed(seconds, 1) + " s";
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  const std::int64_t minutes = whole / 60;
  if (minutes < 120) return std::to_string(minutes) + " min " + TwoDigits(whole % 60) + " s";
  return std::to_string(minutes / 60) + " h " + TwoDigits(minutes % 60) + " min";
}

std::string FormatBytes(double bytes) {
  constexpr std::array kUnits{Unit{"B", 1}, Unit{"kB", 1e3}, Unit{"MB", 1e6}, Unit{"GB", 1e9},
                              Unit{"TB", 1e12}};
  return FormatSize(bytes, kUnits);
}

std::string FormatBinaryBytes(double bytes) {
  constexpr std::array kUnits{Unit{"B", 1}, Unit{"KiB", 1024}, Unit{"MiB", 1048576}};
  return FormatSize(bytes, kUnits);
}

std::string FormatShare(double share) {
  constexpr int kDecimalsMax = 12;
  for (int decimals = 4; decimals < kDecimalsMax; ++decimals) {
    const double unit = std::pow(10.0, -decimals);
    const bool looks_whole = share < unit / 2 || share > 1 - unit / 2;
    if (share <= 0 || share >= 1 || !looks_whole) return Fixed(share, decimals);
  }
  return Fixed(share, kDecimalsMax);
}

std::string FormatShort(double value) {
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), end.ptr};
}

}  // namespace stressbot
