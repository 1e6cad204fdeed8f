#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "StressBot/json/JsonDocument.h"
#include "StressBot/protocol/ProtocolFile.h"
#include "tests/engine/SimRun.h"

/// Bots whose packets a hook translates: one that behaves (tests/hooks/TestHook.cpp), and all
/// others.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::shared_ptr<const Protocol> WithHook(const std::string& mode) {
  const std::string text = R"({"header": {"fields": [
    {"name": "size", "type": "u16", "role": "length", "counts": "packet"},
    {"name": "id", "type": "u16", "role": "id"}]},
  "hook": {"library": ")" STRESSBOT_HOOKS R"(/test_hook", "config": {"mode": ")" +
                           mode + R"("}},
  "payload": {"codec": "protobuf", "importPaths": ["../proto"], "files": ["Protocol.proto"]},
  "ids": [{"file": "Protocol.proto", "assign": "sequential", "start": 1000}]})";
  Diagnostics errors;
  const auto document =
      JsonDocument::Parse(text, STRESSBOT_SOURCE_DIR "/scenarios/hooked.protocol.json", errors);
  auto protocol = CompileProtocol(*document, errors);
  EXPECT_NE(protocol, nullptr) << errors.ToString();
  return protocol;
}

/// One bot that logs in and chats three times, over a server whose own protocol is the chat's.
std::unique_ptr<SimRun> MakeRun(const std::string& mode,
                                servercore::SimOptions network = ExactNetwork()) {
  const auto protocol = WithHook(mode);
  FlowBuilder flow(protocol);
  flow.Connect();
  if (mode == "handshake") flow.Expect({.packet = {}, .expect = "S_ENTER_GAME"});
  flow.Request(Login()).Repeat(Times(3), [](FlowBuilder& body) { body.Request(Chat()); });
  Program program = ProgramOf({Constant(flow.Think(Exactly(1h)).Build(), 1, 10s)});
  program.servers.front().protocol = protocol;
  return std::make_unique<SimRun>(std::move(program), SimRunOptions{.network = network});
}

/// A packet of the server's as TestHook's "handshake" reads it.
std::string Hidden(std::uint16_t id, const Wire& payload, char key) {
  std::string bytes{static_cast<char>(3 + payload.bytes().size()), static_cast<char>(id & 0xFF),
                    static_cast<char>(id >> 8)};
  bytes += payload.bytes();
  for (char& byte : bytes) byte = static_cast<char>(byte ^ key);
  return bytes;
}

TEST(HookSessionTest, KeysComeFromAHandshakeAndLengthsChangeHoweverTheStreamIsCut) {
  constexpr char kKey = 0x5A;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    servercore::SimOptions network;
    network.seed = seed;
    network.short_read_probability = 0.7;
    const auto run = MakeRun("handshake", network);
    run->server().on_connected = [&](ScriptedServer::Peer& peer) {
      peer.SendBytes({"\xEE\x5A", 2});
    };
    run->server().on_packet = [&](ScriptedServer::Peer& peer, std::string_view packet,
                                  std::string_view text) {
      if (packet == "C_ENTER_GAME") peer.SendBytes(Hidden(1003, Wire().Number(1, 1), kKey));
      if (packet == "C_LOGIN")
        peer.SendBytes(Hidden(1001, Wire().Number(1, 1).Message(2, Wire().Number(1, 1)), kKey));
      if (packet == "C_CHAT")
        peer.SendBytes(Hidden(1005, Wire().Number(1, 1).Text(2, text), kKey) +
                       Hidden(1005, Wire().Number(1, 1).Text(2, "glued"), kKey));
      return true;
    };
    run->Start();
    run->RunFor(8s);
    EXPECT_THAT(run->server().peer(0).packets,
                ElementsAre("C_ENTER_GAME", "C_LOGIN", "C_CHAT", "C_CHAT", "C_CHAT"))
        << seed;
    EXPECT_EQ(run->Rate("requests_failed").passed, 0U);
    EXPECT_EQ(run->Counter("packets_invalid"), 0U);
    EXPECT_EQ(run->Counter("packets_received", {{"packet", "S_CHAT"}}), 6U);
    EXPECT_EQ(run->Counter("packets_sent"), 4U);  // what the hook said itself was no bot's packet
  }
}

struct Misbehaviour {
  const char* mode;
  const char* said;
};
class HostileHookTest : public ::testing::TestWithParam<Misbehaviour> {};

TEST_P(HostileHookTest, EndsItsConnectionAndNothingElse) {
  const auto run = MakeRun(GetParam().mode);
  run->server().on_packet = [&](ScriptedServer::Peer& peer, auto&&, auto&&) {
    run->server().After(1ms, [&run, ref = peer.ref()] {  // for a hook that wants more
      run->server().SendTo(ref, "S_LOGIN", Wire().Number(1, 1));
    });
    return false;
  };
  run->Start();
  run->RunFor(1s);
  EXPECT_EQ(run->Counter("packets_invalid"), 1U);
  EXPECT_THAT(run->Failures("packets_invalid"), ElementsAre(HasSubstr(GetParam().said)));
  EXPECT_EQ(run->Counter("sessions_ended", {{"by", "us"}, {"how", "reset"}}), 1U);
  EXPECT_EQ(run->Counter("bots_dropped"), 0U);
  EXPECT_EQ(run->Counter("iterations", {{"outcome", "failed"}}), 1U);
}
INSTANTIATE_TEST_SUITE_P(
    Modes, HostileHookTest,
    ::testing::Values(Misbehaviour{"open-refuses", "a connection that the hook refused"},
                      Misbehaviour{"greeting-too-much", "more bytes than there was room for"},
                      Misbehaviour{"measure-fails", "size the hook could not tell"},
                      Misbehaviour{"measure-says-nothing", "an impossible size"},
                      Misbehaviour{"measure-huge", "too large"},
                      Misbehaviour{"measure-goes-back", "an impossible size"},
                      Misbehaviour{"measure-shrinks", "smaller than the hook's measure needed"},
                      Misbehaviour{"decode-fails", "could not decode"},
                      Misbehaviour{"decode-too-much", "more bytes than there was room for"},
                      Misbehaviour{"decode-headless", "without its header"},
                      Misbehaviour{"decode-wrong-length", "another length than its header says"},
                      Misbehaviour{"answer-too-much", "more bytes than there was room for"}),
    [](const auto& tested) {
      std::string name = tested.param.mode;
      std::erase(name, '-');
      return name;
    });

TEST(HookSessionTest, APacketThatCannotBeEncodedFailsItsStep) {
  for (const char* mode : {"encode-fails", "encode-nothing", "encode-too-much"}) {
    const auto run = MakeRun(mode);
    run->Start();
    run->RunFor(1s);
    EXPECT_THAT(run->server().peer(0).packets, IsEmpty());
    EXPECT_GE(run->Rate("requests_failed").passed, 1U);  // it may have come back already
    EXPECT_THAT(run->Failures("requests_failed").front(), HasSubstr("was not sent by its hook"));
    EXPECT_EQ(run->Counter("packets_sent"), 0U);
  }
}

TEST(HookSessionTest, AHookThatChangesNothingChangesNothing) {
  const auto run = MakeRun("mirror");
  run->Start();
  run->RunFor(1s);
  EXPECT_EQ(run->Rate("requests_failed").passed, 0U);
  EXPECT_EQ(run->Trend("request_duration", {{"step", "chat"}}).count(), 3U);
  EXPECT_EQ(run->Counter("packets_sent"), 4U);
}

}  // namespace
}  // namespace stressbot::testing
