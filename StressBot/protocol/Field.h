#pragma once
#include <cstdint>

namespace stressbot {

/// What a field holds, whatever the codec. The whole numbers up to kFixed64 and those of 8 and 16
/// bits differ in their range; how they lie on the wire is the codec's.
enum class FieldScalar : std::uint8_t {
  kBool,
  kInt32,
  kInt64,
  kUint32,
  kUint64,
  kSint32,
  kSint64,
  kFixed32,
  kFixed64,
  kSfixed32,
  kSfixed64,
  kFloat,
  kDouble,
  kEnum,
  kString,
  kBytes,
  kMessage,  ///< fields of its own and no value
  kInt8,
  kInt16,
  kUint8,
  kUint16,
  kHex  ///< bytes that users write as hex digits
};

/// What is asked of a field.
enum class FieldWant : std::uint8_t {
  kValue,
  kSize,   ///< elements of a list; length of a text
  kExists  ///< whether it is on the wire: a bool
};

enum class ReadStatus : std::uint8_t { kOk, kMalformed };

/// Whether that can be asked: a list has no value, a number no size.
constexpr bool Fits(FieldWant want, FieldScalar scalar, bool is_list) {
  const bool is_text = scalar == FieldScalar::kString || scalar == FieldScalar::kBytes ||
                       scalar == FieldScalar::kHex;
  if (want == FieldWant::kValue) return !is_list && scalar != FieldScalar::kMessage;
  return want == FieldWant::kExists || is_list || is_text;
}

}  // namespace stressbot
