#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace stressbot {

/// Keys by their place on a US keyboard, as GLFW numbers them (DesktopWindow.cpp checks that), and
/// as ImGui 1.86 takes them. Letters and digits are their capitals in ASCII.
namespace key {
inline constexpr int kSpace = 32, kMinus = 45, kEqual = 61, kEscape = 256, kEnter = 257, kTab = 258,
                     kBackspace = 259, kInsert = 260, kDelete = 261, kRight = 262, kLeft = 263,
                     kDown = 264, kUp = 265, kPageUp = 266, kPageDown = 267, kHome = 268,
                     kEnd = 269, kF1 = 290, kF12 = 301, kKeypadEnter = 335, kKeypadAdd = 334,
                     kKeypadSubtract = 333, kLast = 348;
constexpr int F(int number) { return kF1 + number - 1; }
}  // namespace key

struct KeyChord {
  int key = 0;
  bool ctrl = false, shift = false, alt = false;
  friend bool operator==(const KeyChord&, const KeyChord&) = default;
};

/// "F12", "Ctrl+Q", "Escape", "Ctrl+Shift+Left". Nothing when there is no such key.
std::optional<KeyChord> ParseKeyChord(std::string_view text);

}  // namespace stressbot
