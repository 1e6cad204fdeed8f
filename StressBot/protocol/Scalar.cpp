#include "StressBot/protocol/Scalar.h"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>
#include <type_traits>
#include <utility>

namespace stressbot {
namespace {

using Scalar = FieldScalar;

std::uint64_t ZigZag(std::int64_t value) {
  return static_cast<std::uint64_t>(value) << 1U ^ static_cast<std::uint64_t>(value >> 63);
}

std::int64_t UnZigZag(std::uint64_t bits) {
  return static_cast<std::int64_t>(bits >> 1U ^ (~(bits & 1U) + 1U));
}

/// 0.1f as 0.1 and not as 0.10000000149: what the user wrote in a check is compared with it.
double ShortestDouble(float value) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  double result = static_cast<double>(value);
  std::from_chars(text.data(), end, result);
  return result;
}

FieldView OfInt(std::int64_t value) {
  FieldView view;
  view.kind = FieldView::Kind::kInt;
  view.as_int = value;
  return view;
}
FieldView OfDouble(double value) {
  FieldView view;
  view.kind = FieldView::Kind::kDouble;
  view.as_double = value;
  return view;
}
FieldView OfText(std::span<const std::byte> bytes) {
  FieldView view;
  view.kind = FieldView::Kind::kText;
  view.text = {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  return view;
}

/// A whole number between `least` and `most`, from any number.
template <typename Whole, typename Number>
NumberFit ToWhole(Number number, Whole least, Whole most, Whole& out) {
  if constexpr (std::is_floating_point_v<Number>) {
    if (std::isnan(number)) return NumberFit::kNoNumber;
    const double rounded = std::nearbyint(number);
    if (rounded <= static_cast<double>(least)) {
      out = least;
      return number == static_cast<double>(least) ? NumberFit::kExact : NumberFit::kChanged;
    }
    // The largest 64-bit numbers are no doubles; "not below" keeps the cast within its range.
    if (rounded >= static_cast<double>(most)) {
      out = most;
      return number == static_cast<double>(most) && most < (Whole{1} << 53U) ? NumberFit::kExact
                                                                             : NumberFit::kChanged;
    }
    out = static_cast<Whole>(rounded);
    return rounded == number ? NumberFit::kExact : NumberFit::kChanged;
  } else {
    if (std::cmp_less(number, least)) {
      out = least;
      return NumberFit::kChanged;
    }
    if (std::cmp_greater(number, most)) {
      out = most;
      return NumberFit::kChanged;
    }
    out = static_cast<Whole>(number);
    return NumberFit::kExact;
  }
}

template <typename Number>
NumberFit ToBits(Scalar scalar, Number number, std::uint64_t& bits) {
  using Int32 = std::numeric_limits<std::int32_t>;
  using Int64 = std::numeric_limits<std::int64_t>;
  using Uint32 = std::numeric_limits<std::uint32_t>;
  using Uint64 = std::numeric_limits<std::uint64_t>;
  std::int64_t whole = 0;
  NumberFit fit = NumberFit::kExact;
  switch (scalar) {
    case Scalar::kBool:
      bits = number != Number{0} ? 1 : 0;
      return NumberFit::kExact;
    case Scalar::kUint8:
      return ToWhole<std::uint64_t>(number, 0, 0xFF, bits);
    case Scalar::kUint16:
      return ToWhole<std::uint64_t>(number, 0, 0xFFFF, bits);
    case Scalar::kUint32:
    case Scalar::kFixed32:
      return ToWhole<std::uint64_t>(number, 0, Uint32::max(), bits);
    case Scalar::kUint64:
    case Scalar::kFixed64:
      return ToWhole<std::uint64_t>(number, 0, Uint64::max(), bits);
    case Scalar::kInt8:
      fit = ToWhole<std::int64_t>(number, -0x80, 0x7F, whole);
      bits = static_cast<std::uint64_t>(whole);
      return fit;
    case Scalar::kInt16:
      fit = ToWhole<std::int64_t>(number, -0x8000, 0x7FFF, whole);
      bits = static_cast<std::uint64_t>(whole);
      return fit;
    case Scalar::kInt32:
    case Scalar::kEnum:
    case Scalar::kSfixed32:
      fit = ToWhole<std::int64_t>(number, Int32::min(), Int32::max(), whole);
      bits = static_cast<std::uint64_t>(whole);
      return fit;
    case Scalar::kInt64:
    case Scalar::kSfixed64:
      fit = ToWhole<std::int64_t>(number, Int64::min(), Int64::max(), whole);
      bits = static_cast<std::uint64_t>(whole);
      return fit;
    case Scalar::kSint32:
      fit = ToWhole<std::int64_t>(number, Int32::min(), Int32::max(), whole);
      bits = ZigZag(whole);
      return fit;
    case Scalar::kSint64:
      fit = ToWhole<std::int64_t>(number, Int64::min(), Int64::max(), whole);
      bits = ZigZag(whole);
      return fit;
    case Scalar::kFloat: {
      constexpr auto kMost = static_cast<double>(std::numeric_limits<float>::max());
      const auto wide = static_cast<double>(number);
      const bool is_too_large = std::isfinite(wide) && std::abs(wide) > kMost;
      const double taken = is_too_large ? std::copysign(kMost, wide) : wide;
      bits = std::bit_cast<std::uint32_t>(static_cast<float>(taken));
      return is_too_large ? NumberFit::kChanged : NumberFit::kExact;
    }
    case Scalar::kDouble:
      bits = std::bit_cast<std::uint64_t>(static_cast<double>(number));
      return NumberFit::kExact;
    case Scalar::kString:
    case Scalar::kBytes:
    case Scalar::kHex:
    case Scalar::kMessage:
      break;
  }
  return NumberFit::kNoNumber;
}

template <typename Number>
bool Parse(std::string_view text, Number& number) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc{} && end == text.data() + text.size();
}

NumberFit TextToBits(Scalar scalar, std::string_view text, std::uint64_t& bits) {
  if (scalar == Scalar::kBool && (text == "true" || text == "false")) {
    bits = text == "true" ? 1 : 0;
    return NumberFit::kExact;
  }
  std::int64_t whole = 0;
  if (Parse(text, whole)) return ToBits(scalar, whole, bits);
  std::uint64_t large = 0;
  if (Parse(text, large)) return ToBits(scalar, large, bits);
  double number = 0;
  if (Parse(text, number)) return ToBits(scalar, number, bits);
  return NumberFit::kNoNumber;
}

}  // namespace

FieldView MakeBool(bool value) {
  FieldView view;
  view.kind = FieldView::Kind::kBool;
  view.as_bool = value;
  return view;
}

FieldView MakeUint(std::uint64_t value) {
  FieldView view;
  view.kind = FieldView::Kind::kUint;
  view.as_uint = value;
  return view;
}

wire::Type WireTypeOf(Scalar scalar) {
  switch (scalar) {
    case Scalar::kFixed32:
    case Scalar::kSfixed32:
    case Scalar::kFloat:
      return wire::Type::kFixed32;
    case Scalar::kFixed64:
    case Scalar::kSfixed64:
    case Scalar::kDouble:
      return wire::Type::kFixed64;
    case Scalar::kString:
    case Scalar::kBytes:
    case Scalar::kHex:
    case Scalar::kMessage:
      return wire::Type::kBytes;
    default:
      return wire::Type::kVarint;
  }
}

bool IsText(Scalar scalar) { return scalar == Scalar::kString || scalar == Scalar::kBytes; }

bool IsNumber(Scalar scalar) { return WireTypeOf(scalar) != wire::Type::kBytes; }

FieldView DecodeScalar(Scalar scalar, std::uint64_t bits, std::span<const std::byte> bytes) {
  switch (scalar) {
    case Scalar::kBool:
      return MakeBool(bits != 0);
    case Scalar::kInt8:
      return OfInt(static_cast<std::int8_t>(bits));
    case Scalar::kInt16:
      return OfInt(static_cast<std::int16_t>(bits));
    case Scalar::kUint8:
      return MakeUint(static_cast<std::uint8_t>(bits));
    case Scalar::kUint16:
      return MakeUint(static_cast<std::uint16_t>(bits));
    case Scalar::kInt32:
    case Scalar::kEnum:
    case Scalar::kSfixed32:
      return OfInt(static_cast<std::int32_t>(bits));
    case Scalar::kInt64:
    case Scalar::kSfixed64:
      return OfInt(static_cast<std::int64_t>(bits));
    case Scalar::kSint32:
      return OfInt(static_cast<std::int32_t>(UnZigZag(bits & 0xFFFFFFFFU)));
    case Scalar::kSint64:
      return OfInt(UnZigZag(bits));
    case Scalar::kUint32:
    case Scalar::kFixed32:
      return MakeUint(static_cast<std::uint32_t>(bits));
    case Scalar::kUint64:
    case Scalar::kFixed64:
      return MakeUint(bits);
    case Scalar::kFloat:
      return OfDouble(ShortestDouble(std::bit_cast<float>(static_cast<std::uint32_t>(bits))));
    case Scalar::kDouble:
      return OfDouble(std::bit_cast<double>(bits));
    case Scalar::kString:
    case Scalar::kBytes:
    case Scalar::kHex:
      return OfText(bytes);
    case Scalar::kMessage:
      break;  // a message has no value of its own
  }
  return {};
}

NumberFit EncodeNumber(Scalar scalar, const Value& value, std::uint64_t& bits) {
  return std::visit(
      [scalar, &bits](const auto& content) {
        using Content = std::decay_t<decltype(content)>;
        if constexpr (std::is_same_v<Content, std::monostate>) {
          return ToBits(scalar, std::int64_t{0}, bits);
        } else if constexpr (std::is_same_v<Content, bool>) {
          return ToBits(scalar, std::int64_t{content}, bits);
        } else if constexpr (std::is_same_v<Content, std::string>) {
          return TextToBits(scalar, content, bits);
        } else {
          return ToBits(scalar, content, bits);
        }
      },
      value);
}

std::string QuotedLiteral(const Value& value) {
  if (std::holds_alternative<std::monostate>(value)) return "null";
  const std::string text = ToText(value);
  return std::holds_alternative<std::string>(value) ? "\"" + text + "\"" : text;
}

std::byte* WriteNumber(Scalar scalar, std::uint64_t bits, std::byte* out) {
  const wire::Type type = WireTypeOf(scalar);
  if (type == wire::Type::kVarint) return wire::WriteVarint(bits, out);
  const std::size_t bytes = type == wire::Type::kFixed32 ? 4 : 8;
  for (std::size_t i = 0; i < bytes; ++i) *out++ = static_cast<std::byte>(bits >> (8 * i));
  return out;
}

}  // namespace stressbot
