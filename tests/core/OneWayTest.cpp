#include <gtest/gtest.h>

#include "tests/core/CoreHarness.h"

/// Sessions that use one direction only: that do not read for a while, or that ended their side.
namespace servercore::testing {
namespace {

using namespace std::chrono_literals;

class OneWayTest : public ::testing::TestWithParam<WorldKind> {};
INSTANTIATE_TEST_SUITE_P(Worlds, OneWayTest,
                         ::testing::Values(WorldKind::kSimulated, WorldKind::kReal),
                         [](const auto& world) { return NameOf(world.param); });

TEST_P(OneWayTest, WhatArrivesWhileReadingPausesIsThereAfterwards) {
  Pair pair(GetParam());
  auto [client, server] = pair.Establish();
  client->session->PauseReading();
  for (int i = 0; i < 100; ++i) server->session->SendText(std::to_string(i));
  client->session->SendText("sending goes on");
  ASSERT_TRUE(pair.RunUntil([&] { return server->packets.size() == 1; }));
  EXPECT_TRUE(client->packets.empty());
  client->session->ResumeReading();
  ASSERT_TRUE(pair.RunUntil([&] { return client->packets.size() == 100; }));
  EXPECT_EQ(client->packets.back(), "99");
}

TEST_P(OneWayTest, AHandlerMayPauseAndResume) {
  Pair pair(GetParam());
  auto [client, server] = pair.Establish({.packet = [](ProbeSession& session, const PacketView&) {
    session.PauseReading();
    if (session.record().packets.size() % 2 == 0) session.ResumeReading();
  }});
  server->session->SendText("one");
  ASSERT_TRUE(pair.RunUntil([&] { return client->packets.size() == 1; }));
  server->session->SendText("two");
  server->session->Disconnect(CloseKind::kOrderly);
  client->session->SendText("on the way");
  ASSERT_TRUE(pair.RunUntil([&] { return server->packets.size() == 1; }));
  EXPECT_EQ(client->packets.size(), 1U);
  EXPECT_EQ(client->ended, 0);  // the end is not seen either
  client->session->ResumeReading();
  ASSERT_TRUE(pair.RunUntil([&] { return client->ended == 1 && server->ended == 1; }));
  EXPECT_EQ(client->packets.size(), 2U);
  EXPECT_EQ(client->reason, CloseReason::kPeerClosed);
}

TEST_P(OneWayTest, APausedSessionClosesLikeAnyOther) {
  for (const CloseKind kind : {CloseKind::kOrderly, CloseKind::kReset}) {
    Pair pair(GetParam());
    auto [client, server] = pair.Establish();
    client->session->PauseReading();
    server->session->SendText("unread");
    client->session->SendText("x");
    ASSERT_TRUE(pair.RunUntil([&] { return server->packets.size() == 1; }));
    client->session->Disconnect(kind);
    ASSERT_TRUE(pair.RunUntil([&] { return client->ended == 1 && server->ended == 1; }));
    const bool orderly = kind == CloseKind::kOrderly;
    EXPECT_EQ(client->reason, orderly ? CloseReason::kLocal : CloseReason::kLocalReset);
    EXPECT_EQ(client->packets.size(), orderly ? 1U : 0U);
  }
}

TEST_P(OneWayTest, AnEndedSideSendsWhatWasQueuedAndStillReads) {
  Pair pair(GetParam());
  auto [client, server] = pair.Establish();
  for (int i = 0; i < 1000; ++i) client->session->SendText(std::to_string(i));
  client->session->EndSending();
  EXPECT_EQ(client->session->SendText("too late"), SendResult::kClosed);
  for (int i = 0; i < 1000; ++i) server->session->SendText(std::to_string(i));
  ASSERT_TRUE(pair.RunUntil([&] { return client->ended == 1 && server->ended == 1; }));
  EXPECT_EQ(server->packets.size(), 1000U);
  EXPECT_EQ(client->packets.size(), 1000U);
  EXPECT_EQ(server->reason, CloseReason::kPeerClosed);
  EXPECT_EQ(client->reason, CloseReason::kPeerClosed);
}

TEST_P(OneWayTest, AnEndedSideMayCloseBeforeThePeerDoes) {
  for (const CloseKind kind : {CloseKind::kOrderly, CloseKind::kReset}) {
    Pair pair(GetParam());
    auto [client, server] = pair.Establish();
    client->session->EndSending();
    client->session->Disconnect(kind);
    ASSERT_TRUE(pair.RunUntil([&] { return client->ended == 1 && server->ended == 1; }));
    EXPECT_EQ(client->reason,
              kind == CloseKind::kOrderly ? CloseReason::kLocal : CloseReason::kLocalReset);
  }
}

TEST(OneWaySimTest, APeerThatKeepsItsSideOpenIsWaitedForUntilSomebodyCloses) {
  Pair pair(WorldKind::kSimulated);
  auto [client, server] = pair.Establish();
  server->session->PauseReading();  // so it never sees the end
  client->session->EndSending();
  pair.sim().RunFor(1min);
  EXPECT_EQ(client->ended, 0);
  EXPECT_TRUE(client->session->IsOpen());
  client->session->Disconnect(CloseKind::kOrderly);
  ASSERT_TRUE(pair.RunUntil([&] { return client->ended == 1; }));
  EXPECT_EQ(client->reason, CloseReason::kDrainTimeout);
}

}  // namespace
}  // namespace servercore::testing
