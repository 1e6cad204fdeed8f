#include "StressBot/protocol/Value.h"

#include <array>
#include <charconv>
#include <cmath>
#include <span>
#include <type_traits>
#include <utility>

#include "ServerCore/packet/Unicode.h"
#include "StressBot/protocol/Hex.h"

namespace stressbot {
namespace {

template <typename Number>
void AppendNumber(Number number, std::string& out) {
  std::array<char, 32> text;  // the longest, a double, has 24 characters
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  out.append(text.data(), static_cast<std::size_t>(end - text.data()));
}

template <typename Left, typename Right>
int CompareNumbers(Left left, Right right) {
  if constexpr (std::is_floating_point_v<Left> || std::is_floating_point_v<Right>) {
    const auto a = static_cast<double>(left);
    const auto b = static_cast<double>(right);
    if (std::isnan(a) || std::isnan(b)) return 2;
    return a < b ? -1 : a > b ? 1 : 0;
  } else {
    return std::cmp_less(left, right) ? -1 : std::cmp_greater(left, right) ? 1 : 0;
  }
}

template <typename Left>
int CompareNumberWith(Left left, const Value& right) {
  return std::visit(
      [left](const auto& value) {
        using Right = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<Right, bool>) {
          return CompareNumbers(left, std::int64_t{value});
        } else if constexpr (std::is_arithmetic_v<Right>) {
          return CompareNumbers(left, value);
        } else {
          return 2;
        }
      },
      right);
}

/// As the UTF-8 of both would compare; character by character, since it runs for each packet that a
/// rule may want and must not allocate.
int CompareUtf16(std::span<const std::byte> left, std::string_view right) {
  while (!left.empty()) {
    const servercore::Utf8Character character = servercore::TakeUtf16Character(left);
    const int order = character.view().compare(right.substr(0, character.size));
    if (order != 0) return order < 0 ? -1 : 1;
    right.remove_prefix(character.size);
  }
  return right.empty() ? 0 : -1;
}

}  // namespace

void AppendText(const Value& value, std::string& out) {
  std::visit(
      [&out](const auto& content) {
        using Content = std::decay_t<decltype(content)>;
        if constexpr (std::is_same_v<Content, bool>) {
          out += content ? "true" : "false";
        } else if constexpr (std::is_arithmetic_v<Content>) {
          AppendNumber(content, out);
        } else if constexpr (std::is_same_v<Content, std::string>) {
          out += content;
        }
      },
      value);
}

std::string ToText(const Value& value) {
  std::string text;
  AppendText(value, text);
  return text;
}

Value FieldView::ToValue() const {
  switch (kind) {
    case Kind::kMissing:
      return std::monostate{};
    case Kind::kBool:
      return as_bool;
    case Kind::kInt:
      return as_int;
    case Kind::kUint:
      return as_uint;
    case Kind::kDouble:
      return as_double;
    case Kind::kText:
      return std::string(text);
    case Kind::kUtf16: {
      std::string utf8;
      servercore::AppendUtf16AsUtf8(std::as_bytes(std::span(text)), utf8);
      return utf8;
    }
    case Kind::kHex: {
      std::string digits;
      AppendHex(std::as_bytes(std::span(text)), digits);
      return digits;
    }
  }
  return std::monostate{};
}

int Compare(const FieldView& left, const Value& right) {
  switch (left.kind) {
    case FieldView::Kind::kMissing:
      return 2;
    case FieldView::Kind::kBool:
      return CompareNumberWith(std::int64_t{left.as_bool}, right);
    case FieldView::Kind::kInt:
      return CompareNumberWith(left.as_int, right);
    case FieldView::Kind::kUint:
      return CompareNumberWith(left.as_uint, right);
    case FieldView::Kind::kDouble:
      return CompareNumberWith(left.as_double, right);
    case FieldView::Kind::kText: {
      const std::string* text = std::get_if<std::string>(&right);
      if (text == nullptr) return 2;
      const int order = left.text.compare(*text);
      return order < 0 ? -1 : order > 0 ? 1 : 0;
    }
    case FieldView::Kind::kUtf16: {
      const std::string* text = std::get_if<std::string>(&right);
      return text == nullptr ? 2 : CompareUtf16(std::as_bytes(std::span(left.text)), *text);
    }
    case FieldView::Kind::kHex: {
      const std::string* text = std::get_if<std::string>(&right);
      return text == nullptr ? 2 : CompareHex(std::as_bytes(std::span(left.text)), *text);
    }
  }
  return 2;
}

}  // namespace stressbot
