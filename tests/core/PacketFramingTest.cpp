#include "ServerCore/packet/PacketFraming.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace servercore {
namespace {

struct Variant {
  std::string name;
  PacketFraming framing;
  std::vector<unsigned> header;  ///< of a packet with 10 bytes of payload and id 0x12
};

class PacketFramingTest : public ::testing::TestWithParam<Variant> {};

INSTANTIATE_TEST_SUITE_P(
    Headers, PacketFramingTest,
    ::testing::Values(
        Variant{"Default", {}, {14, 0, 0x12, 0}},
        Variant{"BigEndian", {.big_endian = true}, {0, 14, 0, 0x12}},
        Variant{"Bytes",
                {.header_bytes = 2, .length = {0, 1}, .id = {1, 1}, .packet_bytes_max = 255},
                {12, 0x12}},
        Variant{"Words",
                {.header_bytes = 8, .length = {0, 4}, .id = {4, 4}},
                {18, 0, 0, 0, 0x12, 0, 0, 0}},
        Variant{"IdFirst", {.length = {2, 2}, .id = {0, 2}}, {0x12, 0, 14, 0}},
        Variant{"PayloadLength", {.length_counts_header = false}, {10, 0, 0x12, 0}},
        Variant{
            "IdInThePayload", {.length_counts_header = false, .inner_bytes = 2}, {12, 0, 0x12, 0}},
        Variant{"BigEndianByteIdInThePayload",
                {.header_bytes = 5,
                 .length = {0, 4},
                 .id = {4, 1},
                 .big_endian = true,
                 .length_counts_header = false,
                 .inner_bytes = 1},
                {0, 0, 0, 11, 0x12}},
        Variant{"WordIdInThePayloadBehindAByte",
                {.header_bytes = 6,
                 .length = {0, 1},
                 .id = {2, 4},
                 .length_counts_header = false,
                 .inner_bytes = 4,
                 .packet_bytes_max = 257},
                {14, 0, 0x12, 0, 0, 0}},
        Variant{"BigEndianPayloadLengthWithGap",
                {.header_bytes = 12,
                 .length = {2, 4},
                 .id = {8, 2},
                 .big_endian = true,
                 .length_counts_header = false},
                {0, 0, 0, 0, 0, 10, 0, 0, 0, 0x12, 0, 0}}),
    [](const auto& variant) { return variant.param.name; });

std::vector<std::byte> Bytes(const std::vector<unsigned>& values) {
  std::vector<std::byte> bytes;
  for (const unsigned value : values) bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}

TEST_P(PacketFramingTest, WritesTheHeaderAndReadsItBack) {
  const PacketFraming& framing = GetParam().framing;
  std::vector<std::byte> header(framing.header_bytes);
  const std::uint32_t bytes = framing.header_bytes + 10U;
  framing.Write(header, bytes, 0x12);
  EXPECT_EQ(header, Bytes(GetParam().header));
  const PacketFraming::Measure measure = framing.Read(header);
  EXPECT_EQ(measure.error, PacketError::kNone);
  EXPECT_EQ(measure.packet_bytes, bytes);
  EXPECT_EQ(measure.id, 0x12U);
}

TEST_P(PacketFramingTest, RefusesOneByteMoreThanTheLimit) {
  PacketFraming framing = GetParam().framing;
  framing.packet_bytes_max = framing.header_bytes + 9U;
  EXPECT_EQ(framing.Read(Bytes(GetParam().header)).error, PacketError::kTooLarge);
  framing.packet_bytes_max = framing.header_bytes + 10U;
  EXPECT_EQ(framing.Read(Bytes(GetParam().header)).error, PacketError::kNone);
}

TEST(PacketFramingEdgeTest, SizesBelowTheHeaderAreRefusedUnlessTheHeaderIsNotCounted) {
  const PacketFraming counted;
  for (unsigned size = 0; size < 4; ++size) {
    EXPECT_EQ(counted.Read(Bytes({size, 0, 1, 0})).error, PacketError::kTooSmall);
  }
  EXPECT_EQ(counted.Read(Bytes({4, 0, 1, 0})).packet_bytes, 4U);
  const PacketFraming payload{.length_counts_header = false};
  EXPECT_EQ(payload.Read(Bytes({0, 0, 1, 0})).packet_bytes, 4U);
  const PacketFraming with_id{.length_counts_header = false, .inner_bytes = 2};
  EXPECT_EQ(with_id.Read(Bytes({1, 0, 1, 0})).error, PacketError::kTooSmall);
  EXPECT_EQ(with_id.Read(Bytes({2, 0, 1, 0})).packet_bytes, 4U);
}

TEST(PacketFramingEdgeTest, TheLargestLengthsDoNotWrapAround) {
  const PacketFraming framing{.header_bytes = 8,
                              .length = {0, 4},
                              .id = {4, 4},
                              .length_counts_header = false,
                              .packet_bytes_max = 0xffff'ffff};
  const auto huge = Bytes({255, 255, 255, 255, 1, 0, 0, 0});
  EXPECT_EQ(framing.Read(huge).error, PacketError::kTooLarge);
}

TEST(PacketFramingEdgeTest, AHeaderWithoutAnIdHasIdZero) {
  const PacketFraming framing{.header_bytes = 2, .id = {0, 0}};
  std::array<std::byte, 4> packet{};  // GCC warns of the other way of Read in two bytes
  const std::span header = std::span(packet).first(2);
  framing.Write(header, 7, 99);
  EXPECT_EQ(framing.Read(header).packet_bytes, 7U);
  EXPECT_EQ(framing.Read(header).id, 0U);
}

}  // namespace
}  // namespace servercore
