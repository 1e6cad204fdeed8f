#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace stressbot::testing {

/// A protobuf message, written field by field.
class Wire {
 public:
  Wire& Number(std::uint32_t field, std::uint64_t value);
  Wire& Text(std::uint32_t field, std::string_view value);
  Wire& Message(std::uint32_t field, const Wire& value) { return Text(field, value.bytes_); }
  const std::string& bytes() const { return bytes_; }

 private:
  void Varint(std::uint64_t value);
  std::string bytes_;
};

/// The text in that field of a message; fields before it may be numbers or texts.
std::string TextIn(std::span<const std::byte> payload, std::uint32_t field);

}  // namespace stressbot::testing
