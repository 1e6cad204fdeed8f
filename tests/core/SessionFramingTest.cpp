#include <gtest/gtest.h>

#include <numeric>

#include "tests/core/CoreHarness.h"

namespace servercore::testing {
namespace {

class SessionFramingTest : public ::testing::TestWithParam<WorldKind> {};
INSTANTIATE_TEST_SUITE_P(Worlds, SessionFramingTest,
                         ::testing::Values(WorldKind::kSimulated, WorldKind::kReal),
                         [](const auto& world) { return NameOf(world.param); });

const std::vector<std::string> kPayloads{"a", "", "hello", std::string(40, 'x'), "", "end"};

std::string Stream() {
  return std::accumulate(kPayloads.begin(), kPayloads.end(), std::string(),
                         [](std::string all, const std::string& one) { return all + Packet(one); });
}

TEST_P(SessionFramingTest, PacketsGluedTogetherComeOneByOne) {
  Pair pair(GetParam());
  auto [client, server] = pair.Establish();
  client->session->SendBytes(Stream());
  EXPECT_TRUE(pair.RunUntil([&] { return server->packets.size() == kPayloads.size(); }));
  EXPECT_EQ(server->packets, kPayloads);
}

TEST_P(SessionFramingTest, AStreamCutAtAnyByteGivesTheSamePackets) {
  const std::string stream = Stream();
  Pair pair(GetParam());
  for (std::size_t cut = 1; cut < stream.size(); ++cut) {
    auto [client, server] = pair.Establish();
    client->session->SendBytes(stream.substr(0, cut));
    // The first part was read when its last whole packet is there: the tail came with it.
    std::size_t whole = 0;
    for (std::size_t at = 0; whole < kPayloads.size(); ++whole) {
      at += sizeof(PacketHeader) + kPayloads[whole].size();
      if (at > cut) break;
    }
    ASSERT_TRUE(pair.RunUntil([&] { return server->packets.size() == whole; }));
    client->session->SendBytes(stream.substr(cut));
    ASSERT_TRUE(pair.RunUntil([&] { return server->packets.size() == kPayloads.size(); }))
        << "cut at " << cut;
    EXPECT_EQ(server->packets, kPayloads) << "cut at " << cut;
    client->session->Disconnect(CloseKind::kReset);
    ASSERT_TRUE(pair.RunUntil([&] { return server->ended == 1; }));
  }
}

TEST(SessionFramingSimTest, ReadsOfOneByteGiveTheSamePackets) {
  for (const std::size_t read_bytes_max : {1U, 2U, 3U, 5U, 7U}) {
    Pair pair(WorldKind::kSimulated, {.network = {.read_bytes_max = read_bytes_max}});
    auto [client, server] = pair.Establish();
    client->session->SendBytes(Stream());
    ASSERT_TRUE(pair.RunUntil([&] { return server->packets.size() == kPayloads.size(); }));
    EXPECT_EQ(server->packets, kPayloads) << "reads of " << read_bytes_max;
  }
}

TEST_P(SessionFramingTest, PacketsLargerThanABlockOrAChunkArriveWholeUpToTheLimit) {
  PairOptions options;
  options.framing = {.header_bytes = 8,
                     .length = {.offset = 0, .bytes = 4},
                     .id = {.offset = 4, .bytes = 4},
                     .packet_bytes_max = 1024 * 1024};
  options.client.session.queued_bytes_max = 8 * 1024 * 1024;
  Pair pair(GetParam(), options);
  auto [client, server] = pair.Establish();
  std::vector<std::string> sent;
  constexpr std::size_t kBlock = Shard::kReceiveBytes - 8;
  for (const std::size_t size : std::initializer_list<std::size_t>{
           kBlock - 1, kBlock, kBlock + 1, 200'000, 3, 1'048'568, 0, 70'000}) {
    std::string text(size, '\0');
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(97 + (i * 7 + size) % 26);
    ASSERT_EQ(client->session->SendText(text), SendResult::kQueued);
    sent.push_back(text);
  }
  EXPECT_TRUE(pair.RunUntil([&] { return server->packets.size() == sent.size(); }));
  EXPECT_TRUE(server->packets == sent);
  EXPECT_EQ(pair.client_group().counters().buffers.large_chunks, 4U);
}

TEST_P(SessionFramingTest, ASizeBelowTheHeaderClosesThePeer) {
  Pair pair(GetParam());
  auto [client, server] = pair.Establish();
  client->session->SendBytes(Packet("good") + std::string{"\x03\x00\x01\x00", 4} + Packet("no"));
  EXPECT_TRUE(pair.RunUntil([&] { return client->ended == 1 && server->ended == 1; }));
  EXPECT_EQ(server->packets, std::vector<std::string>{"good"});
  EXPECT_EQ(server->bad, PacketError::kTooSmall);
  EXPECT_EQ(server->reason, CloseReason::kBadPacket);
  EXPECT_EQ(client->reason, CloseReason::kPeerReset);
}

TEST_P(SessionFramingTest, ASizeAboveTheLimitClosesThePeerBeforeMemoryIsTaken) {
  PairOptions options;
  options.framing.packet_bytes_max = 100;
  Pair pair(GetParam(), options);
  auto [client, server] = pair.Establish();
  client->session->SendText(std::string(96, 'x'));  // just allowed
  client->session->SendBytes({"\x65\x00\x01\x00", 4});
  EXPECT_TRUE(pair.RunUntil([&] { return server->ended == 1; }));
  EXPECT_EQ(server->packets.size(), 1U);
  EXPECT_EQ(server->bad, PacketError::kTooLarge);
  EXPECT_EQ(server->reason, CloseReason::kBadPacket);
}

TEST(SessionFramingSimTest, AnImpossibleSizeInAPartialHeaderClosesToo) {
  Pair pair(WorldKind::kSimulated, {.network = {.read_bytes_max = 1}});
  auto [client, server] = pair.Establish();
  client->session->SendBytes({"\x00\x00\x01\x00", 4});
  EXPECT_TRUE(pair.RunUntil([&] { return server->ended == 1; }));
  EXPECT_EQ(server->bad, PacketError::kTooSmall);
}

TEST_P(SessionFramingTest, APacketStaysReadableWhileItsHandlerClosesTheSession) {
  for (const std::size_t bytes : {10U, 60'000U}) {  // the second one is assembled in the tail
    std::string seen;
    PairOptions options;
    options.on_server.packet = [&seen](ProbeSession& session, const PacketView& packet) {
      session.Disconnect(CloseKind::kReset);
      seen = TextOf(packet.payload);
    };
    options.network.read_bytes_max = 4096;
    Pair pair(GetParam(), options);
    auto [client, server] = pair.Establish();
    client->session->SendBytes(Packet(std::string(bytes, 'q')) + Packet("never seen"));
    EXPECT_TRUE(pair.RunUntil([&] { return server->ended == 1; }));
    EXPECT_EQ(seen, std::string(bytes, 'q'));
    EXPECT_EQ(server->packets.size(), 1U);
    EXPECT_EQ(server->reason, CloseReason::kLocalReset);
  }
}

}  // namespace
}  // namespace servercore::testing
