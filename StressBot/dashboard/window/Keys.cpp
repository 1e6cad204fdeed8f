#include "StressBot/dashboard/window/Keys.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace stressbot {

namespace {

struct NamedKey {
  std::string_view name;
  int key;
};

constexpr NamedKey kNamedKeys[] = {{"Space", key::kSpace},
                                   {"Minus", key::kMinus},
                                   {"Equal", key::kEqual},
                                   {"Escape", key::kEscape},
                                   {"Enter", key::kEnter},
                                   {"Tab", key::kTab},
                                   {"Insert", key::kInsert},
                                   {"Backspace", key::kBackspace},
                                   {"Delete", key::kDelete},
                                   {"Right", key::kRight},
                                   {"Left", key::kLeft},
                                   {"Down", key::kDown},
                                   {"Up", key::kUp},
                                   {"PageUp", key::kPageUp},
                                   {"PageDown", key::kPageDown},
                                   {"Home", key::kHome},
                                   {"End", key::kEnd}};

std::optional<int> ParseKey(std::string_view text) {
  if (text.size() == 1) {
    const char letter = text.front();
    const bool is_known = (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
    if (is_known) return letter;
  }
  if (text.size() > 1 && text.front() == 'F') {
    int number = 0;
    const auto [end, failure] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
    const bool is_number = failure == std::errc() && end == text.data() + text.size();
    if (is_number && number >= 1 && number <= 12) return key::F(number);
  }
  const auto named = std::ranges::find(kNamedKeys, text, &NamedKey::name);
  if (named == std::end(kNamedKeys)) return std::nullopt;
  return named->key;
}

}  // namespace

std::optional<KeyChord> ParseKeyChord(std::string_view text) {
  KeyChord chord;
  for (std::size_t plus = text.find('+'); plus != std::string_view::npos; plus = text.find('+')) {
    const std::string_view word = text.substr(0, plus);
    bool* held = word == "Ctrl"    ? &chord.ctrl
                 : word == "Shift" ? &chord.shift
                 : word == "Alt"   ? &chord.alt
                                   : nullptr;
    if (held == nullptr) return std::nullopt;
    *held = true;
    text.remove_prefix(plus + 1);
  }
  const auto key = ParseKey(text);
  if (!key) return std::nullopt;
  chord.key = *key;
  return chord;
}

}  // namespace stressbot
