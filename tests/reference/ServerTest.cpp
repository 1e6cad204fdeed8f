/// The server as a process: limits, counting, ends.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "ReferenceServer/ServerReport.h"
#include "tests/reference/ReferenceServerTest.h"

namespace reference {
namespace {

using servercore::CloseKind;
using servercore::CloseReason;

using ServerTest = ReferenceServerTest;

std::uint64_t Of(const PacketCounts& counts, Protocol::PacketId id) {
  return counts[Protocol::PacketIndex(id)];
}

TEST_F(ServerTest, RefusesSessionsBeyondItsLimitUntilOneLeaves) {
  StartServer({.sessions_max = 2});
  std::vector<TestClient> clients = clients_->Connect(2);
  for (TestClient& client : clients) client.Join();
  TestClient third = Connect();
  // Reset at once: before the client saw that it was connected, before it awaited anything, or
  // after. Wine 8 tells a reset that nobody awaited as an orderly end; Windows does not.
  constexpr CloseReason kResetThatNobodyAwaited =
      STRESSBOT_RUNS_ON_WINE != 0 ? CloseReason::kPeerClosed : CloseReason::kPeerReset;
  EXPECT_THAT(third.WaitUntilEnded(),
              testing::AnyOf(CloseReason::kConnectFailed, CloseReason::kPeerReset,
                             kResetThatNobodyAwaited));
  EXPECT_EQ(server_->Totals().refused_full, 1U);
  clients[0].Disconnect(CloseKind::kOrderly);
  WaitUntil([](const ServerTotals& totals) { return totals.open.sessions == 1; });
  TestClient fourth = Connect();
  fourth.Join();
}

TEST_F(ServerTest, AnOccupiedPortIsAnErrorNotACrash) {
  StartServer();
  GameServer first({.listen = servercore::NetAddress::Loopback(0)}, AccountDatabase::InMemory());
  const auto address = first.Start();
  ASSERT_TRUE(address);
  GameServer second({.listen = *address}, AccountDatabase::InMemory());
  EXPECT_EQ(second.Start().error(), std::errc::address_in_use);
}

TEST_F(ServerTest, CountsPacketsByNameAndByHowTheirSessionEnded) {
  StartServer();
  TestClient orderly = Connect();
  orderly.Join();
  TestClient torn = Connect();
  torn.Join();
  orderly.Chat("to two");
  orderly.Expect<Protocol::S_CHAT>();
  torn.Expect<Protocol::S_CHAT>();
  torn.Disconnect(CloseKind::kReset);
  WaitUntil([](const ServerTotals& totals) { return totals.ended.ended_otherwise.sessions == 1; });
  orderly.Chat("to one");
  orderly.Expect<Protocol::S_CHAT>();
  orderly.Disconnect(CloseKind::kOrderly);
  EXPECT_EQ(orderly.WaitUntilEnded(), CloseReason::kLocal);
  server_->Stop();

  const ServerTotals totals = server_->Totals();
  const SessionCounts& in_order = totals.ended.ended_in_order;
  EXPECT_EQ(in_order.sessions, 1U);
  EXPECT_EQ(Of(in_order.received, Protocol::PKT_C_LOGIN), 1U);
  EXPECT_EQ(Of(in_order.received, Protocol::PKT_C_CHAT), 2U);
  EXPECT_EQ(Of(in_order.sent, Protocol::PKT_S_ENTER_GAME), 1U);
  EXPECT_EQ(in_order.sent[kBroadcast], 2U);
  const SessionCounts& otherwise = totals.ended.ended_otherwise;
  EXPECT_EQ(otherwise.sessions, 1U);
  EXPECT_EQ(Sum(otherwise.received), 2U);
  EXPECT_EQ(Sum(otherwise.sent), 3U);
  const std::string report = FormatReport(totals);
  EXPECT_NE(report.find("ended in order: sessions 1, packets received 4, sent 4\n"),
            std::string::npos)
      << report;
  EXPECT_NE(report.find("served sessions=2 in_order=1 in_order_received=4 in_order_sent=4 "),
            std::string::npos)
      << report;
  EXPECT_NE(report.find(" chunks_in_use=0\n"), std::string::npos) << report;
}

TEST(ServerReportTest, TheStatusLineTellsWhatIsThereAndWhatPassed) {
  ServerTotals before;
  before.open.received[0] = 500;
  ServerTotals now;
  now.open.sessions = 1'000;
  now.players = 990;
  now.rooms = 20;
  now.open.received[0] = 10'500;
  now.ended.ended_otherwise.sent[0] = 500'000;
  now.core.shards.bytes_received = 5 * 1024 * 1024;
  now.core.shards.bytes_sent = 29 * 1024 * 1024;
  now.core.buffers.chunks_in_use = 12;
  now.accounts.waiting = 7;
  now.resident_bytes = 45 * 1024 * 1024;
  EXPECT_EQ(FormatStatus(now, before, std::chrono::seconds(120), std::chrono::seconds(10)),
            "  120 s  sessions 1,000  players 990  rooms 20  in 1,000/s 0.5 MiB/s  "
            "out 50,000/s 2.9 MiB/s  database waits 7  chunks 12  memory 45 MiB\n");
}

TEST(ServerReportTest, OnlyLimitsAndRefusalsThatHappenedAreNamed) {
  ServerTotals totals;
  EXPECT_NE(FormatReport(totals).find("refused: nobody\n"), std::string::npos);
  totals.refused_full = 3;
  totals.ended.refusals[static_cast<std::size_t>(Refusal::kOffMap)] = 12'000;
  EXPECT_NE(FormatReport(totals).find("refused: server full 3, off map 12,000\n"),
            std::string::npos);
}

TEST_F(ServerTest, SurvivesResetsDuringBroadcasts) {
  constexpr std::size_t kKilled = 200;
  StartServer({.room_size = kKilled + 1});
  TestClient talker = Connect();
  talker.Join();
  std::vector<TestClient> killed = clients_->Connect(kKilled);
  for (TestClient& client : killed) client.Join();
  for (TestClient& client : killed) {
    talker.Chat("to everybody who is left");
    client.Disconnect(CloseKind::kReset);
  }
  for (std::size_t i = 0; i < kKilled; ++i) talker.Expect<Protocol::S_CHAT>();
  WaitUntil([](const ServerTotals& totals) { return totals.open.sessions == 1; });
  talker.Disconnect(CloseKind::kOrderly);
  EXPECT_EQ(talker.WaitUntilEnded(), CloseReason::kLocal);
  WaitUntil([](const ServerTotals& totals) {
    return totals.open.sessions == 0 &&
           totals.core.buffers.chunks_in_use <= 2;  // an open one a shard
  });
  server_->Stop();
  const ServerTotals totals = server_->Totals();
  EXPECT_EQ(totals.core.buffers.chunks_in_use, 0U);
  EXPECT_EQ(totals.ended.ended_in_order.sessions, 1U);
  EXPECT_EQ(totals.ended.ended_otherwise.sessions, kKilled);
}

TEST_F(ServerTest, ClosesOpenSessionsInOrderWhenItStops) {
  StartServer();
  std::vector<TestClient> clients = clients_->Connect(10);
  for (TestClient& client : clients) client.Join();
  server_->Stop();
  for (TestClient& client : clients) EXPECT_EQ(client.WaitUntilEnded(), CloseReason::kPeerClosed);
  const ServerTotals totals = server_->Totals();
  EXPECT_EQ(totals.ended.ended(CloseReason::kShutdown), 10U);
  EXPECT_EQ(totals.rooms, 0U);
  EXPECT_EQ(totals.core.buffers.chunks_in_use, 0U);
}

}  // namespace
}  // namespace reference
