#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "ClientPacketHandler.h"
#include "ServerPacketHandler.h"

namespace example {

/// Whoever dispatches needs no base class: the handlers are found beside it.
struct Recorder {
  std::vector<std::string> calls;
  std::vector<Protocol::PacketFault> faults;
};

void Handle_C_LOGIN(Recorder& to, const Protocol::C_LOGIN& packet) {
  to.calls.push_back("C_LOGIN " + packet.name());
}
void Handle_C_ENTER_GAME(Recorder& to, const Protocol::C_ENTER_GAME& packet) {
  to.calls.push_back("C_ENTER_GAME " + std::to_string(packet.playerindex()));
}
void Handle_C_CHAT(Recorder& to, const Protocol::C_CHAT& packet) {
  to.calls.push_back("C_CHAT " + packet.msg());
}
void Handle_C_MOVE(Recorder& to, const Protocol::C_MOVE&) { to.calls.push_back("C_MOVE"); }
void Handle_C_LEAVE(Recorder& to, const Protocol::C_LEAVE&) { to.calls.push_back("C_LEAVE"); }
void Handle_C_PONG(Recorder& to, const Protocol::C_PONG&) { to.calls.push_back("C_PONG"); }
void Handle_S_LOGIN(Recorder& to, const Protocol::S_LOGIN&) { to.calls.push_back("S_LOGIN"); }
void Handle_S_ENTER_GAME(Recorder& to, const Protocol::S_ENTER_GAME&) {
  to.calls.push_back("S_ENTER_GAME");
}
void Handle_S_CHAT(Recorder& to, const Protocol::S_CHAT& packet) {
  to.calls.push_back("S_CHAT " + packet.msg());
}
void Handle_S_MOVE(Recorder& to, const Protocol::S_MOVE&) { to.calls.push_back("S_MOVE"); }
void Handle_S_LEAVE(Recorder& to, const Protocol::S_LEAVE&) { to.calls.push_back("S_LEAVE"); }
void Handle_S_PING(Recorder& to, const Protocol::S_PING&) { to.calls.push_back("S_PING"); }
void Handle_S_ERROR(Recorder& to, const Protocol::S_ERROR&) { to.calls.push_back("S_ERROR"); }
void Handle_INVALID(Recorder& to, const servercore::PacketView&, Protocol::PacketFault fault) {
  to.faults.push_back(fault);
}

}  // namespace example

namespace {

using example::Recorder;
using Protocol::PacketFault;
using FromClients = Protocol::ClientPacketHandler<Recorder>;
using FromServer = Protocol::ServerPacketHandler<Recorder>;

servercore::PacketView View(const servercore::SendBuffer& buffer) {
  servercore::PacketHeader header;
  std::memcpy(&header, buffer.data(), sizeof header);
  EXPECT_EQ(header.size, buffer.size());
  return {header.id, buffer.bytes(), buffer.bytes().subspan(sizeof header)};
}

class PacketHandlerTest : public testing::Test {
 protected:
  servercore::SendBufferManager manager_;
  servercore::SendBufferPool pool_{manager_};
  Recorder recorder_;
};

TEST_F(PacketHandlerTest, IdsFollowTheOrderOfDeclaration) {
  EXPECT_EQ(Protocol::PKT_C_LOGIN, 1000);
  EXPECT_EQ(Protocol::PKT_S_CHAT, 1005);
  EXPECT_EQ(Protocol::PacketName(1003), "S_ENTER_GAME");
  EXPECT_EQ(Protocol::PacketName(1006), "");
  EXPECT_EQ(Protocol::PKT_C_MOVE, 2000);  // a file of its own, with its own range
  EXPECT_EQ(Protocol::PacketIndex(Protocol::PKT_C_CHAT), 4U);
  EXPECT_EQ(Protocol::PacketIndex(0), Protocol::kPacketIds.size());
}

TEST_F(PacketHandlerTest, WhatOneSideMakesTheOtherHandles) {
  Protocol::C_CHAT said;
  said.set_msg("안녕");
  EXPECT_TRUE(FromClients::Dispatch(recorder_, View(*MakeSendBuffer(pool_, said))));
  Protocol::S_CHAT heard;
  heard.set_msg("hello");
  EXPECT_TRUE(FromServer::Dispatch(recorder_, View(*MakeSendBuffer(pool_, heard))));
  EXPECT_EQ(recorder_.calls, (std::vector<std::string>{"C_CHAT 안녕", "S_CHAT hello"}));
}

TEST_F(PacketHandlerTest, AnEmptyMessageIsAHeaderOnly) {
  const servercore::SendBuffer buffer = *MakeSendBuffer(pool_, Protocol::C_LOGIN());
  EXPECT_EQ(buffer.size(), sizeof(servercore::PacketHeader));
  EXPECT_TRUE(FromClients::Dispatch(recorder_, View(buffer)));
  EXPECT_EQ(recorder_.calls, std::vector<std::string>{"C_LOGIN "});
}

TEST_F(PacketHandlerTest, PacketsLieOneBehindTheOther) {
  const servercore::SendBuffer first = *MakeSendBuffer(pool_, Protocol::C_LOGIN());
  const servercore::SendBuffer second = *MakeSendBuffer(pool_, Protocol::C_CHAT());
  EXPECT_TRUE(first.IsFollowedBy(second));
}

TEST_F(PacketHandlerTest, AMessageTooLongForItsHeaderIsAnError) {
  Protocol::C_CHAT packet;
  packet.set_msg(std::string(65'527, 'x'));  // 4 of header, 4 of tag and length
  EXPECT_EQ((*MakeSendBuffer(pool_, packet)).size(), 65'535U);
  packet.set_msg(std::string(65'528, 'x'));
  EXPECT_EQ(MakeSendBuffer(pool_, packet).error(), std::errc::message_size);
}

TEST_F(PacketHandlerTest, EveryIdIsSafeToReceiveWhateverFollows) {
  const std::vector<std::byte> bytes(64, std::byte{0xFF});
  for (std::uint32_t id = 0; id <= 65'535; ++id) {
    for (const std::size_t size : {4U, 5U, 64U}) {
      const auto packet = std::span(bytes).first(size);
      FromClients::Dispatch(recorder_, {id, packet, packet.subspan(4)});
      FromServer::Dispatch(recorder_, {id, packet, packet.subspan(4)});
    }
  }
  // Each packet is empty and known to one side, and has two sizes that are undecodable; to the
  // other side it goes in the wrong direction.
  constexpr std::size_t kPackets = Protocol::kPacketIds.size();
  const auto faults = [&](PacketFault fault) {
    return static_cast<std::size_t>(std::ranges::count(recorder_.faults, fault));
  };
  EXPECT_EQ(recorder_.calls.size(), kPackets);
  EXPECT_EQ(faults(PacketFault::kUndecodable), kPackets * 2);
  EXPECT_EQ(faults(PacketFault::kWrongDirection), kPackets * 3);
  EXPECT_EQ(faults(PacketFault::kUnknownId), (65'536 - kPackets) * 6);
}

}  // namespace
