#include "ServerCore/packet/PacketFraming.h"

#include <bit>
#include <cstring>

namespace servercore {

namespace {

static_assert(std::endian::native == std::endian::little, "PacketHeader is read in place");

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

PacketFraming::Measure PacketFraming::Read(std::span<const std::byte> header) const noexcept {
  Measure result;
  std::uint64_t bytes = 0;
  if (IsPacketHeader()) {
    PacketHeader read;
    std::memcpy(&read, header.data(), sizeof read);
    bytes = read.size;
    result.id = read.id;
  } else {
    bytes = Load(header.data(), length, big_endian);
    if (!length_counts_header) bytes += header_bytes;
    if (id.bytes > 0) result.id = Load(header.data(), id, big_endian);
  }
  if (bytes < header_bytes) {
    result.error = PacketError::kTooSmall;
  } else if (bytes > packet_bytes_max) {
    result.error = PacketError::kTooLarge;
  } else {
    result.packet_bytes = static_cast<std::uint32_t>(bytes);
  }
  return result;
}

void PacketFraming::Write(std::span<std::byte> packet, std::uint32_t packet_bytes,
                          std::uint32_t packet_id) const noexcept {
  const std::uint32_t counted = length_counts_header ? packet_bytes : packet_bytes - header_bytes;
  Store(packet.data(), length, big_endian, counted);
  if (id.bytes > 0) Store(packet.data(), id, big_endian, packet_id);
}

}  // namespace servercore
