#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "StressBot/protocol/Value.h"

namespace stressbot {

/// A piece of a text with references: "hi ${name}" has the literal "hi " and the reference "name".
struct TextPiece {
  bool is_reference = false;
  std::string text;
};

/// nullopt when a `${` is not closed or holds nothing.
std::optional<std::vector<TextPiece>> SplitText(std::string_view text);

/// A value from the command line or the environment: a number or true and false where the text is
/// one, the inside of a quoted text, otherwise the text as it is.
Value LiteralFromText(const std::string& text);

}  // namespace stressbot
