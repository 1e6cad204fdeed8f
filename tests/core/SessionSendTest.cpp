#include <gtest/gtest.h>

#include "tests/core/CoreHarness.h"

namespace servercore::testing {
namespace {

class SessionSendTest : public ::testing::TestWithParam<WorldKind> {};
INSTANTIATE_TEST_SUITE_P(Worlds, SessionSendTest,
                         ::testing::Values(WorldKind::kSimulated, WorldKind::kReal),
                         [](const auto& world) { return NameOf(world.param); });

std::vector<std::string> Numbers(int count) {
  std::vector<std::string> texts;
  for (int i = 0; i < count; ++i) texts.push_back("packet " + std::to_string(i));
  return texts;
}

TEST_P(SessionSendTest, AllThatOneTurnSendsGoesInOrderAndIsToldOnce) {
  Pair pair(GetParam());
  auto [client, server] = pair.Establish();
  const std::vector<std::string> sent = Numbers(100);
  for (const std::string& text : sent) client->session->SendText(text);
  EXPECT_TRUE(pair.RunUntil([&] { return server->packets.size() == sent.size(); }));
  EXPECT_EQ(server->packets, sent);
  EXPECT_EQ(client->sent, 1);
}

TEST_P(SessionSendTest, MorePiecesThanOneCallTakesKeepTheirOrder) {
  Pair pair(GetParam());
  auto [client, server] = pair.Establish();
  auto [other, other_server] = pair.Establish();
  const std::vector<std::string> sent = Numbers(500);
  for (const std::string& text : sent) {
    client->session->SendText(text);
    other->session->SendText("between");  // so that no two packets lie one behind the other
  }
  EXPECT_TRUE(pair.RunUntil([&] { return server->packets.size() == sent.size(); }));
  EXPECT_EQ(server->packets, sent);
  EXPECT_TRUE(pair.RunUntil([&] { return other_server->packets.size() == sent.size(); }));
}

TEST(SessionSendSimTest, SendsOfOneByteAreContinued) {
  for (const std::size_t send_bytes_max : {1U, 3U, 50U}) {
    Pair pair(WorldKind::kSimulated, {.network = {.send_bytes_max = send_bytes_max}});
    auto [client, server] = pair.Establish();
    const std::vector<std::string> sent = Numbers(20);
    for (const std::string& text : sent) client->session->SendText(text);
    EXPECT_TRUE(pair.RunUntil([&] { return server->packets.size() == sent.size(); }));
    EXPECT_EQ(server->packets, sent);
  }
}

TEST(SessionSendSimTest, AFullSocketBufferDelaysButLosesNothing) {
  Pair pair(WorldKind::kSimulated, {.network = {.socket_buffer_bytes = 100}});
  auto [client, server] = pair.Establish();
  const std::vector<std::string> sent = Numbers(300);
  for (std::size_t i = 0; i < sent.size(); ++i) {
    client->session->SendText(sent[i]);  // some while a send is in flight
    if (i % 7 == 0) pair.sim().RunFor(std::chrono::microseconds(70));
  }
  EXPECT_TRUE(pair.RunUntil([&] { return server->packets.size() == sent.size(); }));
  EXPECT_EQ(server->packets, sent);
  EXPECT_EQ(client->session->queued_bytes(), 0U);
}

TEST_P(SessionSendTest, WhatOnSentSendsGoesOutToo) {
  Pair pair(GetParam());
  int left = 50;
  auto [client, server] = pair.Establish({.sent = [&](ProbeSession& session) {
    if (left-- > 0) session.SendText("again");
  }});
  client->session->SendText("first");
  EXPECT_TRUE(pair.RunUntil([&] { return server->packets.size() == 51; }));
}

TEST_P(SessionSendTest, TheLimitOfTheQueueIsExact) {
  PairOptions options;
  options.client.session.queued_bytes_max = 1000;
  Pair pair(GetParam(), options);
  auto [client, server] = pair.Establish();
  EXPECT_EQ(client->session->SendBytes(Packet(std::string(996, 'x'))), SendResult::kQueued);
  EXPECT_EQ(client->session->SendBytes("x"), SendResult::kQueueFull);
  EXPECT_EQ(client->session->SendBytes("x"), SendResult::kClosed);
  EXPECT_EQ(client->ended, 0);  // never from inside
  EXPECT_TRUE(pair.RunUntil([&] { return client->ended == 1; }));
  EXPECT_EQ(client->reason, CloseReason::kQueueFull);
}

/// A session whose host lets nothing through any more: as if its peer stopped to read.
TEST(SessionSendSimTest, ASlowReaderIsDroppedWhileTheOthersGetEverything) {
  PairOptions options{.network = {.socket_buffer_bytes = 4096}};
  options.server.session.queued_bytes_max = 64 * 1024;
  Pair pair(WorldKind::kSimulated, options);
  const NetAddress slow_host = NetAddress::Ipv4({10, 0, 0, 9}, 0);
  std::vector<RecordPtr> fast;
  for (int i = 0; i < 10; ++i) fast.push_back(pair.Establish().first);
  auto slow = std::make_shared<Record>();
  pair.client().Connect(
      std::make_unique<ProbeSession>(pair.client().session_options(), pair.framing(), slow),
      pair.address(), &slow_host);
  ASSERT_TRUE(pair.RunUntil([&] { return pair.accepted().size() == 11 && slow->connected == 1; }));
  ASSERT_TRUE(pair.RunUntil([&] { return pair.accepted().back()->connected == 1; }));
  pair.sim().network().Pause(slow_host);

  Shard& shard = pair.server_group().shard(0);
  const std::string text(500, 'b');
  constexpr int kRounds = 2000;
  std::size_t chunks_most = 0;
  for (int round = 0; round < kRounds; ++round) {
    const SendBuffer buffer = BufferOf(shard, Packet(text));
    for (const RecordPtr& record : pair.accepted()) {
      if (record->session != nullptr) record->session->Send(buffer);
    }
    pair.sim().RunFor(std::chrono::milliseconds(1));
    chunks_most = std::max(chunks_most, pair.server_group().send_buffers().chunks_in_use());
  }
  EXPECT_TRUE(pair.RunUntil([&] {
    return std::ranges::all_of(fast,
                               [](const auto& one) { return one->packets.size() == kRounds; });
  }));
  EXPECT_EQ(pair.accepted().back()->reason, CloseReason::kQueueFull);
  EXPECT_LE(chunks_most, 4U);  // 64 KiB queued for one, of 1 MB sent
  pair.sim().network().Resume(slow_host);
}

TEST(SessionSendSimTest, ASessionThatIsNeverQuiteDoneDoesNotGrow) {
  // More is always queued before the last has left, so the list of pieces never becomes empty.
  Pair pair(WorldKind::kSimulated, {.network = {.socket_buffer_bytes = 300}});
  auto [client, server] = pair.Establish();
  std::size_t sent = 0;
  for (int round = 0; round < 20'000; ++round) {
    while (client->session->queued_bytes() < 1000) {
      client->session->SendText("0123456789");
      ++sent;
    }
    pair.sim().RunFor(std::chrono::microseconds(100));
  }
  EXPECT_GT(sent, 5000U);
  EXPECT_TRUE(pair.RunUntil([&] { return server->packets.size() == sent; }));
  EXPECT_LE(pair.client_group().send_buffers().chunks_in_use(), 2U);
}

TEST_P(SessionSendTest, ABroadcastSharesOneBufferAndSurvivesSessionsThatDie) {
  Pair pair(GetParam(), {.server_shards = 2});
  std::vector<RecordPtr> clients;
  for (int i = 0; i < 60; ++i) clients.push_back(pair.Connect());
  ASSERT_TRUE(pair.RunUntil([&] {
    return pair.accepted().size() == 60 &&
           std::ranges::all_of(clients, [](const auto& one) { return one->connected == 1; });
  }));
  // Per shard one list, as a room keeps it; it still names the dead.
  std::vector<SessionId> lists[2];
  ASSERT_TRUE(pair.RunUntil([&] {
    return std::ranges::all_of(pair.accepted(), [](const auto& one) { return one->connected; });
  }));
  for (const RecordPtr& record : pair.accepted()) {
    const SessionRef ref = record->session->ref();
    lists[ref.shard()->index()].push_back(ref.id());
  }
  const SessionList shared[2] = {std::make_shared<const std::vector<SessionId>>(lists[0]),
                                 std::make_shared<const std::vector<SessionId>>(lists[1])};
  SendBufferPool pool(pair.server_group().send_buffers());
  constexpr std::size_t kRounds = 100;
  for (std::size_t round = 0; round < kRounds; ++round) {
    const std::string packet = Packet("round " + std::to_string(round));
    const SendBuffer buffer = pool.Copy(std::as_bytes(std::span(packet)));
    for (std::size_t i = 0; i < 2; ++i) {
      pair.server_group().shard(i).PostBroadcast(shared[i], buffer);
    }
    // One dies by its own hand, one by the server's, in the middle of what is on its way.
    if (round < 20) {
      if (ProbeSession* one = clients[round]->session) one->Disconnect(CloseKind::kReset);
      if (ProbeSession* one = pair.accepted()[59 - round]->session) {
        one->Disconnect(CloseKind::kReset);
      }
    }
    int turns = 2;
    pair.RunUntil([&] { return turns-- == 0; });
  }
  pool.Drop();
  EXPECT_TRUE(pair.RunUntil([&] {
    return std::ranges::all_of(
        clients, [](const auto& one) { return one->ended == 1 || one->packets.size() == kRounds; });
  }));
  for (const RecordPtr& client : clients) {
    for (std::size_t i = 0; i < client->packets.size(); ++i) {
      EXPECT_EQ(client->packets[i], "round " + std::to_string(i));
    }
  }
  EXPECT_GT(pair.server_group().shard(0).counters().stale_sends, 0U);
}  // ~Pair asserts that every chunk came back

TEST_P(SessionSendTest, ARefSendsFromOutsideAndIsCountedWhenTheSessionIsGone) {
  Pair pair(GetParam());
  auto [client, server] = pair.Establish();
  const SessionRef ref = client->session->ref();
  Shard& shard = pair.client_shard();
  ref.Send(BufferOf(shard, Packet("one")));
  ref.Send(BufferOf(shard, Packet("two")));
  EXPECT_TRUE(pair.RunUntil([&] { return server->packets.size() == 2; }));
  EXPECT_EQ(server->packets, (std::vector<std::string>{"one", "two"}));
  client->session->Disconnect(CloseKind::kOrderly);
  EXPECT_TRUE(pair.RunUntil([&] { return client->ended == 1; }));
  ref.Send(BufferOf(shard, Packet("late")));
  auto [next, next_server] = pair.Establish();  // takes the slot, with another generation
  EXPECT_EQ(next->session->ref().id().slot, ref.id().slot);
  ref.Send(BufferOf(shard, Packet("late")));
  EXPECT_TRUE(pair.RunUntil([&] { return shard.counters().stale_sends == 2; }));
  EXPECT_TRUE(next->session->IsOpen());
  EXPECT_TRUE(next_server->packets.empty());
}

}  // namespace
}  // namespace servercore::testing
