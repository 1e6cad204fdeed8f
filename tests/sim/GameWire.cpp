#include "tests/sim/GameWire.h"

#include "PacketIds.h"
#include "Protocol.pb.h"

namespace simulation {

namespace {
constexpr std::size_t kFaultsKept = 5;

template <typename Message>
Message Parse(std::span<const std::byte> payload) {
  Message message;
  message.ParseFromArray(payload.data(), static_cast<int>(payload.size()));
  return message;
}
}  // namespace

void GameWire::Fault(std::string what) {
  if (faults_.size() < kFaultsKept) faults_.push_back("on the wire: " + std::move(what));
}

void GameWire::OnRead(EndId reader, std::span<const std::byte> bytes) {
  Connection& connection = connections_[reader / 2];
  connection.next_said.connection = reader / 2;
  std::vector<std::byte>& unread = connection.unread[reader % 2];
  unread.insert(unread.end(), bytes.begin(), bytes.end());
  std::size_t at = 0;
  while (unread.size() - at >= framing_.header_bytes) {
    const std::span<const std::byte> rest = std::span(unread).subspan(at);
    const servercore::PacketFraming::Measure measure = framing_.Read(rest);
    if (measure.error != servercore::PacketError::kNone) {
      Fault("bytes that are no packet");
      break;
    }
    if (rest.size() < measure.packet_bytes) break;
    at += measure.packet_bytes;
    OnPacket(connection, measure.id,
             rest.first(measure.packet_bytes).subspan(framing_.header_bytes));
  }
  unread.erase(unread.begin(), unread.begin() + static_cast<std::ptrdiff_t>(at));
}

void GameWire::OnPacket(Connection& connection, std::uint32_t id,
                        std::span<const std::byte> payload) {
  switch (id) {
    case Protocol::PKT_C_LOGIN:
      ++connection.logins;
      break;
    case Protocol::PKT_S_LOGIN:
      if (--connection.logins < 0) Fault("a login was answered that nobody asked for");
      break;
    case Protocol::PKT_C_ENTER_GAME:
      ++connection.enters;
      break;
    case Protocol::PKT_S_ENTER_GAME:
      if (--connection.enters < 0) Fault("an entry was answered that nobody asked for");
      OnEntered(connection, payload);
      break;
    case Protocol::PKT_C_CHAT:
      OnSaid(connection, payload);
      break;
    case Protocol::PKT_S_CHAT:
      OnHeard(connection, payload);
      break;
    default:
      break;
  }
}

void GameWire::OnEntered(Connection& connection, std::span<const std::byte> payload) {
  const auto entered = Parse<Protocol::S_ENTER_GAME>(payload);
  if (entered.success()) connection.player = entered.player().id();
}

void GameWire::OnSaid(Connection& connection, std::span<const std::byte> payload) {
  if (connection.player == 0) return Fault("a bot chats before it is in the game");
  said_[{connection.player, Parse<Protocol::C_CHAT>(payload).msg()}] = connection.next_said;
  ++connection.next_said.number;
}

void GameWire::OnHeard(Connection& connection, std::span<const std::byte> payload) {
  ++chats_heard_;
  if (connection.player == 0) return Fault("a chat came before the answer to the entry");
  const auto chat = Parse<Protocol::S_CHAT>(payload);
  const auto said = said_.find({chat.playerid(), chat.msg()});
  if (said == said_.end()) return Fault("a chat that nobody said");
  const ChatKey key = said->second;
  const auto [heard, first] = connection.heard.try_emplace(key.connection, key);
  if (!first && key.number != ++heard->second.number) {
    return Fault("a chat was lost, doubled or out of order");
  }
  if (connection.last.connection != 0) {
    const auto [next, fresh] = next_.try_emplace(connection.last, key);
    if (!fresh && next->second != key) Fault("listeners of a room heard its chats differently");
  }
  connection.last = key;
}

}  // namespace simulation
