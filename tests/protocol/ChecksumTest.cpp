#include "StressBot/protocol/Checksum.h"

#include <gtest/gtest.h>

#include <string_view>

namespace stressbot {
namespace {

std::uint32_t SumOf(ChecksumKind kind, std::string_view text, std::size_t first_piece = 0) {
  const auto bytes = std::as_bytes(std::span(text));
  ChecksumSum sum(kind);
  sum.Add(bytes.first(first_piece));
  sum.Add(bytes.subspan(first_piece));
  return sum.Value();
}

// The check values of the CRC catalogue: over the nine letters "123456789".
TEST(ChecksumTest, GivesTheCatalogueSCheckValues) {
  constexpr std::string_view kNine = "123456789";
  for (std::size_t cut = 0; cut <= kNine.size(); ++cut) {
    EXPECT_EQ(SumOf(ChecksumKind::kCrc16CcittFalse, kNine, cut), 0x29B1U);
    EXPECT_EQ(SumOf(ChecksumKind::kCrc16Xmodem, kNine, cut), 0x31C3U);
    EXPECT_EQ(SumOf(ChecksumKind::kCrc16Arc, kNine, cut), 0xBB3DU);
    EXPECT_EQ(SumOf(ChecksumKind::kCrc16Modbus, kNine, cut), 0x4B37U);
    EXPECT_EQ(SumOf(ChecksumKind::kCrc32, kNine, cut), 0xCBF43926U);
    EXPECT_EQ(SumOf(ChecksumKind::kSum, kNine, cut), 477U);
  }
}

TEST(ChecksumTest, OfNothingIsWhereItStarts) {
  EXPECT_EQ(SumOf(ChecksumKind::kCrc16CcittFalse, ""), 0xFFFFU);
  EXPECT_EQ(SumOf(ChecksumKind::kCrc16Arc, ""), 0U);
  EXPECT_EQ(SumOf(ChecksumKind::kCrc32, ""), 0U);
  EXPECT_EQ(SumOf(ChecksumKind::kSum, ""), 0U);
}

}  // namespace
}  // namespace stressbot
