#include "tests/sim/GameWire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>

#include "PacketIds.h"
#include "Protocol.pb.h"

/// That the wire's reader tells each kind of fault; that it is silent otherwise, the seeds show.
namespace simulation {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class GameWireTest : public ::testing::Test {
 protected:
  template <typename Message>
  void Read(GameWire::EndId reader, std::uint32_t id, const Message& message) {
    const std::string payload = message.SerializeAsString();
    const servercore::PacketFraming framing;
    std::vector<std::byte> packet(framing.header_bytes + payload.size());
    framing.Write(packet, static_cast<std::uint32_t>(packet.size()), id);
    std::transform(payload.begin(), payload.end(), packet.begin() + framing.header_bytes,
                   [](char c) { return static_cast<std::byte>(c); });
    for (const std::byte& byte : packet) wire_.OnRead(reader, {&byte, 1});
  }
  /// Connection `number` belongs to the player of that number from now on.
  void Enter(std::uint64_t number) {
    Protocol::S_ENTER_GAME reply;
    reply.set_success(true);
    reply.mutable_player()->set_id(number);
    Read(Server(number), Protocol::PKT_C_ENTER_GAME, Protocol::C_ENTER_GAME());
    Read(Bot(number), Protocol::PKT_S_ENTER_GAME, reply);
  }
  void Say(std::uint64_t player, std::initializer_list<std::string> texts) {
    for (const std::string& text : texts) {
      Protocol::C_CHAT chat;
      chat.set_msg(text);
      Read(Server(player), Protocol::PKT_C_CHAT, chat);
    }
  }
  void Hear(std::uint64_t listener, std::uint64_t player, const std::string& text) {
    Protocol::S_CHAT chat;
    chat.set_playerid(player);
    chat.set_msg(text);
    Read(Bot(listener), Protocol::PKT_S_CHAT, chat);
  }
  static GameWire::EndId Bot(std::uint64_t number) { return 2 * number; }
  static GameWire::EndId Server(std::uint64_t number) { return 2 * number + 1; }
  const std::vector<std::string>& Faults() const { return wire_.faults(); }

 private:
  GameWire wire_;
};

TEST_F(GameWireTest, ARoomThatTellsAllTheSameIsWell) {
  for (const std::uint64_t player : {1U, 2U}) Enter(player);
  Say(1, {"a", "b"});
  Say(2, {"c"});
  for (const std::uint64_t listener : {1U, 2U}) {
    Hear(listener, 1, "a");
    Hear(listener, 2, "c");
    Hear(listener, 1, "b");
  }
  EXPECT_THAT(Faults(), IsEmpty());
}

TEST_F(GameWireTest, AListenerMayBeginAndEndAnywhere) {
  for (const std::uint64_t player : {1U, 2U, 3U}) Enter(player);
  Say(1, {"a", "b", "c"});
  Hear(2, 1, "b");
  Hear(2, 1, "c");
  Hear(1, 1, "a");
  Hear(1, 1, "b");
  Hear(3, 1, "c");
  EXPECT_THAT(Faults(), IsEmpty());
}

TEST_F(GameWireTest, ALostADoubledAndASwappedChatAreFaults) {
  for (const std::uint64_t player : {1U, 2U, 3U, 4U}) Enter(player);
  Say(1, {"a", "b", "c"});
  Hear(2, 1, "a");
  Hear(2, 1, "c");
  Hear(3, 1, "a");
  Hear(3, 1, "a");
  Hear(4, 1, "b");
  Hear(4, 1, "a");
  const auto fault = HasSubstr("lost, doubled or out of order");
  EXPECT_THAT(Faults(), ElementsAre(fault, fault, fault));
}

TEST_F(GameWireTest, TwoOrdersOfOneRoomAreAFault) {
  for (const std::uint64_t player : {1U, 2U}) Enter(player);
  Say(1, {"a"});
  Say(2, {"b"});
  Hear(1, 1, "a");
  Hear(1, 2, "b");
  Hear(2, 2, "b");
  Hear(2, 1, "a");
  Say(1, {"c"});
  Hear(1, 1, "c");  // behind b, behind which the other heard a
  EXPECT_THAT(Faults(), ElementsAre(HasSubstr("differently")));
}

TEST_F(GameWireTest, WhatNobodySaidOrAskedForIsAFault) {
  Hear(1, 1, "too early");
  Enter(1);
  Hear(1, 1, "never said");
  Say(2, {"outside"});
  Read(Bot(1), Protocol::PKT_S_LOGIN, Protocol::S_LOGIN());
  Read(Bot(1), Protocol::PKT_S_ENTER_GAME, Protocol::S_ENTER_GAME());
  EXPECT_THAT(Faults(),
              ElementsAre(HasSubstr("before the answer"), HasSubstr("nobody said"),
                          HasSubstr("before it is in the game"), HasSubstr("login was answered"),
                          HasSubstr("entry was answered")));
}

}  // namespace
}  // namespace simulation
