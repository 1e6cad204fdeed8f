#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace stressbot {

/// What a variable, a field or an expression holds. monostate: never set.
using Value = std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string>;

/// As text in a message: true, 42, 0.5, hello. Unset is the empty text.
std::string ToText(const Value& value);
void AppendText(const Value& value, std::string& out);

/// A field read in place. `text` points into the packet and lives no longer than it: as it is, or
/// for kUtf16 as the bytes of little-endian UTF-16, which compare and become values as UTF-8; for
/// kHex as bytes that compare with hex digits and become them.
struct FieldView {
  enum class Kind : std::uint8_t { kMissing, kBool, kInt, kUint, kDouble, kText, kUtf16, kHex };
  Kind kind = Kind::kMissing;
  union {
    bool as_bool;
    std::int64_t as_int = 0;
    std::uint64_t as_uint;
    double as_double;
  };
  std::string_view text;

  Value ToValue() const;
};

/// -1, 0, 1; numbers compare by value whatever their type, text with text, bool as 0 and 1.
/// Returns 2 when the two cannot be compared (text with a number).
int Compare(const FieldView& left, const Value& right);

}  // namespace stressbot
