/// Accounts: who gets which ids, and that a name is played once.
#include <set>
#include <string>
#include <vector>

#include "ReferenceServer/GuestId.h"
#include "tests/reference/ReferenceServerTest.h"

namespace reference {
namespace {

using servercore::CloseKind;

class LoginTest : public ReferenceServerTest {
 protected:
  void SetUp() override { StartServer(); }

  /// The ids of what a login offers.
  static std::vector<std::uint64_t> LogIn(TestClient& client, const std::string& name) {
    client.LogIn(name);
    const auto reply = client.Expect<Protocol::S_LOGIN>();
    EXPECT_TRUE(reply.success()) << reply.reason();
    std::vector<std::uint64_t> ids;
    for (const Protocol::Player& player : reply.players()) ids.push_back(player.id());
    return ids;
  }
  void LogOut(TestClient& client) {
    client.Disconnect(CloseKind::kReset);
    WaitUntil([](const ServerTotals& totals) { return totals.open.sessions == 0; });
  }
};

TEST_F(LoginTest, TheSameNameGetsTheSameIdsAgain) {
  TestClient first = Connect();
  const auto ids = LogIn(first, "ann");
  LogOut(first);
  TestClient other = Connect();
  EXPECT_NE(LogIn(other, "ben"), ids);
  TestClient again = Connect();
  EXPECT_EQ(LogIn(again, "ann"), ids);
}

TEST_F(LoginTest, TheLatestLoginTakesANameOverWithWhatTheOneBeforeSaved) {
  TestClient first = Connect();
  const auto id = first.Join("ann").player().id();
  first.Move(id, 3, 4);
  first.Expect<Protocol::S_MOVE>();
  TestClient second = Connect();
  const Protocol::S_ENTER_GAME entered = second.Join("ann");
  EXPECT_EQ(entered.player().id(), id);
  EXPECT_EQ(entered.info().x(), 3);
  EXPECT_EQ(first.Expect<Protocol::S_ERROR>().reason(), "taken over");
  EXPECT_EQ(first.WaitUntilEnded(), servercore::CloseReason::kPeerClosed);
  EXPECT_EQ(Refused(Refusal::kTakenOver), 1U);
  WaitUntil(
      [](const ServerTotals& totals) { return totals.open.sessions == 1 && totals.players == 1; });
}

TEST_F(LoginTest, OfManyWhoWantANameAtOnceOneKeepsIt) {
  std::vector<TestClient> clients = clients_->Connect(20);
  for (TestClient& client : clients) client.LogIn("ann");
  WaitUntil([](const ServerTotals& totals) { return totals.open.sessions == 1; });
  EXPECT_EQ(Refused(Refusal::kTakenOver), clients.size() - 1);
  for (TestClient& client : clients) client.Disconnect(CloseKind::kReset);
  WaitUntil([](const ServerTotals& totals) { return totals.open.sessions == 0; });
  TestClient next = Connect();
  LogIn(next, "ann");
}

TEST_F(LoginTest, GuestsHaveIdsOfTheirOwnThatDoNotComeAgainWithTheirPlace) {
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 20; ++i) {  // one after the other: each has the place of one before
    TestClient guest = Connect();
    for (const std::uint64_t id : LogIn(guest, "")) {
      EXPECT_GE(id, kFirstGuestId);
      EXPECT_TRUE(seen.insert(id).second) << id;
    }
    LogOut(guest);
  }
  EXPECT_EQ(server_->Totals().accounts.loads, 0U);
}

TEST_F(LoginTest, AClientThatIsGoneBeforeItsAccountIsThereIsForgotten) {
  std::vector<TestClient> clients = clients_->Connect(50);
  for (TestClient& client : clients) {
    client.LogIn("hasty " + std::to_string(&client - clients.data()));
    client.Disconnect(CloseKind::kReset);
  }
  WaitUntil([&](const ServerTotals& totals) {
    // Wine reads some resets as an end in order.
    const auto ended = totals.ended.ended_otherwise.sessions + totals.ended.ended_in_order.sessions;
    return ended == clients.size() && totals.accounts.waiting == 0;
  });
  TestClient patient = Connect();
  LogIn(patient, "hasty 0");
}

TEST(GuestIdTest, PlacesShardsAndCharactersDiffer) {
  std::set<std::uint64_t> ids;
  for (const std::uint32_t generation : {1U, 2U, (1U << 21) - 1}) {
    for (const std::uint32_t slot : {0U, 1U, std::uint32_t{kSessionsMax} - 1}) {
      for (const std::uint32_t shard : {0U, 1U, std::uint32_t{kShardsMax} - 1}) {
        for (const std::size_t character : {0U, 1U}) {
          const std::uint64_t id = GuestId(shard, {slot, generation}, character);
          EXPECT_GE(id, kFirstGuestId);
          EXPECT_LT(id, 2 * kFirstGuestId);  // 2^53: the last integer that a double holds exactly
          EXPECT_TRUE(ids.insert(id).second);
        }
      }
    }
  }
}

}  // namespace
}  // namespace reference
