#include "StressBot/protocol/ProtobufTemplate.h"

#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include "ServerCore/Assert.h"
#include "StressBot/protocol/ArgumentText.h"
#include "StressBot/protocol/Scalar.h"
#include "StressBot/protocol/WireFormat.h"

namespace stressbot {
namespace {

std::byte* Copy(const void* from, std::size_t bytes, std::byte* out) {
  if (bytes > 0) std::memcpy(out, from, bytes);
  return out + bytes;
}

/// Writes one argument with its tag; nullptr when it is no number and should be.
std::byte* WriteArgument(const ProtobufTemplate::Part& part, const Value& value, std::byte* out) {
  if (IsText(part.scalar)) {
    const ArgumentText text(value);
    if (part.omit_default && text.view().empty()) return out;
    out = Copy(part.bytes.data(), part.bytes.size(), out);
    out = wire::WriteVarint(text.view().size(), out);
    return Copy(text.view().data(), text.view().size(), out);
  }
  std::uint64_t bits = 0;
  if (EncodeNumber(part.scalar, value, bits) == NumberFit::kNoNumber) return nullptr;
  if (part.omit_default && bits == 0) return out;
  out = Copy(part.bytes.data(), part.bytes.size(), out);
  return WriteNumber(part.scalar, bits, out);
}

/// The length of a message is known at its end only. One byte was left for it, which is enough for
/// most; the content of a longer one moves.
std::byte* CloseMessage(std::byte* length_place, std::byte* end) {
  std::byte* const content = length_place + 1;
  const auto bytes = static_cast<std::size_t>(end - content);
  const std::size_t length_bytes = wire::VarintBytes(bytes);
  if (length_bytes > 1) std::memmove(length_place + length_bytes, content, bytes);
  wire::WriteVarint(bytes, length_place);
  return length_place + length_bytes + bytes;
}

}  // namespace

ProtobufTemplate::ProtobufTemplate(std::vector<Part> parts) : parts_(std::move(parts)) {
  std::size_t open = 0;
  for (const Part& part : parts_) {
    fixed_bytes_max_ += part.bytes.size();
    switch (part.kind) {
      case Part::Kind::kBytes:
        break;
      case Part::Kind::kArgument:
        SC_ASSERT(part.scalar != FieldScalar::kMessage);
        if (IsText(part.scalar)) {
          text_arguments_.push_back(part.argument);
          fixed_bytes_max_ += wire::kLengthBytesMax + kNumberTextMax;
        } else {
          fixed_bytes_max_ += wire::kVarintBytesMax;
        }
        break;
      case Part::Kind::kBeginMessage:
        SC_ASSERT(++open <= kOpenMessagesMax);
        fixed_bytes_max_ += wire::kLengthBytesMax;
        break;
      case Part::Kind::kEndMessage:
        SC_ASSERT(open-- > 0);
        break;
    }
  }
  SC_ASSERT(open == 0);
}

std::size_t ProtobufTemplate::BytesMax(std::span<const Value> arguments) const {
  std::size_t bytes = fixed_bytes_max_;
  for (const std::uint16_t argument : text_arguments_) {
    const auto* text = std::get_if<std::string>(&arguments[argument]);
    if (text != nullptr) bytes += text->size();
  }
  return bytes;
}

std::byte* ProtobufTemplate::Write(std::byte* at, std::span<const Value> arguments) const {
  std::array<std::byte*, kOpenMessagesMax> open;
  std::size_t open_count = 0;
  for (const Part& part : parts_) {
    switch (part.kind) {
      case Part::Kind::kBytes:
        at = Copy(part.bytes.data(), part.bytes.size(), at);
        break;
      case Part::Kind::kArgument:
        at = WriteArgument(part, arguments[part.argument], at);
        if (at == nullptr) return nullptr;
        break;
      case Part::Kind::kBeginMessage:
        at = Copy(part.bytes.data(), part.bytes.size(), at);
        open[open_count++] = at++;
        break;
      case Part::Kind::kEndMessage:
        at = CloseMessage(open[--open_count], at);
        break;
    }
  }
  return at;
}

}  // namespace stressbot
