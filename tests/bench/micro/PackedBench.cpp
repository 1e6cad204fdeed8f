/// The same messages as packed structs and as protobuf: a login reply with four players, and a
/// chat. Writing ends with a send buffer; reading looks at every field. Bytes include the header.
#include <benchmark/benchmark.h>

#include <array>
#include <string>

#include "ClientPacketHandler.h"
#include "ServerCore/Assert.h"
#include "ServerCore/packet/BufferReader.h"
#include "ServerCore/packet/BufferWriter.h"

namespace {

using servercore::BufferReader;
using servercore::BufferWriter;
using servercore::Packed;
using servercore::PackedList;
using servercore::PackedString;
using servercore::SendBuffer;

struct PKT_S_LOGIN {
  static constexpr std::uint16_t kPacketId = 1001;
  struct Player {
    Packed<std::uint64_t> id;
    PackedString name;
    Packed<std::uint32_t> type;
  };
  Packed<bool> success;
  PackedList<Player> players;
};
struct PKT_S_CHAT {
  static constexpr std::uint16_t kPacketId = 1005;
  Packed<std::uint64_t> player_id;
  PackedString msg;
};

constexpr std::uint64_t kFirstId = 123'456;
const std::array<std::string, 4> kNames{"Knight of the north", "Mage", "player-123456", "bot 17"};
const std::string kChat = "hello 00000001000000010000000f4240";

SendBuffer WriteLogin(servercore::SendBufferPool& pool, const PKT_S_LOGIN*) {
  BufferWriter<PKT_S_LOGIN> login(pool, 512);
  login->success = true;
  std::uint64_t id = kFirstId;
  login.WriteEach(login->players, kNames, [&](PKT_S_LOGIN::Player& to, const std::string& name) {
    to.id = id++;
    to.type = 2;
    login.Write(to.name, name);
  });
  return *login.Close();
}

SendBuffer WriteLogin(servercore::SendBufferPool& pool, const Protocol::S_LOGIN*) {
  Protocol::S_LOGIN login;
  login.set_success(true);
  std::uint64_t id = kFirstId;
  for (const std::string& name : kNames) {
    Protocol::Player& to = *login.add_players();
    to.set_id(id++);
    to.set_playertype(Protocol::PLAYER_TYPE_MAGE);
    to.set_name(name);
  }
  return *MakeSendBuffer(pool, login);
}

SendBuffer WriteChat(servercore::SendBufferPool& pool, const PKT_S_CHAT*) {
  BufferWriter<PKT_S_CHAT> chat(pool, 256);
  chat->player_id = kFirstId;
  chat.Write(chat->msg, kChat);
  return *chat.Close();
}

SendBuffer WriteChat(servercore::SendBufferPool& pool, const Protocol::S_CHAT*) {
  Protocol::S_CHAT chat;
  chat.set_playerid(kFirstId);
  chat.set_msg(kChat);
  return *MakeSendBuffer(pool, chat);
}

std::uint64_t ReadLogin(std::span<const std::byte> packet, const PKT_S_LOGIN*) {
  const BufferReader<PKT_S_LOGIN> login(packet);
  SC_ASSERT(login && login->success);
  std::uint64_t sum = 0;
  for (const auto& player : login.List(login->players)) {
    sum += player.id + login.Text(player.name).size() + player.type;
  }
  return sum;
}

std::uint64_t ReadLogin(std::span<const std::byte> packet, const Protocol::S_LOGIN*) {
  Protocol::S_LOGIN login;
  SC_ASSERT(login.ParseFromArray(packet.data() + 4, static_cast<int>(packet.size()) - 4));
  SC_ASSERT(login.success());
  std::uint64_t sum = 0;
  for (const auto& player : login.players()) {
    sum += player.id() + player.name().size() + static_cast<std::uint64_t>(player.playertype());
  }
  return sum;
}

std::uint64_t ReadChat(std::span<const std::byte> packet, const PKT_S_CHAT*) {
  const BufferReader<PKT_S_CHAT> chat(packet);
  SC_ASSERT(chat);
  return chat->player_id + chat.Text(chat->msg).size();
}

std::uint64_t ReadChat(std::span<const std::byte> packet, const Protocol::S_CHAT*) {
  Protocol::S_CHAT chat;
  SC_ASSERT(chat.ParseFromArray(packet.data() + 4, static_cast<int>(packet.size()) - 4));
  return chat.playerid() + chat.msg().size();
}

template <typename Packet, typename Write>
void BenchWrite(benchmark::State& state, Write write) {
  servercore::SendBufferManager manager;
  servercore::SendBufferPool pool(manager);
  std::size_t bytes = 0;
  for (auto _ : state) bytes = write(pool, static_cast<const Packet*>(nullptr)).size();
  state.counters["bytes"] = static_cast<double>(bytes);
}

template <typename Packet, typename Write, typename Read>
void BenchRead(benchmark::State& state, Write write, Read read) {
  servercore::SendBufferManager manager;
  servercore::SendBufferPool pool(manager);
  constexpr const Packet* kKind = nullptr;
  const SendBuffer packet = write(pool, kKind);
  for (auto _ : state) benchmark::DoNotOptimize(read(packet.bytes(), kKind));
}

constexpr auto kWriteLogin = [](auto& pool, auto* kind) { return WriteLogin(pool, kind); };
constexpr auto kWriteChat = [](auto& pool, auto* kind) { return WriteChat(pool, kind); };
constexpr auto kReadLogin = [](auto packet, auto* kind) { return ReadLogin(packet, kind); };
constexpr auto kReadChat = [](auto packet, auto* kind) { return ReadChat(packet, kind); };

template <typename Packet>
void WriteLoginReply(benchmark::State& state) {
  BenchWrite<Packet>(state, kWriteLogin);
}
template <typename Packet>
void ReadLoginReply(benchmark::State& state) {
  BenchRead<Packet>(state, kWriteLogin, kReadLogin);
}
template <typename Packet>
void WriteChatPacket(benchmark::State& state) {
  BenchWrite<Packet>(state, kWriteChat);
}
template <typename Packet>
void ReadChatPacket(benchmark::State& state) {
  BenchRead<Packet>(state, kWriteChat, kReadChat);
}
BENCHMARK(WriteLoginReply<PKT_S_LOGIN>)->Name("WriteLoginReply/packed");
BENCHMARK(WriteLoginReply<Protocol::S_LOGIN>)->Name("WriteLoginReply/protobuf");
BENCHMARK(ReadLoginReply<PKT_S_LOGIN>)->Name("ReadLoginReply/packed");
BENCHMARK(ReadLoginReply<Protocol::S_LOGIN>)->Name("ReadLoginReply/protobuf");
BENCHMARK(WriteChatPacket<PKT_S_CHAT>)->Name("WriteChat/packed");
BENCHMARK(WriteChatPacket<Protocol::S_CHAT>)->Name("WriteChat/protobuf");
BENCHMARK(ReadChatPacket<PKT_S_CHAT>)->Name("ReadChat/packed");
BENCHMARK(ReadChatPacket<Protocol::S_CHAT>)->Name("ReadChat/protobuf");

}  // namespace
