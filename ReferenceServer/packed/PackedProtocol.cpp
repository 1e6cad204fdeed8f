#include "ReferenceServer/packed/PackedProtocol.h"

#include <array>

#include "ReferenceServer/GameSession.h"
#include "ReferenceServer/packed/PackedPackets.h"
#include "ServerCore/packet/BufferReader.h"
#include "ServerCore/packet/BufferWriter.h"

namespace reference::packed {

using servercore::BufferReader;
using servercore::BufferWriter;
using servercore::PacketView;
using servercore::SendBuffer;
using servercore::SendBufferPool;

namespace {

/// False when the packet is not sound.
using Handler = bool (*)(GameSession& session, const PacketView& packet);

bool HandleLogin(GameSession& session, const PacketView& packet) {
  const BufferReader<PKT_C_LOGIN> login(packet.bytes);
  if (!login) return false;
  Protocol::C_LOGIN message;
  message.set_name(login.Text(login->name));
  Handle_C_LOGIN(session, message);
  return true;
}

bool HandleEnterGame(GameSession& session, const PacketView& packet) {
  const BufferReader<PKT_C_ENTER_GAME> enter(packet.bytes);
  if (!enter) return false;
  Protocol::C_ENTER_GAME message;
  message.set_playerindex(enter->player_index);
  Handle_C_ENTER_GAME(session, message);
  return true;
}

bool HandleChat(GameSession& session, const PacketView& packet) {
  const BufferReader<PKT_C_CHAT> chat(packet.bytes);
  if (!chat) return false;
  Protocol::C_CHAT message;
  message.set_msg(chat.Text(chat->msg));
  Handle_C_CHAT(session, message);
  return true;
}

struct Entry {
  Handler handle = nullptr;      ///< null: the server sends it
  std::uint16_t message_id = 0;  ///< 0: no packet has this id
};

/// By id; ids beyond it name no packet.
constexpr auto kHandlers = [] {
  std::array<Entry, PKT_S_CHAT::kPacketId + 1> table{};
  table[PKT_C_LOGIN::kPacketId] = {HandleLogin, Protocol::PKT_C_LOGIN};
  table[PKT_S_LOGIN::kPacketId] = {nullptr, Protocol::PKT_S_LOGIN};
  table[PKT_C_ENTER_GAME::kPacketId] = {HandleEnterGame, Protocol::PKT_C_ENTER_GAME};
  table[PKT_S_ENTER_GAME::kPacketId] = {nullptr, Protocol::PKT_S_ENTER_GAME};
  table[PKT_C_CHAT::kPacketId] = {HandleChat, Protocol::PKT_C_CHAT};
  table[PKT_S_CHAT::kPacketId] = {nullptr, Protocol::PKT_S_CHAT};
  return table;
}();

/// Room for the fixed parts and all texts: a text has at most as many units of UTF-16 as bytes of
/// UTF-8, so twice the message is enough for them.
template <typename Packet, typename Message>
std::size_t BytesMax(const Message& message, std::size_t players = 0) {
  return sizeof(servercore::PacketHeader) + sizeof(Packet) + players * sizeof(Player) +
         2 * message.ByteSizeLong();
}

template <typename Packet>
void WritePlayer(BufferWriter<Packet>& packet, Player& to, const Protocol::Player& from) {
  to.id = from.id();
  to.type = static_cast<std::uint8_t>(from.playertype());
  packet.Write(to.name, from.name());
}

}  // namespace

std::optional<std::uint16_t> Dispatch(GameSession& session, const PacketView& packet) {
  using Protocol::PacketFault;
  const Entry entry = packet.id < kHandlers.size() ? kHandlers[packet.id] : Entry{};
  PacketFault fault = PacketFault::kUnknownId;
  if (entry.handle != nullptr) {
    if (entry.handle(session, packet)) return entry.message_id;
    fault = PacketFault::kUndecodable;
  } else if (entry.message_id != 0) {
    fault = PacketFault::kWrongDirection;
  }
  Handle_INVALID(session, packet, fault);
  return std::nullopt;
}

std::optional<SendBuffer> Write(SendBufferPool& pool, const Protocol::S_LOGIN& message) {
  const auto players = static_cast<std::size_t>(message.players_size());
  BufferWriter<PKT_S_LOGIN> login(pool, BytesMax<PKT_S_LOGIN>(message, players));
  login->success = message.success();
  login.Write(login->reason, message.reason());
  login.WriteEach(
      login->players, message.players(),
      [&login](Player& to, const Protocol::Player& player) { WritePlayer(login, to, player); });
  return login.Close();
}

std::optional<SendBuffer> Write(SendBufferPool& pool, const Protocol::S_ENTER_GAME& message) {
  BufferWriter<PKT_S_ENTER_GAME> enter(pool, BytesMax<PKT_S_ENTER_GAME>(message));
  enter->success = message.success();
  enter->room_id = message.roomid();
  enter.Write(enter->reason, message.reason());
  if (message.has_player()) WritePlayer(enter, enter->player, message.player());
  return enter.Close();
}

std::optional<SendBuffer> Write(SendBufferPool& pool, const Protocol::S_CHAT& message) {
  BufferWriter<PKT_S_CHAT> chat(pool, BytesMax<PKT_S_CHAT>(message));
  chat->player_id = message.playerid();
  chat.Write(chat->msg, message.msg());
  return chat.Close();
}

}  // namespace reference::packed
