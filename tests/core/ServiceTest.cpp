#include <gtest/gtest.h>

#include <algorithm>

#include "tests/core/CoreHarness.h"

namespace servercore::testing {
namespace {

class ServiceTest : public ::testing::TestWithParam<WorldKind> {};
INSTANTIATE_TEST_SUITE_P(Worlds, ServiceTest,
                         ::testing::Values(WorldKind::kSimulated, WorldKind::kReal),
                         [](const auto& world) { return NameOf(world.param); });

bool AllConnected(const std::vector<RecordPtr>& records) {
  return std::ranges::all_of(records, [](const auto& one) { return one->connected == 1; });
}
bool AllEnded(const std::vector<RecordPtr>& records) {
  return std::ranges::all_of(records, [](const auto& one) { return one->ended == 1; });
}

TEST_P(ServiceTest, ConnectsBeyondTheLimitWaitTheirTurn) {
  PairOptions options;
  options.client.connects_in_flight_max = 3;
  Pair pair(GetParam(), options);
  std::vector<int> order;
  std::vector<RecordPtr> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(pair.Connect({.connected = [&order, i](auto&) { order.push_back(i); }}));
  }
  EXPECT_EQ(pair.client().connects_in_flight(), 3U);
  EXPECT_EQ(pair.client().connects_waiting(), 17U);
  EXPECT_TRUE(pair.RunUntil([&] {
    EXPECT_LE(pair.client().connects_in_flight(), 3U);
    return AllConnected(clients);
  }));
  EXPECT_EQ(order.size(), 20U);
  EXPECT_EQ(pair.client().connects_in_flight(), 0U);
  EXPECT_EQ(pair.client().session_count(), 20U);
}

TEST_P(ServiceTest, ASessionMayGiveUpBeforeItIsConnected) {
  PairOptions options;
  options.client.connects_in_flight_max = 1;
  int waited = 0;
  options.client.on_waited = [&waited](Clock::duration) { ++waited; };
  Pair pair(GetParam(), options);
  const RecordPtr in_flight = pair.Connect();
  const RecordPtr waiting = pair.Connect();
  const RecordPtr patient = pair.Connect();
  in_flight->session->Disconnect(CloseKind::kOrderly);
  waiting->session->Disconnect(CloseKind::kReset);
  EXPECT_EQ(in_flight->ended + waiting->ended, 0);
  EXPECT_TRUE(pair.RunUntil([&] { return patient->connected == 1; }));
  EXPECT_TRUE(pair.RunUntil([&] { return in_flight->ended == 1 && waiting->ended == 1; }));
  EXPECT_EQ(in_flight->reason, CloseReason::kLocalReset);
  EXPECT_EQ(waiting->connected, 0);
  EXPECT_EQ(waited, 2) << "our limit kept the one that gave up waiting, too";
}

TEST(ServiceSimulatedTest, ASessionThatAMessageEndedIsGoneThoughItsShardSleeps) {
  PairOptions options;
  options.client.connects_in_flight_max = 1;
  Pair pair(WorldKind::kSimulated, options);
  pair.sim().network().CutOff(pair.address());
  const RecordPtr in_flight = pair.Connect();
  const RecordPtr waiting = pair.Connect();
  pair.sim().RunFor(std::chrono::seconds(1));
  waiting->session->Disconnect(CloseKind::kReset);
  pair.sim().RunFor(std::chrono::seconds(1));
  EXPECT_EQ(waiting->ended, 1);
  EXPECT_EQ(waiting->session, nullptr);
  in_flight->session->Disconnect(CloseKind::kReset);
}

TEST_P(ServiceTest, ARefusedConnectIsToldWithItsError) {
  Pair pair(GetParam());
  pair.StopListening();
  EXPECT_TRUE(pair.RunUntil([&] { return pair.server_group().IsIdle(); }));
  const RecordPtr client = pair.Connect();
  EXPECT_TRUE(pair.RunUntil([&] { return client->ended == 1; }));
  EXPECT_EQ(client->connected, 0);
  EXPECT_EQ(client->reason, CloseReason::kConnectFailed);
  EXPECT_EQ(client->error, std::errc::connection_refused);
}

TEST(ServiceRealTest, ManyWaitingConnectsMayFailAtOnceWithoutRecursion) {
  PairOptions options;
  options.client.connects_in_flight_max = 1;
  Pair pair(WorldKind::kReal, options);
  std::vector<RecordPtr> clients{pair.Connect()};
  const NetAddress impossible = NetAddress::Ipv4({255, 255, 255, 255}, 1);
  for (int i = 0; i < 20'000; ++i) clients.push_back(pair.ConnectTo(impossible));
  EXPECT_TRUE(pair.RunUntil([&] {
    return std::all_of(clients.begin() + 1, clients.end(),
                       [](const auto& one) { return one->ended == 1; });
  }));
  EXPECT_EQ(clients.back()->reason, CloseReason::kConnectFailed);
  EXPECT_TRUE(clients.back()->error);
  EXPECT_EQ(pair.client().connects_in_flight(), 0U);
}

TEST_P(ServiceTest, BeyondSessionsMaxConnectionsAreResetAndCounted) {
  PairOptions options;
  options.server.sessions_max = 3;
  options.server_shards = 2;
  Pair pair(GetParam(), options);
  std::vector<RecordPtr> clients;
  for (int i = 0; i < 5; ++i) clients.push_back(pair.Connect());
  EXPECT_TRUE(pair.RunUntil([&] { return pair.server().refused_full() == 2; }));
  EXPECT_TRUE(pair.RunUntil([&] {
    return std::ranges::count_if(clients, [](const auto& one) { return one->ended == 1; }) == 2;
  }));
  EXPECT_EQ(pair.server().accepted(), 3U);
  EXPECT_EQ(pair.server().session_count(), 3U);
  // One leaves: there is room again.
  pair.accepted().front()->session->Disconnect(CloseKind::kReset);
  EXPECT_TRUE(pair.RunUntil([&] { return pair.server().session_count() == 2; }));
  pair.Establish();
  EXPECT_EQ(pair.server().session_count(), 3U);
}

TEST_P(ServiceTest, AcceptedSessionsAreSpreadOverTheShards) {
  Pair pair(GetParam(), {.server_shards = 3});
  for (int i = 0; i < 9; ++i) pair.Establish();
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(pair.server_group().shard(i).session_count(), 3U);
}

TEST(ServiceSimTest, AcceptingPausesWhenDescriptorsRunOutAndGoesOn) {
  Pair pair(WorldKind::kSimulated, {.network = {.accept_failure_probability = 0.5}});
  std::vector<RecordPtr> clients;
  for (int i = 0; i < 50; ++i) clients.push_back(pair.Connect());
  EXPECT_TRUE(pair.RunUntil([&] { return pair.server().session_count() == 50; }));
  EXPECT_GT(pair.server().accept_pauses(), 0U);
}

TEST(ServiceSimTest, AConnectionThatCannotJoinItsShardIsResetAndNotCountedAsAccepted) {
  PairOptions options{.network = {.attach_failure_probability = 0.5}, .server_shards = 2};
  options.server.sessions_max = 50;
  Pair pair(WorldKind::kSimulated, options);
  std::vector<RecordPtr> clients;
  for (int i = 0; i < 50; ++i) clients.push_back(pair.Connect());
  EXPECT_TRUE(pair.RunUntil([&] {
    return pair.server().accepted() + pair.server().failed_to_attach() == clients.size();
  }));
  EXPECT_GT(pair.server().failed_to_attach(), 10U);
  EXPECT_EQ(pair.server().session_count(), pair.server().accepted());
  EXPECT_TRUE(pair.RunUntil([&] {
    const auto ended = std::ranges::count_if(clients, [](const auto& one) { return one->ended; });
    return static_cast<std::size_t>(ended) == pair.server().failed_to_attach();
  }));
  while (pair.server().accepted() < 50) {
    pair.Connect();
    pair.sim().RunFor(std::chrono::seconds(1));
  }
  EXPECT_EQ(pair.server().refused_full(), 0U) << "who failed does not count as a session";
}

TEST_P(ServiceTest, StopWithAcceptsInFlightLeavesNothing) {
  for (int turns = 0; turns < 40; ++turns) {
    Pair pair(GetParam(), {.server_shards = 2});
    std::vector<RecordPtr> clients;
    for (int i = 0; i < 30; ++i) clients.push_back(pair.Connect());
    int left = turns;
    pair.RunUntil([&] { return left-- <= 0; });
    pair.StopListening();
    EXPECT_FALSE(pair.server().listening());
    for (const RecordPtr& client : clients) {
      if (client->session != nullptr) client->session->Disconnect(CloseKind::kOrderly);
    }
    EXPECT_TRUE(pair.RunUntil([&] { return AllEnded(clients); }));
  }
}

TEST_P(ServiceTest, ANewSessionMayStopTheListenerThatAcceptedIt) {
  Pair* running = nullptr;
  Pair pair(GetParam(), {.on_server = {.connected = [&](auto&) { running->StopListening(); }}});
  running = &pair;
  std::vector<RecordPtr> clients;
  for (int i = 0; i < 10; ++i) clients.push_back(pair.Connect());
  EXPECT_TRUE(pair.RunUntil([&] { return !pair.server().listening(); }));
  EXPECT_TRUE(pair.RunUntil([&] {
    return std::ranges::count_if(clients, [](const auto& one) { return one->ended == 1; }) == 9;
  }));
  EXPECT_EQ(pair.server().accepted(), 1U);
}

TEST_P(ServiceTest, AnAddressInUseIsAnError) {
  Pair pair(GetParam());
  ServerService second(pair.server_group(), {}, {});
  const Result<NetAddress> address = second.Start(pair.address());
  ASSERT_FALSE(address);
  EXPECT_EQ(address.error(), std::errc::address_in_use);
  EXPECT_FALSE(second.listening());
}

}  // namespace
}  // namespace servercore::testing
