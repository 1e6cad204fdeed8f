/// A peer that does not read, or that dies while much is on its way to it: what its server holds.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/core/CoreHarness.h"

namespace servercore::testing {
namespace {

using namespace std::chrono_literals;

class SlowReaderTest : public ::testing::TestWithParam<WorldKind> {};
INSTANTIATE_TEST_SUITE_P(Worlds, SlowReaderTest,
                         ::testing::Values(WorldKind::kSimulated, WorldKind::kReal),
                         [](const auto& world) { return NameOf(world.param); });

/// A client whose host lets nothing through any more: as if it had stopped to read.
struct StalledClient {
  explicit StalledClient(PairOptions options) : pair(WorldKind::kSimulated, std::move(options)) {
    std::tie(client, server) = pair.Establish();
    pair.sim().network().Pause(pair.address());
  }
  void Resume() { pair.sim().network().Resume(pair.address()); }
  /// Sends it one packet out of a chunk that holds much else, all of which is sent already.
  void SendFromAChunkOfManyBytes(std::string_view text) {
    SendBufferPool& pool = shard().send_buffers();
    server->session->SendText(text);
    pool.Open(SendBufferChunk::kBytes);
    pair.sim().RunFor(200us);
  }
  Shard& shard() { return pair.server_group().shard(0); }
  SendBufferCounters buffers() { return pair.server_group().counters().buffers; }

  Pair pair;
  RecordPtr client;
  RecordPtr server;
};

TEST(SlowReaderSimTest, SmallPiecesOfManyChunksDoNotKeepTheChunks) {
  StalledClient stalled({.network = {.socket_buffer_bytes = 1000}});
  std::vector<std::string> sent;
  for (int i = 0; i < 10'000; ++i) {
    sent.push_back("message " + std::to_string(i));
    stalled.SendFromAChunkOfManyBytes(sent.back());
  }
  const std::size_t queued = stalled.server->session->queued_bytes();
  EXPECT_GT(queued, 100'000U);
  EXPECT_LT(stalled.buffers().bytes_held_max, 70 * SendBufferChunk::kBytes + 2 * queued);
  EXPECT_LT(stalled.buffers().chunks_in_use, 70 + 2 * queued / 4000);
  EXPECT_GT(stalled.pair.server_group().counters().shards.copied_sends, 9'000U);
  stalled.Resume();
  EXPECT_TRUE(stalled.pair.RunUntil([&] { return stalled.client->packets.size() == sent.size(); }));
  EXPECT_EQ(stalled.client->packets, sent);
}

TEST(SlowReaderSimTest, WhatIsHeldIsAFewTimesWhatIsQueuedWhateverTheSizes) {
  for (const std::uint32_t seed : {1U, 2U, 3U}) {
    PairOptions options{.network = {.socket_buffer_bytes = 5000}};
    options.server.session.queued_bytes_max = 16 * 1024 * 1024;
    StalledClient stalled(options);
    std::mt19937 random(seed);
    std::vector<std::string> sent;
    for (int i = 0; i < 600; ++i) {
      const std::size_t largest = std::array<std::size_t, 3>{20, 4'000, 60'000}[random() % 3];
      sent.emplace_back(1 + random() % largest, static_cast<char>('a' + i % 26));
      stalled.SendFromAChunkOfManyBytes(sent.back());
    }
    const std::size_t queued = stalled.server->session->queued_bytes();
    EXPECT_LT(stalled.buffers().bytes_held_max, 70 * SendBufferChunk::kBytes + 4 * queued);
    stalled.Resume();
    EXPECT_TRUE(
        stalled.pair.RunUntil([&] { return stalled.client->packets.size() == sent.size(); }));
    EXPECT_TRUE(stalled.client->packets == sent);
  }
}

TEST(SlowReaderSimTest, AStormInOneTurnIsSharedNotCopiedAlsoForWhoCaughtUp) {
  Pair pair(WorldKind::kSimulated, {.network = {.socket_buffer_bytes = 100}});
  const auto [client, server] = pair.Establish();
  const auto [other, other_server] = pair.Establish();
  const Record& receiver = *client;
  for (std::size_t storm = 1; storm <= 2; ++storm) {
    for (int i = 0; i < 1000; ++i) {
      server->session->SendText("a member said something");
      other_server->session->SendText("between");  // so that no two packets lie side by side
    }
    EXPECT_EQ(pair.server_group().counters().shards.copied_sends, 0U);
    EXPECT_TRUE(pair.RunUntil([&] { return receiver.packets.size() == storm * 1000; }));
  }
}

TEST_P(SlowReaderTest, AThousandClientsResetInTheMiddleOfABroadcastGiveEveryChunkBack) {
  constexpr std::size_t kClients = 1000;
  // So many bytes that some are still queued for each client when it dies.
  PairOptions options{.network = {.socket_buffer_bytes = 4096}, .server_shards = 2};
  options.server.session.queued_bytes_max = 64 * 1024 * 1024;
  Pair pair(GetParam(), options);
  std::vector<RecordPtr> clients;
  for (std::size_t i = 0; i < kClients; ++i) clients.push_back(pair.Connect());
  ASSERT_TRUE(pair.RunUntil([&] {
    return std::ranges::count_if(pair.accepted(), [](const auto& one) { return one->connected; }) ==
           kClients;
  }));
  std::array<std::vector<SessionId>, 2> members;
  for (const RecordPtr& one : pair.accepted()) {
    members[one->session->shard().index()].push_back(one->session->ref().id());
  }
  SendBufferPool pool(pair.server_group().send_buffers());
  const std::string packet = Packet(std::string(10'000, 'b'));
  const auto broadcast = [&] {
    const SendBuffer buffer = pool.Copy(std::as_bytes(std::span(packet)));
    for (std::size_t i = 0; i < members.size(); ++i) {
      pair.server_group().shard(i).PostBroadcast(
          std::make_shared<const std::vector<SessionId>>(members[i]), buffer);
    }
    pair.RunUntil([&] {
      return pair.server_group().shard(0).InboxIsEmpty() &&
             pair.server_group().shard(1).InboxIsEmpty();
    });
  };
  for (int round = 0; round < 50; ++round) broadcast();
  if (GetParam() == WorldKind::kSimulated) {  // a system's socket may take all of it
    EXPECT_GT(pair.accepted().front()->session->queued_bytes(), 100'000U);
    EXPECT_GT(pair.server_group().counters().buffers.chunks_in_use, 5U);
  }
  for (const RecordPtr& one : clients) one->session->Disconnect(CloseKind::kReset);
  for (int round = 0; round < 50; ++round) broadcast();
  ASSERT_TRUE(pair.RunUntil([&] { return pair.server().session_count() == 0; }));
  broadcast();  // to nobody: all of them are gone
  pool.Drop();
  for (std::size_t i = 0; i < 2; ++i) pair.server_group().shard(i).send_buffers().Drop();
  EXPECT_EQ(pair.server_group().counters().buffers.chunks_in_use, 0U);
  EXPECT_GE(pair.server_group().counters().shards.stale_sends, kClients);
}

}  // namespace
}  // namespace servercore::testing
