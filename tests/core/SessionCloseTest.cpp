#include <gtest/gtest.h>

#include "tests/core/CoreHarness.h"

namespace servercore::testing {
namespace {

using namespace std::chrono_literals;

class SessionCloseTest : public ::testing::TestWithParam<WorldKind> {};
INSTANTIATE_TEST_SUITE_P(Worlds, SessionCloseTest,
                         ::testing::Values(WorldKind::kSimulated, WorldKind::kReal),
                         [](const auto& world) { return NameOf(world.param); });

void SendMany(ProbeSession& session, int count) {
  for (int i = 0; i < count; ++i) session.SendText(std::to_string(i));
}

TEST_P(SessionCloseTest, AnOrderlyCloseDeliversAllThatWasSentByBothSides) {
  for (const bool server_closes : {false, true}) {
    Pair pair(GetParam());
    auto [client, server] = pair.Establish();
    SendMany(*client->session, 1000);
    SendMany(*server->session, 1000);
    (server_closes ? server : client)->session->Disconnect(CloseKind::kOrderly);
    ASSERT_TRUE(pair.RunUntil([&] { return client->ended == 1 && server->ended == 1; }));
    EXPECT_EQ(client->packets.size(), 1000U);
    EXPECT_EQ(server->packets.size(), 1000U);
    EXPECT_EQ((server_closes ? server : client)->reason, CloseReason::kLocal);
    EXPECT_EQ((server_closes ? client : server)->reason, CloseReason::kPeerClosed);
    EXPECT_FALSE(client->error);
  }
}

TEST_P(SessionCloseTest, BothSidesMayCloseAtOnce) {
  Pair pair(GetParam());
  auto [client, server] = pair.Establish();
  SendMany(*client->session, 10);
  SendMany(*server->session, 10);
  client->session->Disconnect(CloseKind::kOrderly);
  server->session->Disconnect(CloseKind::kOrderly);
  ASSERT_TRUE(pair.RunUntil([&] { return client->ended == 1 && server->ended == 1; }));
  EXPECT_EQ(client->packets.size(), 10U);
  EXPECT_EQ(server->packets.size(), 10U);
  EXPECT_EQ(client->reason, CloseReason::kLocal);
  EXPECT_EQ(server->reason, CloseReason::kLocal);
}

TEST_P(SessionCloseTest, AResetIsTakenForAResetByThePeer) {
  Pair pair(GetParam());
  auto [client, server] = pair.Establish();
  client->session->Disconnect(CloseKind::kReset);
  client->session->Disconnect(CloseKind::kOrderly);  // too late to matter
  ASSERT_TRUE(pair.RunUntil([&] { return client->ended == 1 && server->ended == 1; }));
  EXPECT_EQ(client->reason, CloseReason::kLocalReset);
  EXPECT_EQ(server->reason, CloseReason::kPeerReset);
  EXPECT_EQ(server->error, std::errc::connection_reset);
}

TEST_P(SessionCloseTest, ASessionMayCloseInsideEachOfItsCallbacks) {
  for (const CloseKind kind : {CloseKind::kOrderly, CloseKind::kReset}) {
    const auto close = [kind](ProbeSession& session) {
      session.Disconnect(kind);
      EXPECT_EQ(session.record().ended, 0);
      EXPECT_EQ(session.SendText("too late"), SendResult::kClosed);
    };
    const std::vector<Hooks> hooks{
        {.connected = close},
        {.packet = [close](ProbeSession& session, const PacketView&) { close(session); }},
        {.sent = close}};
    for (const Hooks& hook : hooks) {
      Pair pair(GetParam(), {.on_server = {.connected = [](ProbeSession& session) {
                               session.SendText("hello");
                               session.SendText("hello again");
                             }}});
      const RecordPtr client = pair.Connect(hook);
      ASSERT_TRUE(pair.RunUntil([&] {
        if (hook.sent && client->connected == 1 && client->session != nullptr) {
          client->session->SendText("x");
        }
        return client->ended == 1;
      }));
      EXPECT_EQ(client->reason,
                kind == CloseKind::kReset ? CloseReason::kLocalReset : CloseReason::kLocal);
      ASSERT_TRUE(pair.RunUntil([&] {
        return std::ranges::all_of(pair.accepted(), [](const auto& one) { return one->ended; });
      }));
    }
  }
}

TEST(SessionCloseSimTest, APeerThatDoesNotEndIsResetAfterTheDrainTimeout) {
  PairOptions options;
  options.client.session.drain_timeout = 2s;
  Pair pair(WorldKind::kSimulated, options);
  auto [client, server] = pair.Establish();
  pair.sim().network().Pause(pair.address());
  const auto begin = pair.sim().Now();
  client->session->Disconnect(CloseKind::kOrderly);
  ASSERT_TRUE(pair.RunUntil([&] { return client->ended == 1; }));
  EXPECT_EQ(client->reason, CloseReason::kDrainTimeout);
  EXPECT_GE(pair.sim().Now() - begin, 2s - 1ms);
  EXPECT_LE(pair.sim().Now() - begin, 2s + 1ms);
  pair.sim().network().Resume(pair.address());
}

TEST(SessionCloseSimTest, APeerThatEndsButDoesNotReadTheRestIsResetToo) {
  PairOptions options{.network = {.socket_buffer_bytes = 1000}};
  Pair pair(WorldKind::kSimulated, options);
  auto [client, server] = pair.Establish();
  // The server owes more than fits on the way, and the client's end is the last that arrives.
  SendMany(*server->session, 1000);
  client->session->Disconnect(CloseKind::kOrderly);
  pair.sim().RunFor(60us);
  ASSERT_TRUE(pair.RunUntil([&] { return server->session->state() == Session::State::kDraining; }));
  pair.sim().network().CutOff(pair.address());
  ASSERT_TRUE(pair.RunUntil([&] { return client->ended == 1 && server->ended == 1; }));
  EXPECT_EQ(server->reason, CloseReason::kDrainTimeout);
}

TEST(SessionCloseSimTest, AnIdlePeerIsDroppedAndABusyOneIsNot) {
  PairOptions options;
  options.server.session.idle_timeout = 3s;
  Pair pair(WorldKind::kSimulated, options);
  auto [idle, idle_server] = pair.Establish();
  auto [busy, busy_server] = pair.Establish();
  for (int second = 0; second < 10; ++second) {
    busy->session->SendText("still here");
    pair.sim().RunFor(1s);
  }
  EXPECT_EQ(idle_server->reason, CloseReason::kIdle);
  EXPECT_EQ(idle->reason, CloseReason::kPeerReset);
  EXPECT_EQ(busy_server->ended, 0);
}

/// Everything that happens on a connection, in order: an instant for a reset between any two steps.
TEST(SessionCloseSimTest, AResetAtAnyStepOfAConnectionsLifeEndsBothSidesOnce) {
  for (int step = 0; step < 200; ++step) {
    PairOptions options{.network = {.seed = static_cast<std::uint64_t>(step) + 1,
                                    .read_bytes_max = 7,
                                    .send_bytes_max = 9,
                                    .socket_buffer_bytes = 64}};
    options.on_server.packet = [](ProbeSession& session, const PacketView& packet) {
      session.SendText(TextOf(packet.payload));
      if (session.record().packets.size() == 5) session.Disconnect(CloseKind::kOrderly);
    };
    Pair pair(WorldKind::kSimulated, options);
    const RecordPtr client = pair.Connect({.connected = [](ProbeSession& s) { SendMany(s, 10); }});
    int turns = 0;
    pair.sim().RunUntil([&] { return turns++ == step; }, 1min);
    pair.sim().network().ResetAll();
    ASSERT_TRUE(pair.RunUntil([&] { return client->ended == 1; })) << "reset at turn " << step;
    ASSERT_TRUE(pair.RunUntil([&] {
      return std::ranges::all_of(pair.accepted(), [](const auto& one) { return one->ended; });
    })) << "reset at turn "
        << step;
    EXPECT_EQ(client->ended, 1);
    for (const RecordPtr& server : pair.accepted()) EXPECT_EQ(server->ended, 1);
  }
}

TEST(SessionCloseSimTest, ATickOfTheIdleClockDoesNotKeepADeadShardBusy) {
  PairOptions options;
  options.server.session.idle_timeout = 1s;
  Pair pair(WorldKind::kSimulated, options);
  auto [client, server] = pair.Establish();
  pair.sim().RunFor(5s);
  EXPECT_EQ(server->ended, 1);
  EXPECT_EQ(pair.server_group().shard(0).timers().size(), 0U);
}

}  // namespace
}  // namespace servercore::testing
