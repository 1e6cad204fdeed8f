#include "tests/engine/Wire.h"

#include "StressBot/protocol/WireFormat.h"

namespace stressbot::testing {

void Wire::Varint(std::uint64_t value) {
  std::byte out[wire::kVarintBytesMax];
  bytes_.append(reinterpret_cast<const char*>(out),
                static_cast<std::size_t>(wire::WriteVarint(value, out) - out));
}

Wire& Wire::Number(std::uint32_t field, std::uint64_t value) {
  Varint(wire::MakeTag(field, wire::Type::kVarint));
  Varint(value);
  return *this;
}

Wire& Wire::Text(std::uint32_t field, std::string_view value) {
  Varint(wire::MakeTag(field, wire::Type::kBytes));
  Varint(value.size());
  bytes_.append(value);
  return *this;
}

std::string TextIn(std::span<const std::byte> payload, std::uint32_t field) {
  wire::Reader reader(payload);
  wire::Field found;
  while (reader.Next(found)) {
    if (found.number == field)
      return {reinterpret_cast<const char*>(found.bytes.data()), found.bytes.size()};
  }
  return {};
}

}  // namespace stressbot::testing
