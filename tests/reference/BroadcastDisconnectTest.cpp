/// The defect where it does no harm: who leaves between two walks may.
#include "ReferenceServer/defects/BroadcastDisconnect.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "ReferenceServer/ServerReport.h"
#include "tests/reference/ReferenceServerTest.h"

namespace reference {
namespace {

using defects::BroadcastDisconnect;
using servercore::CloseKind;
using servercore::CloseReason;

class BroadcastDisconnectTest : public ReferenceServerTest {
 protected:
  void StartServer() { ReferenceServerTest::StartServer({.defect = Defect::kBroadcastDisconnect}); }
  /// Waits for so many further walks.
  void WaitForWalks(std::uint64_t walks) {
    const std::uint64_t until = server_->Totals().broadcast_disconnect->walks + walks;
    WaitUntil([until](const ServerTotals& totals) {
      return totals.broadcast_disconnect->walks >= until;
    });
  }
};

TEST_F(BroadcastDisconnectTest, EveryWalkReachesEverySession) {
  StartServer();
  std::vector<TestClient> clients = clients_->Connect(3);
  for (TestClient& client : clients)
    EXPECT_EQ(client.Expect<Protocol::S_CHAT>().msg(), "to everybody");
}

TEST_F(BroadcastDisconnectTest, WhoLeavesInOrderIsOutOfTheSetAndNothingIsExercised) {
  StartServer();
  std::vector<TestClient> clients = clients_->Connect(3);
  for (TestClient& client : clients) client.Expect<Protocol::S_CHAT>();
  clients.front().Disconnect(CloseKind::kOrderly);
  EXPECT_EQ(clients.front().WaitUntilEnded(), CloseReason::kLocal);
  WaitUntil([](const ServerTotals& totals) { return totals.open.sessions == 2; });
  WaitForWalks(1);
  server_->Stop();
  const ServerTotals totals = server_->Totals();
  EXPECT_EQ(totals.broadcast_disconnect->failed_sends, 0U);
  const std::string report = FormatReport(totals);
  EXPECT_NE(report.find("sends that failed inside one 0: not exercised\n"), std::string::npos)
      << report;
  EXPECT_NE(report.find(" sessions_open=0 players_open=0 rooms_open=0 chunks_in_use=0\n"),
            std::string::npos)
      << report;
}

TEST(BroadcastDisconnectReportTest, ASoundServerSaysNothingOfIt) {
  ServerTotals totals;
  EXPECT_EQ(FormatReport(totals).find("defect"), std::string::npos);
  totals.broadcast_disconnect = {.walks = 8, .failed_sends = 1};
  EXPECT_NE(FormatReport(totals).find("failed inside one 1: exercised, and survived\n"),
            std::string::npos);
}

TEST(FillingAllocatorTest, WhatIsFreedIsFilledAndElseItIsLikeAnyOther) {
  std::array<unsigned char, 8> freed{};
  defects::FillAsFreed(freed.data(), 5);
  EXPECT_EQ(std::ranges::count(freed, 0xDD), 5);
  EXPECT_EQ(freed[5], 0);
  std::set<std::string, std::less<>, defects::FillingAllocator<std::string>> names{"b", "a", "c"};
  names.erase("b");
  EXPECT_EQ(names.size(), 2U);
  EXPECT_EQ(*names.begin(), "a");
}

TEST(DefectTest, EachHasANameAndAMistake) {
  EXPECT_EQ(NameOf(Defect::kNone), "none");
  EXPECT_EQ(NameOf(Defect::kBroadcastDisconnect), "broadcast-disconnect");
  EXPECT_NE(MistakeOf(Defect::kBroadcastDisconnect), MistakeOf(Defect::kNone));
}

}  // namespace
}  // namespace reference
