#include "StressBot/protocol/Envelope.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <ranges>
#include <utility>

#include "ServerCore/Assert.h"
#include "StressBot/protocol/WireNumber.h"

namespace stressbot {
namespace {

/// Of a value in a field of so many bytes.
std::uint32_t Cut(std::uint32_t value, std::size_t bytes) {
  return bytes == 4 ? value : value & ((1U << (8 * bytes)) - 1);
}

}  // namespace

const char* Describe(Envelope::Fault fault) {
  switch (fault) {
    case Envelope::Fault::kTooShort:
      return "a packet shorter than its header and trailer";
    case Envelope::Fault::kChecksum:
      return "a wrong checksum";
    case Envelope::Fault::kSequence:
      return "a sequence number out of order";
    case Envelope::Fault::kNone:
      break;
  }
  return "nothing wrong";
}

Envelope::Envelope(Layout layout) : layout_(std::move(layout)) {}

template <typename Byte>
std::span<Byte> Envelope::PartOf(std::span<Byte> packet, const PacketPart& part) const {
  switch (part.of) {
    case PacketPart::Of::kHeader:
      return packet.subspan(part.offset, part.bytes);
    case PacketPart::Of::kTrailer:
      return packet.last(layout_.trailer_bytes).subspan(part.offset, part.bytes);
    case PacketPart::Of::kPayload:
      break;
  }
  const std::size_t before = std::size_t{layout_.header_bytes} - layout_.inner_bytes;
  return packet.subspan(before, packet.size() - before - layout_.trailer_bytes);
}

std::uint32_t Envelope::Load(std::span<const std::byte> packet, const PacketPart& place) const {
  return LoadWireNumber(PartOf(packet, place).data(), place.bytes, layout_.big_endian);
}

void Envelope::Store(std::span<std::byte> packet, const PacketPart& place,
                     std::uint32_t value) const {
  StoreWireNumber(PartOf(packet, place).data(), place.bytes, layout_.big_endian, value);
}

std::uint32_t Envelope::ValueOf(const Checksum& checksum, std::span<const std::byte> packet) const {
  // The header with its checksum fields as 0, since they are filled in one after the other.
  std::array<std::byte, 256> header;
  std::memcpy(header.data(), packet.data(), layout_.header_bytes);
  for (const Checksum& other : layout_.checksums) {
    if (other.place.of == PacketPart::Of::kHeader)
      std::memset(header.data() + other.place.offset, 0, other.place.bytes);
  }
  ChecksumSum sum(checksum.kind);
  for (const PacketPart& part : checksum.over) {
    std::span<const std::byte> rest = PartOf(packet, part);
    if (part.of != PacketPart::Of::kTrailer) {
      const auto offset = static_cast<std::size_t>(rest.data() - packet.data());
      const std::size_t in_header =
          offset < layout_.header_bytes ? std::min(rest.size(), layout_.header_bytes - offset) : 0;
      sum.Add(std::span(header).subspan(offset, in_header));
      rest = rest.subspan(in_header);
    }
    sum.Add(rest);
  }
  return Cut(sum.Value(), checksum.place.bytes);
}

bool Envelope::Verify(std::span<const std::byte> packet, bool of_wire) const {
  return std::ranges::all_of(layout_.checksums, [&](const Checksum& checksum) {
    return checksum.of_wire != of_wire || ValueOf(checksum, packet) == Load(packet, checksum.place);
  });
}

void Envelope::Apply(const Transform& transform, std::span<std::byte> packet) const {
  std::size_t at = 0;
  for (const PacketPart& part : transform.over) {
    for (std::byte& byte : PartOf(packet, part)) {
      byte ^= transform.key[at];
      if (++at == transform.key.size()) at = 0;
    }
  }
}

void Envelope::Seal(std::span<std::byte> packet, EnvelopeState& state,
                    std::uint32_t correlation) const {
  SC_ASSERT(packet.size() >= std::size_t{layout_.header_bytes} + layout_.trailer_bytes);
  if (const auto& sequence = layout_.sequence)
    Store(packet, sequence->place, sequence->start + sequence->step * state.sent++);
  if (layout_.correlation) Store(packet, *layout_.correlation, correlation);
  const auto write_checksums = [&](bool of_wire) {
    for (const Checksum& checksum : layout_.checksums)
      if (checksum.of_wire == of_wire) Store(packet, checksum.place, ValueOf(checksum, packet));
  };
  write_checksums(false);
  for (const Transform& transform : layout_.transforms) Apply(transform, packet);
  write_checksums(true);
}

Envelope::Opened Envelope::Open(std::span<const std::byte> packet, std::span<std::byte> room,
                                EnvelopeState& state) const {
  if (packet.size() < std::size_t{layout_.header_bytes} + layout_.trailer_bytes)
    return {Fault::kTooShort};
  if (!Verify(packet, true)) return {Fault::kChecksum};
  if (scrambles()) {
    SC_ASSERT(room.size() >= packet.size());
    const std::span<std::byte> copy = room.first(packet.size());
    std::ranges::copy(packet, copy.begin());
    for (const Transform& transform : std::views::reverse(layout_.transforms))
      Apply(transform, copy);
    packet = copy;
  }
  if (!Verify(packet, false)) return {Fault::kChecksum};
  if (const auto& sequence = layout_.sequence; sequence && sequence->verified) {
    const std::uint32_t expected = sequence->start + sequence->step * state.received++;
    if (Load(packet, sequence->place) != Cut(expected, sequence->place.bytes))
      return {Fault::kSequence};
  }
  return {Fault::kNone, packet};
}

std::uint32_t Envelope::CorrelationOf(std::span<const std::byte> packet) const {
  return layout_.correlation ? Load(packet, *layout_.correlation) : 0;
}

}  // namespace stressbot
