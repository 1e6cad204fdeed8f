/// Moving and leaving.
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "tests/reference/ReferenceServerTest.h"

namespace reference {
namespace {

using servercore::CloseKind;

class FieldTest : public ReferenceServerTest {
 protected:
  void SetUp() override { StartServer(); }

  /// Puts somebody there; nobody else is told, since nobody else is there yet.
  std::uint64_t JoinAt(TestClient& client, double x, double y) {
    const std::uint64_t id = client.Join().player().id();
    client.Move(id, x, y);
    EXPECT_EQ(client.Expect<Protocol::S_MOVE>().info().x(), x);
    return id;
  }
  /// Shows that nothing came before it.
  static void ExpectNextChat(TestClient& client, const std::string& text) {
    EXPECT_EQ(client.Expect<Protocol::S_CHAT>().msg(), text);
  }
};

TEST_F(FieldTest, AMoveIsSeenByThoseNearAndTheMoverOnly) {
  TestClient far = Connect();
  JoinAt(far, 500, 500);
  TestClient near = Connect();  // on the other shard
  JoinAt(near, 60, -40);
  TestClient mover = Connect();
  const std::uint64_t id = mover.Join().player().id();
  mover.Move(id, 3.5, -4.25);
  for (TestClient* client : {&mover, &near}) {
    const auto moved = client->Expect<Protocol::S_MOVE>();
    EXPECT_EQ(moved.info().objectid(), id);
    EXPECT_EQ(moved.info().x(), 3.5);
    EXPECT_EQ(moved.info().y(), -4.25);
  }
  mover.Chat("who saw me?");
  for (TestClient* client : {&mover, &near, &far}) ExpectNextChat(*client, "who saw me?");
}

TEST_F(FieldTest, WhoLosesSightOfAPlayerLearnsWhereItWent) {
  TestClient there = Connect();
  JoinAt(there, 500, 0);
  TestClient left_behind = Connect();
  JoinAt(left_behind, 0, 0);
  TestClient mover = Connect();
  const std::uint64_t id = mover.Join().player().id();
  mover.Move(id, 510, 0);  // one step across the map
  for (TestClient* client : {&mover, &left_behind, &there}) {
    EXPECT_EQ(client->Expect<Protocol::S_MOVE>().info().x(), 510);
  }
  mover.Move(id, 520, 0);
  for (TestClient* client : {&mover, &there}) {
    EXPECT_EQ(client->Expect<Protocol::S_MOVE>().info().x(), 520);
  }
  mover.Chat("gone");
  ExpectNextChat(left_behind, "gone");
}

TEST_F(FieldTest, ImpossibleMovesAreRefusedAndChangeNothing) {
  TestClient client = Connect();
  client.Move(1, 0, 0);
  EXPECT_EQ(client.Expect<Protocol::S_ERROR>().reason(), "move outside room");
  const std::uint64_t id = JoinAt(client, kMapReach, -kMapReach);
  const double infinite = std::numeric_limits<double>::infinity();
  const double beyond = std::nextafter(kMapReach, infinite);
  for (const double wrong : {std::nan(""), infinite, -infinite, beyond, -beyond, 1e300}) {
    client.Move(id, wrong, 0);
    client.Move(id, 0, wrong);
    for (int i = 0; i < 2; ++i) {
      const auto error = client.Expect<Protocol::S_ERROR>();
      EXPECT_EQ(error.packetid(), Protocol::PKT_C_MOVE);
      EXPECT_EQ(error.reason(), "off map");
    }
  }
  client.Move(id + 1, 0, 0);
  EXPECT_EQ(client.Expect<Protocol::S_ERROR>().reason(), "not your object");
  EXPECT_EQ(Refused(Refusal::kOffMap), 12U);
  EXPECT_EQ(Refused(Refusal::kMoveOutsideRoom), 1U);
  EXPECT_EQ(Refused(Refusal::kNotYourObject), 1U);
  client.Leave();
  client.Expect<Protocol::S_LEAVE>();
  client.EnterGame();
  EXPECT_EQ(client.Expect<Protocol::S_ENTER_GAME>().info().x(), kMapReach);
}

TEST_F(FieldTest, WhoLeavesStaysConnectedAndMayEnterAgain) {
  TestClient stays = Connect();
  stays.Join();
  TestClient client = Connect();
  client.Join("ann");
  client.Leave();
  const auto left = client.Expect<Protocol::S_LEAVE>();
  EXPECT_TRUE(left.success());
  EXPECT_TRUE(left.saved());  // it has not moved, so nothing is to be kept
  EXPECT_EQ(left.reason(), "");
  EXPECT_EQ(server_->Totals().players, 1U);
  stays.Chat("she does not hear it");
  ExpectNextChat(stays, "she does not hear it");
  client.Leave();
  EXPECT_EQ(client.Expect<Protocol::S_LEAVE>().reason(), "leave outside room");
  client.EnterGame(1);
  EXPECT_TRUE(client.Expect<Protocol::S_ENTER_GAME>().success());
  stays.Chat("hello again");
  ExpectNextChat(client, "hello again");
}

TEST_F(FieldTest, GuestsLeaveWithNothingKept) {
  TestClient guest = Connect();
  JoinAt(guest, 7, 7);
  guest.Leave();
  const auto left = guest.Expect<Protocol::S_LEAVE>();
  EXPECT_TRUE(left.success());
  EXPECT_FALSE(left.saved());
  EXPECT_EQ(left.reason(), "guests are not kept");
}

TEST_F(FieldTest, EnteringWhileLeavingIsRefused) {
  TestClient client = Connect();
  client.Join();
  // C_LEAVE and C_ENTER_GAME in one read: the room has not let go of the player yet.
  client.SendBytes(std::string("\x04\x00\xD2\x07\x04\x00\xEA\x03", 8));
  EXPECT_EQ(client.Expect<Protocol::S_ENTER_GAME>().reason(), "enter twice");
  EXPECT_TRUE(client.Expect<Protocol::S_LEAVE>().success());
}

TEST_F(FieldTest, APositionIsFoundAgainHoweverThePlayerWent) {
  double x = 1;
  for (const CloseKind kind : {CloseKind::kOrderly, CloseKind::kReset}) {
    for (const bool leaves : {true, false}) {
      TestClient client = Connect();
      const auto id = client.Join("ann").player().id();
      x += 1;
      client.Move(id, x, -x);
      client.Expect<Protocol::S_MOVE>();
      if (leaves) {
        client.Leave();
        EXPECT_TRUE(client.Expect<Protocol::S_LEAVE>().saved());
      }
      client.Disconnect(kind);
      WaitUntil([](const ServerTotals& totals) { return totals.open.sessions == 0; });
      TestClient again = Connect();
      const auto info = again.Join("ann").info();
      EXPECT_EQ(info.x(), x) << leaves;
      EXPECT_EQ(info.y(), -x) << leaves;
      again.Disconnect(CloseKind::kReset);
      WaitUntil([](const ServerTotals& totals) { return totals.open.sessions == 0; });
    }
  }
}

TEST(CellGridTest, TheMapEndsWhereItsReachSays) {
  EXPECT_TRUE(IsOnMap({0, 0}));
  EXPECT_TRUE(IsOnMap({kMapReach, -kMapReach}));
  EXPECT_FALSE(IsOnMap({std::nan(""), 0}));
  EXPECT_FALSE(IsOnMap({0, std::numeric_limits<double>::infinity()}));
  EXPECT_FALSE(IsOnMap({0, std::nextafter(-kMapReach, -2 * kMapReach)}));
}

}  // namespace
}  // namespace reference
