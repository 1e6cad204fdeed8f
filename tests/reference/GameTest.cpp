/// What a player may do, and what happens to one who does something else.
#include <string>
#include <vector>

#include "tests/reference/ReferenceServerTest.h"

namespace reference {
namespace {

using servercore::CloseKind;
using servercore::CloseReason;

class GameTest : public ReferenceServerTest {
 protected:
  void SetUp() override { StartServer(); }
};

TEST_F(GameTest, LoginOffersTwoCharactersWithIdsOfTheirOwn) {
  TestClient ann = Connect();
  ann.LogIn("앤");
  const auto reply = ann.Expect<Protocol::S_LOGIN>();
  EXPECT_TRUE(reply.success());
  ASSERT_EQ(reply.players_size(), 2);
  EXPECT_EQ(reply.players(0).name(), "앤");
  EXPECT_EQ(reply.players(0).playertype(), Protocol::PLAYER_TYPE_KNIGHT);
  EXPECT_EQ(reply.players(1).playertype(), Protocol::PLAYER_TYPE_MAGE);
  EXPECT_NE(reply.players(0).id(), 0U);
  EXPECT_NE(reply.players(0).id(), reply.players(1).id());
}

TEST_F(GameTest, AnEmptyNameIsFilledIn) {
  TestClient client = Connect();
  client.LogIn("");
  const auto reply = client.Expect<Protocol::S_LOGIN>();
  ASSERT_EQ(reply.players_size(), 2);
  EXPECT_EQ(reply.players(0).name(), "player-" + std::to_string(reply.players(0).id()));
}

TEST_F(GameTest, EnteringTellsTheRoomAndTheChosenPlayer) {
  TestClient client = Connect();
  client.LogIn("ann");
  const auto login = client.Expect<Protocol::S_LOGIN>();
  client.EnterGame(1);
  const auto reply = client.Expect<Protocol::S_ENTER_GAME>();
  EXPECT_TRUE(reply.success());
  EXPECT_EQ(reply.roomid(), 1U);
  EXPECT_EQ(reply.player().id(), login.players(1).id());
  EXPECT_EQ(reply.player().playertype(), Protocol::PLAYER_TYPE_MAGE);
}

TEST_F(GameTest, AChatReachesAllInTheRoomOnBothShardsAndItsSender) {
  // Accepted in turn by two shards, so of four players each shard has two.
  std::vector<TestClient> players = clients_->Connect(4);
  std::uint64_t speaker = 0;
  for (TestClient& player : players) speaker = player.Join().player().id();
  players.back().Chat("hello");
  for (TestClient& player : players) {
    const auto chat = player.Expect<Protocol::S_CHAT>();
    EXPECT_EQ(chat.msg(), "hello");
    EXPECT_EQ(chat.playerid(), speaker);
  }
}

TEST_F(GameTest, RepliesComeBeforeChatsAndChatsInTheirOrder) {
  TestClient talker = Connect();
  talker.Join();
  TestClient client = Connect();
  client.LogIn();
  client.EnterGame();
  client.Chat("first");
  client.Chat("second");
  // Sent in one go, answered in the order of asking: Expect takes the very next packet each time.
  EXPECT_TRUE(client.Expect<Protocol::S_LOGIN>().success());
  EXPECT_TRUE(client.Expect<Protocol::S_ENTER_GAME>().success());
  EXPECT_EQ(client.Expect<Protocol::S_CHAT>().msg(), "first");
  EXPECT_EQ(client.Expect<Protocol::S_CHAT>().msg(), "second");
  EXPECT_EQ(talker.Expect<Protocol::S_CHAT>().msg(), "first");
  EXPECT_EQ(talker.Expect<Protocol::S_CHAT>().msg(), "second");
}

TEST_F(GameTest, LoginTwiceIsRefusedAndTheFirstHolds) {
  TestClient client = Connect();
  client.Join();
  client.LogIn("again");
  const auto reply = client.Expect<Protocol::S_LOGIN>();
  EXPECT_FALSE(reply.success());
  EXPECT_EQ(reply.players_size(), 0);
  EXPECT_EQ(Refused(Refusal::kLoginTwice), 1U);
  client.Chat("still here");
  EXPECT_EQ(client.Expect<Protocol::S_CHAT>().msg(), "still here");
}

TEST_F(GameTest, EnterBeforeLoginTwiceOrAsNobodyIsRefused) {
  TestClient client = Connect();
  client.EnterGame();
  EXPECT_FALSE(client.Expect<Protocol::S_ENTER_GAME>().success());
  client.LogIn();
  EXPECT_TRUE(client.Expect<Protocol::S_LOGIN>().success());
  for (const std::uint64_t index : {std::uint64_t{2}, ~std::uint64_t{0}}) {
    client.EnterGame(index);
    EXPECT_FALSE(client.Expect<Protocol::S_ENTER_GAME>().success());
  }
  client.EnterGame(0);
  EXPECT_TRUE(client.Expect<Protocol::S_ENTER_GAME>().success());
  client.EnterGame(0);
  EXPECT_FALSE(client.Expect<Protocol::S_ENTER_GAME>().success());
  EXPECT_EQ(Refused(Refusal::kEnterBeforeLogin), 1U);
  EXPECT_EQ(Refused(Refusal::kPlayerIndex), 2U);
  EXPECT_EQ(Refused(Refusal::kEnterTwice), 1U);
}

TEST_F(GameTest, AChatOutsideARoomIsRefusedWithTheReason) {
  TestClient client = Connect();
  client.Chat("anybody?");
  client.LogIn();
  client.Chat("anybody now?");
  const auto error = client.Expect<Protocol::S_ERROR>();
  EXPECT_EQ(error.packetid(), Protocol::PKT_C_CHAT);
  EXPECT_EQ(error.reason(), "chat outside room");
  EXPECT_TRUE(client.Expect<Protocol::S_LOGIN>().success());
  client.Expect<Protocol::S_ERROR>();
  EXPECT_EQ(Refused(Refusal::kChatOutsideRoom), 2U);
}

TEST_F(GameTest, NamesAndMessagesHaveLimits) {
  TestClient client = Connect();
  client.LogIn(std::string(kNameBytesMax + 1, 'n'));
  EXPECT_FALSE(client.Expect<Protocol::S_LOGIN>().success());
  client.Join(std::string(kNameBytesMax, 'n'));
  client.Chat(std::string(kMessageBytesMax + 1, 'm'));
  client.Chat(std::string(kMessageBytesMax, 'm'));
  EXPECT_EQ(client.Expect<Protocol::S_ERROR>().reason(), "message too long");
  EXPECT_EQ(client.Expect<Protocol::S_CHAT>().msg().size(), kMessageBytesMax);
  EXPECT_EQ(Refused(Refusal::kNameTooLong), 1U);
  EXPECT_EQ(Refused(Refusal::kMessageTooLong), 1U);
}

TEST_F(GameTest, WhatCannotBeDecodedIsCountedAndTheSessionGoesOn) {
  TestClient client = Connect();
  client.SendBytes(std::string("\x06\x00\xE8\x03\xFF\xFF", 6));          // C_LOGIN
  client.SendBytes(std::string("\x08\x00\xE8\x03\x0A\x02\xC3\x28", 8));  // not UTF-8
  client.Join();
  EXPECT_EQ(Refused(Refusal::kUndecodable), 2U);
}

TEST_F(GameTest, ImpossibleFramingClosesTheSession) {
  TestClient client = Connect();
  client.SendBytes(std::string("\x03\x00\xE8\x03", 4));
  EXPECT_EQ(client.WaitUntilEnded(), CloseReason::kPeerReset);
  WaitUntil([](const ServerTotals& totals) {
    return totals.ended.ended(CloseReason::kBadPacket) == 1 &&
           totals.ended.refused(Refusal::kBadFraming) == 1;
  });
}

TEST_F(GameTest, EveryIdIsSafeToReceive) {
  TestClient client = Connect();
  client.LogIn();
  EXPECT_TRUE(client.Expect<Protocol::S_LOGIN>().success());
  std::string packets;
  for (unsigned id = 0; id <= 65'535; ++id) {
    packets.append({4, 0, static_cast<char>(id & 0xFF), static_cast<char>(id >> 8)});
  }
  client.SendBytes(packets);
  EXPECT_FALSE(client.Expect<Protocol::S_LOGIN>().success());  // 1000: the second login
  EXPECT_TRUE(client.Expect<Protocol::S_ENTER_GAME>().success());
  // 1004's chat comes from the room, the answers to the others at once.
  EXPECT_EQ(client.Expect<Protocol::S_ERROR>().reason(), "not your object");  // 2000
  EXPECT_EQ(client.Expect<Protocol::S_ERROR>().reason(), "pong unasked");     // 2005
  EXPECT_EQ(client.Expect<Protocol::S_CHAT>().msg(), "");
  EXPECT_TRUE(client.Expect<Protocol::S_LEAVE>().success());  // 2002
  client.Chat("all well");
  EXPECT_EQ(client.Expect<Protocol::S_ERROR>().reason(), "chat outside room");
  EXPECT_EQ(Refused(Refusal::kUnknownId), 65'536U - Protocol::kPacketIds.size());
  EXPECT_EQ(Refused(Refusal::kWrongDirection), 7U);
}

}  // namespace
}  // namespace reference
