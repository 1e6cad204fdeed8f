#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "StressBot/protocol/Field.h"
#include "StressBot/protocol/Value.h"
#include "StressBot/protocol/WireFormat.h"

/// Numbers and texts between Value and protobuf's wire format. Private to the protocol library.
namespace stressbot {

wire::Type WireTypeOf(FieldScalar scalar);
bool IsText(FieldScalar scalar);    ///< string or bytes
bool IsNumber(FieldScalar scalar);  ///< everything that may be packed: bool and enum too

FieldView MakeBool(bool value);
FieldView MakeUint(std::uint64_t value);
/// A field's content, already known to have the wire type of its scalar.
FieldView DecodeScalar(FieldScalar scalar, std::uint64_t bits, std::span<const std::byte> bytes);

enum class NumberFit : std::uint8_t {
  kExact,
  kChanged,   ///< rounded, or taken to the nearest end of the field's range
  kNoNumber,  ///< text that is no number
};
/// What a number field carries for a value of any kind; unset is 0, text may be a number (or true
/// or false for a bool). `bits` is undefined after kNoNumber.
NumberFit EncodeNumber(FieldScalar scalar, const Value& value, std::uint64_t& bits);

/// A literal as a user wrote it, for messages: "text", 5, null.
std::string QuotedLiteral(const Value& value);

/// Writes at most 10 bytes and returns the place behind them.
std::byte* WriteNumber(FieldScalar scalar, std::uint64_t bits, std::byte* out);

}  // namespace stressbot
