#include "StressBot/engine/Stamp.h"

#include <array>

namespace stressbot {

namespace {

struct Digits {
  std::size_t at, count;
};
constexpr Digits kBot{0, 6};
constexpr Digits kFanOut{6, 2};
constexpr Digits kSequence{8, 6};
constexpr Digits kSent{14, 8};
constexpr Digits kLate{22, 6};

void Write(Digits digits, std::uint32_t value, std::array<char, Stamp::kChars>& text) {
  static constexpr std::string_view kHexadecimal = "0123456789abcdef";
  for (std::size_t i = digits.count; i > 0; --i, value >>= 4U)
    text[digits.at + i - 1] = kHexadecimal[value & 0xFU];
}

/// False when there is another character.
bool ReadDigits(Digits digits, std::string_view text, std::uint32_t& value) {
  value = 0;
  for (const char c : text.substr(digits.at, digits.count)) {
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_digit && (c < 'a' || c > 'f')) return false;
    value = value << 4U | static_cast<std::uint32_t>(is_digit ? c - '0' : c - 'a' + 10);
  }
  return true;
}

/// The characters of a text of `bytes_each`, from the place of the stamp; empty when it is shorter.
std::string_view Cut(std::string_view text, const StampPlace& place, std::size_t bytes_each) {
  const std::size_t stamp = Stamp::kChars * bytes_each;
  const std::size_t beside = place.characters * bytes_each;
  if (text.size() < stamp + beside) return {};
  return text.substr(place.from_end ? text.size() - beside - stamp : beside, stamp);
}

}  // namespace

void Stamp::AppendTo(std::string& out) const {
  std::array<char, kChars> text;
  Write(kBot, bot, text);
  Write(kFanOut, fanout, text);
  Write(kSequence, sequence, text);
  Write(kSent, sent_us, text);
  Write(kLate, late_us, text);
  out.append(text.data(), text.size());
}

std::optional<Stamp> Stamp::Parse(std::string_view text) {
  Stamp stamp;
  std::uint32_t fanout = 0;
  const bool is_stamp = ReadDigits(kBot, text, stamp.bot) && ReadDigits(kFanOut, text, fanout) &&
                        ReadDigits(kSequence, text, stamp.sequence) &&
                        ReadDigits(kSent, text, stamp.sent_us) &&
                        ReadDigits(kLate, text, stamp.late_us);
  if (!is_stamp) return std::nullopt;
  stamp.fanout = static_cast<std::uint8_t>(fanout);
  return stamp;
}

std::optional<Stamp> ReadStamp(const FanOut& fanout, std::uint8_t number,
                               std::span<const std::byte> payload) {
  FieldView view;
  if (fanout.field.Read(payload, FieldPath::Want::kValue, view) != ReadStatus::kOk)
    return std::nullopt;
  std::array<char, Stamp::kChars> narrow;
  std::string_view text;
  if (view.kind == FieldView::Kind::kText) {
    text = Cut(view.text, fanout.stamp, 1);
  } else if (view.kind == FieldView::Kind::kUtf16) {  // little-endian; a stamp's letters are ASCII
    const std::string_view wide = Cut(view.text, fanout.stamp, 2);
    for (std::size_t i = 0; i < wide.size() / 2; ++i)
      narrow[i] = wide[2 * i + 1] == 0 ? wide[2 * i] : ' ';
    text = std::string_view(narrow.data(), wide.size() / 2);
  }
  if (text.empty()) return std::nullopt;
  const std::optional<Stamp> stamp = Stamp::Parse(text);
  return stamp && stamp->fanout == number ? stamp : std::nullopt;
}

}  // namespace stressbot
