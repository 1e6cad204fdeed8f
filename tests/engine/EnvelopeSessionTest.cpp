#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/SimRun.h"

/// Bots on a server that numbers, scrambles and checks its packets.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// One bot that chats ten times, on a server that speaks as the protocol says, or as it is told.
std::unique_ptr<SimRun> RunChats(const ScriptedServer::OnPacket& on_packet = {}) {
  FlowBuilder flow(CallsProtocol());
  flow.Connect().Request(Login()).Repeat(
      Times(10), [](FlowBuilder& body) { body.Request(Chat()).Think(Exactly(100ms)); });
  Program program = ProgramOf({Constant(flow.Think(Exactly(1h)).Build(), 1, 10s)});
  program.servers.front().protocol = CallsProtocol();
  auto run =
      std::make_unique<SimRun>(std::move(program), SimRunOptions{.protocol = CallsProtocol()});
  run->server().on_packet = on_packet;
  run->Start();
  run->RunFor(5s);
  return run;
}

TEST(EnvelopeSessionTest, BothSidesUnderstandEachOther) {
  const auto run = RunChats();
  const PeerRecord& peer = run->server().peer(0);
  EXPECT_EQ(peer.packets.size(), 11U);
  EXPECT_EQ(run->Rate("requests_failed").passed, 0U);
  EXPECT_EQ(run->Trend("request_duration", {{"step", "chat"}}).count(), 10U);
  EXPECT_EQ(run->Counter("packets_invalid"), 0U);
  EXPECT_EQ(run->Counter("data_received") > 0, true);
}

/// What a server sends that is no packet of the protocol ends the connection, once.
void ExpectInvalid(const std::string& bytes, const std::string& said) {
  const auto run = RunChats([&](ScriptedServer::Peer& peer, std::string_view packet, auto&&) {
    if (packet != "C_CHAT" || peer.record().number > 0) return false;
    peer.SendBytes(bytes);
    return true;
  });
  EXPECT_EQ(run->Counter("packets_invalid"), 1U);
  EXPECT_THAT(run->Failures("packets_invalid"), ElementsAre(HasSubstr(said)));
  EXPECT_EQ(run->Counter("iterations", {{"outcome", "failed"}}), 1U);
  EXPECT_EQ(run->Counter("sessions_ended", {{"by", "us"}, {"how", "reset"}}), 1U);
  EXPECT_EQ(run->Counter("bots_dropped"), 0U);
  EXPECT_GE(run->server().peers().size(), 2U);  // it came back
}

TEST(EnvelopeSessionTest, AWrongPacketClosesTheConnection) {
  using namespace std::string_literals;
  ExpectInvalid("\x0A\0\0\0\xFD\0\0\0\0\0"s, "a wrong checksum from game");
  ExpectInvalid("\x09\0\0\0\xFD\0\0\0\0"s, "a packet shorter than its header and trailer");
  // Its CRC is right, but the login's reply had the number before the one it should have.
  std::vector<std::byte> packet(10);
  packet[0] = std::byte{10};
  EnvelopeState state;
  CallsProtocol()->envelope()->Seal(packet, state, 0);
  std::string bytes;
  for (const std::byte byte : packet) bytes += static_cast<char>(byte);
  ExpectInvalid(bytes, "a sequence number out of order");
}

}  // namespace
}  // namespace stressbot::testing
