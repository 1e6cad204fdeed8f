/// What takes time, and orders that must hold however the shards' turns fall: on simulated time.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "ReferenceServer/ServerReport.h"
#include "tests/reference/RefusingDatabase.h"
#include "tests/reference/SimGame.h"

namespace reference {
namespace {

using namespace std::chrono_literals;
using servercore::CloseReason;

Protocol::C_LOGIN LoginAs(const std::string& name) {
  Protocol::C_LOGIN packet;
  packet.set_name(name);
  return packet;
}

/// Answers each S_PING while `*alive`.
SimClient::OnPacketDo AnswerPingsWhile(const bool* alive) {
  return [alive](SimClient& client, const SimClient::Packet& packet) {
    if (!*alive || packet.id != Protocol::PKT_S_PING) return;
    Protocol::C_PONG pong;
    pong.set_time(packet.As<Protocol::S_PING>().time());
    client.SendPacket(pong);
  };
}

TEST(HeartbeatTest, WhoAnswersStaysAndWhoStopsAnsweringIsDropped) {
  SimGame game(1, {.heartbeat_timeout = 30s});
  bool alive = true;
  const SimRecord client = game.Connect(AnswerPingsWhile(&alive));
  const SimRecord dead = game.Connect();
  game.RunFor(29s);
  EXPECT_FALSE(dead->ended);
  game.RunFor(12s);  // it is noticed at the next beat
  EXPECT_TRUE(dead->ended);
  game.RunFor(10min);
  EXPECT_FALSE(client->ended);
  EXPECT_NEAR(static_cast<double>(client->packets.size()), 64, 2);  // every 10 s
  alive = false;
  game.RunFor(41s);
  EXPECT_TRUE(client->ended);
  const ServerTotals totals = game.Totals();
  EXPECT_EQ(totals.ended.refused(Refusal::kNoHeartbeat), 2U);
  EXPECT_EQ(totals.ended.ended(CloseReason::kIdle), 2U);
}

TEST(HeartbeatTest, NobodyIsAskedUnlessItIsWanted) {
  SimGame game(2);
  const SimRecord client = game.Connect();
  game.RunFor(1h);
  EXPECT_FALSE(client->ended);
  EXPECT_TRUE(client->packets.empty());
}

TEST(HeartbeatTest, AStallOfTheServerIsNotTheClientsSilence) {
  SimGame game(3, {.heartbeat_timeout = 3s});
  const bool alive = true;
  const SimRecord client = game.Connect(AnswerPingsWhile(&alive));
  game.RunFor(10'500ms);  // between two beats: no answer is on its way that would show it alive
  game.Stall(60s);
  game.RunFor(2min);
  EXPECT_FALSE(client->ended);
}

TEST(HeartbeatTest, APongThatNothingAskedForIsRefused) {
  SimGame game(4, {.heartbeat_timeout = 3s});
  const SimRecord client = game.Connect();
  game.RunUntil([&] { return !client->packets.empty(); });
  Protocol::C_PONG pong;
  const std::uint64_t asked = client->packets[0].As<Protocol::S_PING>().time();
  for (const std::uint64_t time : {std::uint64_t{0}, asked + 1, ~std::uint64_t{0}, asked, asked}) {
    pong.set_time(time);
    game.Send(client, pong);
  }
  game.RunUntil([&] { return client->packets.size() >= 5; });
  for (std::size_t i = 1; i < 5; ++i) {  // all but the first that was right
    const auto error = client->packets[i].As<Protocol::S_ERROR>();
    EXPECT_EQ(error.packetid(), Protocol::PKT_C_PONG);
    EXPECT_EQ(error.reason(), "pong unasked");
  }
  EXPECT_EQ(game.Totals().ended.refused(Refusal::kPongUnasked), 4U);
}

TEST(HeartbeatTest, WhoGuessesTimesInsteadOfReadingThemIsDropped) {
  SimGame game(5, {.heartbeat_timeout = 3s});
  const SimRecord client = game.Connect();
  Protocol::C_PONG pong;
  for (std::uint64_t time = 1; time <= 20 && !client->ended; ++time) {
    pong.set_time(time);
    game.Send(client, pong);
    game.RunFor(1s);
  }
  EXPECT_TRUE(client->ended);
  EXPECT_EQ(game.Totals().ended.ended(CloseReason::kIdle), 1U);
}

TEST(HeartbeatTest, TheLastThreeMayBeAnsweredInAnyOrderEachOnce) {
  SimGame game(6, {.heartbeat_timeout = 30s});
  const SimRecord client = game.Connect();
  game.RunUntil([&] { return client->packets.size() == 2; });
  Protocol::C_PONG pong;
  for (const std::size_t ping : {1U, 0U, 0U}) {
    pong.set_time(client->packets[ping].As<Protocol::S_PING>().time());
    game.Send(client, pong);
  }
  game.RunFor(1s);
  EXPECT_EQ(game.Totals().ended.refused(Refusal::kPongUnasked), 1U);
}

TEST(SimGameTest, AnAccountThatComesTooLateIsDroppedAndTheNameIsFree) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SimGame game(seed);
    const SimRecord gone = game.Connect();
    game.Send(gone, LoginAs("ann"));
    game.Disconnect(gone, servercore::CloseKind::kReset);
    game.RunUntil([&] { return gone->ended && game.Totals().open.sessions == 0; });
    const SimRecord client = game.Connect();
    game.Send(client, LoginAs("ann"));
    game.RunUntil([&] { return !client->packets.empty(); });
    EXPECT_TRUE(client->packets[0].As<Protocol::S_LOGIN>().success()) << "seed " << seed;
  }
}

TEST(SimGameTest, ALoginThatTheBusyDatabaseRefusesTakesNobodysName) {
  SimGame game(1, {}, 2, AccountDatabase::InMemory(), 1);
  const SimRecord ann = game.Connect();
  game.Send(ann, LoginAs("ann"));
  game.RunUntil([&] { return !ann->packets.empty(); });
  const SimRecord waits = game.Connect();
  const SimRecord other = game.Connect();
  game.StallDatabase(20s);
  game.Send(waits, LoginAs("ben"));
  game.RunUntil([&] { return game.Totals().accounts.waiting == 1; });
  game.Send(other, LoginAs("ann"));
  game.RunUntil([&] { return !other->packets.empty(); });
  EXPECT_EQ(other->packets[0].As<Protocol::S_LOGIN>().reason(),
            "too many logins wait; try again later");
  game.RunFor(1min);
  EXPECT_FALSE(ann->ended);
  EXPECT_NE(FormatReport(game.Totals()).find(" refused_too_many_logins_wait=1 "),
            std::string::npos);
  EXPECT_TRUE(waits->packets.at(0).As<Protocol::S_LOGIN>().success());
}

TEST(SimGameTest, ATakeOverOfANameThatWasGivenUpMeanwhileIsStale) {
  RefusingDatabase file;
  SimGame game(1, {}, 2, file.Open());
  const SimRecord client = game.Connect();
  game.Send(client, LoginAs("bad"));  // its first claim, given up when the load fails
  game.RunUntil([&] { return client->packets.size() == 1; });
  EXPECT_EQ(client->packets[0].As<Protocol::S_LOGIN>().reason(), "accounts fail");
  game.Send(client, LoginAs("ann"));  // its second
  game.RunUntil([&] { return client->packets.size() == 2; });
  EXPECT_TRUE(client->packets[1].As<Protocol::S_LOGIN>().success());
  game.ForEachSession([](GameSession& session) { session.BeTakenOver(1); });
  game.RunFor(10s);
  EXPECT_EQ(client->packets.size(), 2U);
  EXPECT_FALSE(client->ended);
  game.ForEachSession([](GameSession& session) { session.BeTakenOver(2); });
  game.RunFor(10s);
  EXPECT_EQ(client->packets.at(2).As<Protocol::S_ERROR>().reason(), "taken over");
  EXPECT_TRUE(client->ended);
}

/// A client that is logged in and in the game.
SimRecord Join(SimGame& game, const std::string& name) {
  const SimRecord client = game.Connect();
  game.Send(client, LoginAs(name));
  game.RunUntil([&] { return client->packets.size() == 1; });
  game.Send(client, Protocol::C_ENTER_GAME());
  game.RunUntil([&] { return client->packets.size() == 2; });
  return client;
}

void MoveTo(SimGame& game, const SimRecord& client, double x) {
  const std::size_t before = client->packets.size();
  Protocol::C_MOVE move;
  move.mutable_info()->set_objectid(
      client->packets.at(1).As<Protocol::S_ENTER_GAME>().player().id());
  move.mutable_info()->set_x(x);
  game.Send(client, move);
  game.RunUntil([&] { return client->packets.size() > before; });
  EXPECT_EQ(client->packets.back().As<Protocol::S_MOVE>().info().x(), x);
}

Protocol::S_LEAVE Leave(SimGame& game, const SimRecord& client) {
  const std::size_t before = client->packets.size();
  game.Send(client, Protocol::C_LEAVE());
  game.RunUntil([&] { return client->packets.size() > before; });
  return client->packets.back().As<Protocol::S_LEAVE>();
}

TEST(SimGameTest, WhoLeavesIsToldThatThePositionCouldNotBeKept) {
  RefusingDatabase file;
  SimGame game(1, {}, 2, file.Open());
  const SimRecord client = Join(game, "ann");
  MoveTo(game, client, RefusingDatabase::kKeptReach + 1);
  const Protocol::S_LEAVE left = Leave(game, client);
  EXPECT_TRUE(left.success());
  EXPECT_FALSE(left.saved());
  EXPECT_EQ(left.reason(), "accounts fail");
  EXPECT_EQ(game.Totals().accounts.saves_failed, 1U);
}

TEST(KeepPositionTest, WhoPlaysOnIsSavedNowAndThenIfItMoved) {
  SimGame game(1);
  const auto saves = [&] { return game.Totals().accounts.saves; };
  const SimRecord ann = Join(game, "ann");
  const SimRecord guest = Join(game, "");
  MoveTo(game, guest, 500);
  MoveTo(game, ann, 3);
  EXPECT_EQ(saves(), 0U);
  game.RunFor(Room::kKeepEvery);
  EXPECT_EQ(saves(), 1U);
  game.RunFor(10 * Room::kKeepEvery);
  EXPECT_EQ(saves(), 1U);
  MoveTo(game, ann, 4);
  game.RunFor(Room::kKeepEvery);
  EXPECT_EQ(saves(), 2U);
  EXPECT_TRUE(Leave(game, ann).saved());  // nothing is left to do
  EXPECT_EQ(saves(), 2U);
  EXPECT_EQ(ann->packets.size(), 3U + 2 + 1) << "a save must be silent";  // three moves are seen
}

TEST(KeepPositionTest, ASaveThatFailedIsTriedAgain) {
  RefusingDatabase file;
  SimGame game(1, {}, 2, file.Open());
  const SimRecord client = Join(game, "ann");
  MoveTo(game, client, RefusingDatabase::kKeptReach + 1);
  game.RunFor(2 * Room::kKeepEvery);
  EXPECT_EQ(game.Totals().accounts.saves_failed, 2U);
  EXPECT_EQ(Leave(game, client).reason(), "accounts fail");
}

TEST(KeepPositionTest, WhoIsBackBeforeItsSaveIsDoneIsSavedOnceMore) {
  SimGame game(1);
  const SimRecord client = Join(game, "ann");
  MoveTo(game, client, 5);
  game.StallDatabase(3 * Room::kKeepEvery);
  game.RunFor(2 * Room::kKeepEvery);
  EXPECT_EQ(game.Totals().accounts.waiting, 1U);  // not one more each time
  MoveTo(game, client, 0);                        // as the account had it at login
  EXPECT_TRUE(Leave(game, client).saved());
  EXPECT_EQ(game.Totals().accounts.saves, 2U);
  const SimRecord again = Join(game, "ann");
  EXPECT_EQ(again->packets[1].As<Protocol::S_ENTER_GAME>().info().x(), 0);
}

TEST(KeepPositionTest, WhoMovesOnWhileItIsSavedIsSavedOnceMore) {
  SimGame game(1);
  const SimRecord client = Join(game, "ann");
  MoveTo(game, client, 5);
  game.StallDatabase(Room::kKeepEvery + 10s);
  game.RunFor(Room::kKeepEvery);
  MoveTo(game, client, 6);
  game.RunFor(20s);
  EXPECT_EQ(game.Totals().accounts.saves, 1U);
  EXPECT_TRUE(Leave(game, client).saved());
  EXPECT_EQ(game.Totals().accounts.saves, 2U);
}

TEST(KeepPositionTest, WhoGoesBeforeItsSaveIsDoneIsSavedOnceMore) {
  SimGame game(1);
  const SimRecord client = Join(game, "ann");
  MoveTo(game, client, 5);
  game.StallDatabase(2 * Room::kKeepEvery);
  game.RunFor(Room::kKeepEvery);
  MoveTo(game, client, 0);
  game.Disconnect(client, servercore::CloseKind::kReset);
  game.RunFor(2 * Room::kKeepEvery);
  EXPECT_EQ(game.Totals().accounts.saves, 2U);
}

/// Enters, talks, moves and leaves, over and over. Notes what may not come.
class Wanderer {
 public:
  static SimClient::OnPacketDo Steps(std::vector<std::string>& faults, int visits) {
    return [&faults, visits, inside = false, left = 0](SimClient& client,
                                                       const SimClient::Packet& packet) mutable {
      switch (packet.id) {
        case Protocol::PKT_S_LOGIN:
          return client.SendPacket(Protocol::C_ENTER_GAME());
        case Protocol::PKT_S_ENTER_GAME: {
          inside = true;
          return BeBusy(client, packet.As<Protocol::S_ENTER_GAME>().player().id());
        }
        case Protocol::PKT_S_LEAVE:
          inside = false;
          if (++left < visits) client.SendPacket(Protocol::C_ENTER_GAME());
          return;
        default:  // of a room
          if (!inside) faults.emplace_back(Protocol::PacketName(packet.id));
      }
    };
  }

 private:
  static void BeBusy(SimClient& client, std::uint64_t id) {
    Protocol::C_CHAT chat;
    Protocol::C_MOVE move;
    move.mutable_info()->set_objectid(id);
    for (int i = 0; i < 3; ++i) {
      chat.set_msg(std::to_string(i));
      client.SendPacket(chat);
      move.mutable_info()->set_x(i * 40);
      client.SendPacket(move);
    }
    client.SendPacket(Protocol::C_LEAVE());
  }
};

TEST(SimGameTest, NothingOfARoomComesBeforeTheEnteringOrAfterTheLeaving) {
  constexpr int kVisits = 3;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SimGame game(seed, {.room_size = 3}, 3);
    std::vector<std::string> faults;
    std::vector<SimRecord> clients;
    for (int i = 0; i < 8; ++i) {
      clients.push_back(game.Connect(Wanderer::Steps(faults, kVisits)));
      game.Send(clients.back(), LoginAs("player " + std::to_string(i)));
    }
    game.RunUntil([&] {
      return game.Totals().open.sent[Protocol::PacketIndex(Protocol::PKT_S_LEAVE)] ==
             clients.size() * kVisits;
    });
    game.RunFor(10s);
    EXPECT_EQ(faults, std::vector<std::string>()) << "seed " << seed;
    EXPECT_EQ(game.Totals().rooms, 0U) << "seed " << seed;
    EXPECT_GT(game.Totals().accounts.saves, 0U) << "seed " << seed;
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace reference
