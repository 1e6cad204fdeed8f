#include "ServerCore/packet/PacketFraming.h"

namespace servercore {

namespace {

std::uint32_t Load(const std::byte* from, PacketFraming::Field field, bool big_endian) {
  std::uint32_t value = 0;
  for (std::uint8_t i = 0; i < field.bytes; ++i) {
    const unsigned shift = 8U * (big_endian ? field.bytes - 1U - i : i);
    value |= std::to_integer<std::uint32_t>(from[field.offset + i]) << shift;
  }
  return value;
}

void Store(std::byte* to, PacketFraming::Field field, bool big_endian, std::uint32_t value) {
  for (std::uint8_t i = 0; i < field.bytes; ++i) {
    const unsigned shift = 8U * (big_endian ? field.bytes - 1U - i : i);
    to[field.offset + i] = static_cast<std::byte>(value >> shift);
  }
}

}  // namespace

PacketFraming::Measure PacketFraming::ReadFields(std::span<const std::byte> header) const noexcept {
  const std::uint64_t bytes =
      std::uint64_t{Load(header.data(), length, big_endian)} + uncounted_bytes();
  return Judge(bytes, id.bytes > 0 ? Load(header.data(), id, big_endian) : 0);
}

void PacketFraming::Write(std::span<std::byte> packet, std::uint32_t packet_bytes,
                          std::uint32_t packet_id) const noexcept {
  Store(packet.data(), length, big_endian, packet_bytes - uncounted_bytes());
  if (id.bytes > 0) Store(packet.data(), id, big_endian, packet_id);
}

}  // namespace servercore
