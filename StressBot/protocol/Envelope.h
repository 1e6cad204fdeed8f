#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "StressBot/protocol/Checksum.h"

namespace stressbot {

/// Some of a packet's bytes, by what they belong to.
struct PacketPart {
  enum class Of : std::uint8_t { kHeader, kPayload, kTrailer };
  Of of = Of::kPayload;
  std::uint8_t offset = 0;  ///< from the beginning of header or trailer
  std::uint8_t bytes = 0;   ///< of the payload it is all that there is
};

/// What a connection remembers for its sequence fields.
struct EnvelopeState {
  std::uint32_t sent = 0;      ///< packets
  std::uint32_t received = 0;  ///< packets
};

/// What lies around a packet's payload besides length, id and constants: sequence and correlation
/// fields, checksums, and a simple scrambling of bytes. A packet is sealed before it is sent and
/// opened when it was received. Immutable; safe on any thread.
class Envelope {
 public:
  struct Sequence {
    PacketPart place{};
    std::uint32_t start = 0;  ///< of a connection's first packet
    std::uint32_t step = 1;
    bool verified = false;  ///< the server's packets must count in the same way
  };
  struct Checksum {
    ChecksumKind kind = ChecksumKind::kSum;
    PacketPart place{};
    std::vector<PacketPart> over{};  ///< in this order; checksum fields of a header count as 0
    bool of_wire = false;            ///< over the bytes as they are on the wire, transforms done
  };
  /// The bytes of the parts, one after the other, XOR the key, over and over.
  struct Transform {
    std::vector<std::byte> key;
    std::vector<PacketPart> over;
  };
  struct Layout {
    std::uint8_t header_bytes = 0;
    std::uint8_t inner_bytes = 0;  ///< of the header's end: for these purposes they are payload
    std::uint8_t trailer_bytes = 0;
    bool big_endian = false;
    std::optional<Sequence> sequence{};
    std::optional<PacketPart> correlation{};
    std::vector<Checksum> checksums{};
    std::vector<Transform> transforms{};
  };
  enum class Fault : std::uint8_t { kNone, kTooShort, kChecksum, kSequence };

  explicit Envelope(Layout layout);

  /// Whether packets must be opened to be read at all: then Open needs room for a copy.
  bool scrambles() const { return !layout_.transforms.empty(); }
  std::size_t trailer_bytes() const { return layout_.trailer_bytes; }
  /// Bytes of the correlation field; 0: there is none.
  std::size_t correlation_bytes() const {
    return layout_.correlation ? layout_.correlation->bytes : 0;
  }

  /// Completes a packet in place; its length, id and payload are there already.
  void Seal(std::span<std::byte> packet, EnvelopeState& state, std::uint32_t correlation) const;

  /// A received packet as it was before it was sealed: in place, or in `room` where it scrambles.
  /// REQUIRES room.size() >= packet.size() then.
  struct Opened {
    Fault fault = Fault::kNone;
    std::span<const std::byte> packet{};
  };
  Opened Open(std::span<const std::byte> packet, std::span<std::byte> room,
              EnvelopeState& state) const;
  /// Of an opened packet; 0 without such a field.
  std::uint32_t CorrelationOf(std::span<const std::byte> packet) const;

 private:
  template <typename Byte>
  std::span<Byte> PartOf(std::span<Byte> packet, const PacketPart& part) const;
  std::uint32_t Load(std::span<const std::byte> packet, const PacketPart& place) const;
  void Store(std::span<std::byte> packet, const PacketPart& place, std::uint32_t value) const;
  std::uint32_t ValueOf(const Checksum& checksum, std::span<const std::byte> packet) const;
  bool Verify(std::span<const std::byte> packet, bool of_wire) const;
  void Apply(const Transform& transform, std::span<std::byte> packet) const;

  const Layout layout_;
};

/// As a noun, for messages.
const char* Describe(Envelope::Fault fault);

}  // namespace stressbot
