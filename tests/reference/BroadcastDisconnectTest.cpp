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
  clients.back().Expect<Protocol::S_CHAT>();  // of a walk without it
  server_->Stop();
  const ServerTotals totals = server_->Totals();
  EXPECT_EQ(totals.defect_exercised, 0U);
  const std::string report = FormatReport(totals);
  EXPECT_NE(report.find("defect broadcast-disconnect: not exercised\n"), std::string::npos)
      << report;
  EXPECT_NE(report.find(" sessions_open=0 players_open=0 rooms_open=0 chunks_in_use=0\n"),
            std::string::npos)
      << report;
}

TEST(DefectReportTest, TellsWhetherItWasExercisedAndASoundServerSaysNothing) {
  ServerTotals totals;
  EXPECT_EQ(FormatReport(totals).find("defect"), std::string::npos);
  totals.defect = Defect::kSessionLeak;
  totals.defect_exercised = 1'234;
  EXPECT_NE(FormatReport(totals).find("defect session-leak: exercised 1,234 times, and survived\n"),
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
  std::set<std::string_view> names;
  for (const DefectKind& kind : AllDefects()) {
    EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
    EXPECT_FALSE(kind.mistake.empty());
    EXPECT_EQ(&KindOf(kind.defect), &kind);
  }
}

}  // namespace
}  // namespace reference
