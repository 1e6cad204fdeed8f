#include "StressBot/protocol/Protocol.h"

#include <gtest/gtest.h>

namespace stressbot {
namespace {

TEST(ProtocolTest, FindsPacketsByIdAndName) {
  const Protocol protocol({}, {{"C_A", 1000, {}}, {"S_A", 1001, {}}, {"C_B", 2000, {}}}, false);
  EXPECT_EQ(protocol.IndexOfId(1000), 0);
  EXPECT_EQ(protocol.IndexOfId(1001), 1);
  EXPECT_EQ(protocol.IndexOfId(2000), 2);
  for (const std::uint32_t id : {0U, 999U, 1002U, 1999U, 2001U, 0xFFFFFFFFU}) {
    EXPECT_EQ(protocol.IndexOfId(id), kUnknownPacket) << id;
  }
  EXPECT_EQ(protocol.IndexOfName("S_A"), 1);
  EXPECT_EQ(protocol.IndexOfName("S_B"), kUnknownPacket);
}

TEST(ProtocolTest, FindsIdsThatLieFarApart) {
  const Protocol protocol({}, {{"C_A", 0xFFFFFFFF, {}}, {"S_A", 0, {}}, {"C_B", 70'000, {}}},
                          false);
  EXPECT_EQ(protocol.IndexOfId(0xFFFFFFFF), 0);
  EXPECT_EQ(protocol.IndexOfId(0), 1);
  EXPECT_EQ(protocol.IndexOfId(70'000), 2);
  EXPECT_EQ(protocol.IndexOfId(1), kUnknownPacket);
  EXPECT_EQ(protocol.IndexOfId(0xFFFFFFFE), kUnknownPacket);
}

TEST(ProtocolTest, KnowsNoPacketWithoutAny) {
  const Protocol protocol({}, {}, true);
  EXPECT_EQ(protocol.IndexOfId(0), kUnknownPacket);
  EXPECT_TRUE(protocol.unknown_packets_close());
  EXPECT_EQ(protocol.header().size(), protocol.framing().header_bytes);
}

}  // namespace
}  // namespace stressbot
