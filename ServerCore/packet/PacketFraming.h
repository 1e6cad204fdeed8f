#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace servercore {

/// The header of the documents: size counts the whole packet, both fields little-endian.
struct PacketHeader {
  std::uint16_t size = 0;
  std::uint16_t id = 0;
};
static_assert(sizeof(PacketHeader) == 4);
static_assert(std::endian::native == std::endian::little, "PacketHeader is read in place");

enum class PacketError : std::uint8_t { kNone, kTooSmall, kTooLarge };

/// Where the length and the id of a packet lie in its header. The default is PacketHeader; other
/// servers' headers are other values of the same type, so that one PacketSession serves them all.
/// Constant after construction, shared by all sessions of a protocol.
struct PacketFraming {
  struct Field {
    std::uint8_t offset = 0;
    std::uint8_t bytes = 2;  ///< 1, 2 or 4
  };
  std::uint8_t header_bytes = 4;
  Field length{0, 2};
  Field id{2, 2};
  bool big_endian = false;
  bool length_counts_header = true;        ///< false: the length is the payload's alone
  std::uint8_t inner_bytes = 0;            ///< of the header's end: a length of the payload counts
                                           ///< them (servers that begin the payload with the id)
  std::uint32_t packet_bytes_max = 65535;  ///< header included

  struct Measure {
    PacketError error = PacketError::kNone;
    std::uint32_t packet_bytes = 0;  ///< header included
    std::uint32_t id = 0;
  };
  /// REQUIRES header.size() >= header_bytes. Inline, since it runs once for each packet.
  Measure Read(std::span<const std::byte> header) const noexcept {
    if (!IsPacketHeader()) return ReadFields(header);
    PacketHeader read;
    std::memcpy(&read, header.data(), sizeof read);
    return Judge(read.size, read.id);
  }
  /// Writes length and id; other bytes of the header stay as they are.
  /// REQUIRES header_bytes <= packet_bytes <= packet_bytes_max, packet.size() >= header_bytes.
  void Write(std::span<std::byte> packet, std::uint32_t packet_bytes,
             std::uint32_t packet_id) const noexcept;

  bool IsPacketHeader() const noexcept {  ///< the common case has a way of its own
    return header_bytes == 4 && length.offset == 0 && length.bytes == 2 && id.offset == 2 &&
           id.bytes == 2 && !big_endian && length_counts_header;
  }
  /// Bytes of the packet that its length does not count.
  std::uint32_t uncounted_bytes() const noexcept {
    return length_counts_header ? 0 : std::uint32_t{header_bytes} - inner_bytes;
  }

 private:
  Measure ReadFields(std::span<const std::byte> header) const noexcept;
  Measure Judge(std::uint64_t bytes, std::uint32_t packet_id) const noexcept {
    if (bytes < header_bytes) return {PacketError::kTooSmall, 0, packet_id};
    if (bytes > packet_bytes_max) return {PacketError::kTooLarge, 0, packet_id};
    return {PacketError::kNone, static_cast<std::uint32_t>(bytes), packet_id};
  }
};

}  // namespace servercore
