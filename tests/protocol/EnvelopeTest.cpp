#include "StressBot/protocol/Envelope.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace stressbot {
namespace {

using Fault = Envelope::Fault;
using Of = PacketPart::Of;
using testing::ElementsAre;

using Bytes = std::vector<std::byte>;
Bytes BytesOf(std::string_view hex) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(static_cast<std::byte>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  return bytes;
}
std::string HexOf(std::span<const std::byte> bytes) {
  std::string hex;
  for (const std::byte byte : bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    hex += kDigits[std::to_integer<unsigned>(byte) >> 4U];
    hex += kDigits[std::to_integer<unsigned>(byte) & 15U];
  }
  return hex;
}

std::string Seal(const Envelope& envelope, std::string_view hex, EnvelopeState& state,
                 std::uint32_t correlation = 0) {
  Bytes packet = BytesOf(hex);
  envelope.Seal(packet, state, correlation);
  return HexOf(packet);
}
std::string Seal(const Envelope& envelope, std::string_view hex) {
  EnvelopeState state;
  return Seal(envelope, hex, state);
}

/// What is read of it: the packet, or what is wrong.
std::string Open(const Envelope& envelope, std::string_view hex, EnvelopeState& state) {
  const Bytes packet = BytesOf(hex);
  Bytes room(packet.size());
  const Envelope::Opened opened = envelope.Open(packet, room, state);
  switch (opened.fault) {
    case Fault::kNone:
      return HexOf(opened.packet);
    case Fault::kTooShort:
      return "too short";
    case Fault::kChecksum:
      return "checksum";
    case Fault::kSequence:
      return "sequence";
  }
  return "?";
}
std::string Open(const Envelope& envelope, std::string_view hex) {
  EnvelopeState state;
  return Open(envelope, hex, state);
}

constexpr PacketPart kPayload{};

TEST(EnvelopeTest, CountsPacketsInTheSequenceFieldAndWrapsAround) {
  const Envelope envelope(
      {.header_bytes = 3,
       .big_endian = true,
       .sequence = {{.place = {Of::kHeader, 1, 2}, .start = 0xFFFE, .step = 1, .verified = true}}});
  EnvelopeState state;
  EXPECT_EQ(Seal(envelope, "aa0000", state), "aafffe");
  EXPECT_EQ(Seal(envelope, "aa0000ff", state), "aaffffff");
  EXPECT_EQ(Seal(envelope, "aa0000", state), "aa0000");
  EXPECT_EQ(Open(envelope, "aafffe", state), "aafffe");
  EXPECT_EQ(Open(envelope, "bbffff", state), "bbffff");
  EXPECT_EQ(Open(envelope, "bb0000", state), "bb0000");
  EXPECT_EQ(Open(envelope, "bb0000", state), "sequence");
}

TEST(EnvelopeTest, ASequenceThatIsNotVerifiedIsIgnored) {
  const Envelope envelope(
      {.header_bytes = 1, .sequence = {{.place = {Of::kHeader, 0, 1}, .start = 3, .step = 0xFF}}});
  EnvelopeState state;
  EXPECT_EQ(Seal(envelope, "00", state), "03");
  EXPECT_EQ(Seal(envelope, "00", state), "02");  // a step of -1
  EXPECT_EQ(Open(envelope, "99", state), "99");
}

TEST(EnvelopeTest, WritesAndReadsTheCorrelation) {
  const Envelope envelope({.header_bytes = 4, .correlation = PacketPart{Of::kHeader, 1, 2}});
  EnvelopeState state;
  EXPECT_EQ(Seal(envelope, "11000022cc", state, 0x1234), "11341222cc");
  EXPECT_EQ(envelope.CorrelationOf(BytesOf("11341222cc")), 0x1234U);
  EXPECT_EQ(envelope.correlation_bytes(), 2U);
}

TEST(EnvelopeTest, ChecksumsStandInHeaderAndTrailer) {
  // Header: size, sum of id and payload, id. Trailer: CRC-32 of header and payload, and an end.
  const Envelope envelope(
      {.header_bytes = 3,
       .trailer_bytes = 5,
       .checksums = {
           {ChecksumKind::kSum, {Of::kHeader, 1, 1}, {{Of::kHeader, 2, 1}, kPayload}},
           {ChecksumKind::kCrc32, {Of::kTrailer, 0, 4}, {{Of::kHeader, 0, 3}, kPayload}}}});
  // CRC-32 of 0b 00 07 31 32 33, where the sum counts as 0.
  const std::string sealed = Seal(envelope, "0b0007313233000000000d");
  EXPECT_EQ(sealed.substr(0, 12), "0b9d07313233");
  EXPECT_EQ(sealed.substr(20), "0d");
  EXPECT_EQ(Open(envelope, sealed), sealed);
  // Every bit of it is watched over but those of the constant end.
  for (std::size_t bit = 0; bit < 8 * 10; ++bit) {
    Bytes damaged = BytesOf(sealed);
    damaged[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    EXPECT_EQ(Open(envelope, HexOf(damaged)), "checksum") << bit;
  }
  EXPECT_EQ(Open(envelope, "0b0007"), "too short");
}

TEST(EnvelopeTest, AChecksumOverNothingButTheHeaderOfAnEmptyPacket) {
  const Envelope envelope(
      {.header_bytes = 2,
       .trailer_bytes = 2,
       .big_endian = true,
       .checksums = {{ChecksumKind::kCrc16CcittFalse, {Of::kTrailer, 0, 2}, {kPayload}}}});
  EXPECT_EQ(Seal(envelope, "01020000"), "0102ffff");
  EXPECT_EQ(Seal(envelope, "01023132333435363738390000"), "010231323334353637383929b1");
}

TEST(EnvelopeTest, TheKeyOfAnXorGoesOnThroughTheParts) {
  const Envelope envelope(
      {.header_bytes = 2, .transforms = {{BytesOf("a5ff01"), {{Of::kHeader, 1, 1}, kPayload}}}});
  EXPECT_EQ(Seal(envelope, "0500000000"), "05a5ff01a5");
  EXPECT_EQ(Open(envelope, "05a5ff01a5"), "0500000000");
}

TEST(EnvelopeTest, TransformsAreUndoneInReverseAndChecksumsAreOfPlainOrWire) {
  for (const bool of_wire : {false, true}) {
    const Envelope envelope(
        {.header_bytes = 1,
         .trailer_bytes = 1,
         .checksums = {{ChecksumKind::kSum, {Of::kTrailer, 0, 1}, {kPayload}, of_wire}},
         .transforms = {{BytesOf("0f"), {kPayload}}, {BytesOf("f0"), {kPayload}}}});
    const std::string sealed = Seal(envelope, "04010200");
    EXPECT_EQ(sealed, of_wire ? "04fefdfb" : "04fefd03");
    EXPECT_EQ(Open(envelope, sealed), of_wire ? "040102fb" : "04010203");
    EXPECT_EQ(Open(envelope, "04fefe03"), "checksum");
  }
}

}  // namespace
}  // namespace stressbot
