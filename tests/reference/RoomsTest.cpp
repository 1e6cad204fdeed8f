/// Rooms fill up, and places come back.
#include <string>
#include <vector>

#include "tests/reference/ReferenceServerTest.h"

namespace reference {
namespace {

using servercore::CloseKind;

using RoomsTest = ReferenceServerTest;

TEST_F(RoomsTest, FillUpBeforeTheNextOpens) {
  StartServer({.room_size = 2});
  std::vector<TestClient> players = clients_->Connect(5);
  std::vector<std::uint64_t> rooms;
  for (TestClient& player : players) rooms.push_back(player.Join().roomid());
  EXPECT_EQ(rooms, (std::vector<std::uint64_t>{1, 1, 2, 2, 3}));
  EXPECT_EQ(server_->Totals().rooms, 3U);
}

TEST_F(RoomsTest, HearOnlyTheirOwnPlayers) {
  StartServer({.room_size = 1});
  std::vector<TestClient> players = clients_->Connect(2);
  for (TestClient& player : players) player.Join();
  players[0].Chat("in room 1");
  EXPECT_EQ(players[0].Expect<Protocol::S_CHAT>().msg(), "in room 1");
  players[1].Chat("in room 2");
  EXPECT_EQ(players[1].Expect<Protocol::S_CHAT>().msg(), "in room 2");  // the first it hears
}

TEST_F(RoomsTest, PlacesComeBackHoweverAPlayerLeaves) {
  StartServer({.room_size = 2});
  for (const CloseKind kind : {CloseKind::kOrderly, CloseKind::kReset}) {
    std::vector<TestClient> players = clients_->Connect(2);
    for (TestClient& player : players) EXPECT_EQ(player.Join().roomid(), 1U);
    for (TestClient& player : players) player.Disconnect(kind);
    WaitUntil(
        [](const ServerTotals& totals) { return totals.rooms == 0 && totals.open.sessions == 0; });
  }
}

TEST_F(RoomsTest, DoNotSendToThoseWhoLeft) {
  StartServer();
  TestClient stays = Connect();
  stays.Join();
  TestClient leaves = Connect();
  leaves.Join();
  leaves.Disconnect(CloseKind::kOrderly);
  leaves.WaitUntilEnded();
  WaitUntil([](const ServerTotals& totals) { return totals.open.sessions == 1; });
  stays.Chat("alone");
  EXPECT_EQ(stays.Expect<Protocol::S_CHAT>().msg(), "alone");
  const ServerTotals totals = server_->Totals();
  EXPECT_EQ(totals.core.shards.stale_sends, 0U);
  EXPECT_EQ(totals.packets_sent(), 5U);  // two logins, two entries, one chat
}

}  // namespace
}  // namespace reference
