#include "StressBot/protocol/RawTemplate.h"

#include <cstring>
#include <string_view>

#include "StressBot/protocol/ArgumentText.h"
#include "StressBot/protocol/Hex.h"

namespace stressbot {

std::size_t RawTemplate::BytesMax(std::span<const Value> arguments) const {
  if (!has_argument_) return bytes_.size();
  const auto* text = std::get_if<std::string>(&arguments[argument_]);
  return text != nullptr ? text->size() : kNumberTextMax;
}

std::byte* RawTemplate::Write(std::byte* at, std::span<const Value> arguments) const {
  if (has_argument_) {
    const ArgumentText text(arguments[argument_]);
    if (is_hex_) return WriteHex(text.view(), at);
    if (!text.view().empty()) std::memcpy(at, text.view().data(), text.view().size());
    return at + text.view().size();
  }
  if (!bytes_.empty()) std::memcpy(at, bytes_.data(), bytes_.size());
  return at + bytes_.size();
}

}  // namespace stressbot
