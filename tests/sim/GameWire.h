#pragma once
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ServerCore/io/backends/SimNetwork.h"
#include "ServerCore/packet/PacketFraming.h"

namespace simulation {

/// Reads along what the bots and the reference server read, and knows from that alone whether each
/// connection's story can be true: answers follow questions, nobody hears a chat before it is in a
/// room, and what a room says reaches each listener whole and in one order, from the first message
/// that it heard to the last.
class GameWire {
 public:
  using EndId = servercore::SimNetwork::EndId;

  /// For SimNetwork::SetTap.
  void OnRead(EndId reader, std::span<const std::byte> bytes);

  const std::vector<std::string>& faults() const { return faults_; }
  std::uint64_t chats_heard() const { return chats_heard_; }

 private:
  /// The `number`th message of one who is in the game.
  struct ChatKey {
    std::uint64_t connection = 0;  ///< 0: none
    std::uint64_t number = 0;
    auto operator<=>(const ChatKey&) const = default;
  };
  struct Connection {
    std::array<std::vector<std::byte>, 2> unread;  ///< a packet's beginning: to client, to server
    int logins = 0, enters = 0;                    ///< asked and not answered yet
    std::uint64_t player = 0;                      ///< 0 before it is in the game
    ChatKey next_said;
    std::map<std::uint64_t, ChatKey> heard;  ///< by connection, the last message
    ChatKey last;                            ///< heard, of whomever
  };

  void OnPacket(Connection& connection, std::uint32_t id, std::span<const std::byte> payload);
  void OnEntered(Connection& connection, std::span<const std::byte> payload);
  void OnSaid(Connection& connection, std::span<const std::byte> payload);
  void OnHeard(Connection& connection, std::span<const std::byte> payload);
  void Fault(std::string what);

  const servercore::PacketFraming framing_;
  std::map<std::uint64_t, Connection> connections_;
  /// As the server read them, by player and text: no bot says the same twice.
  std::map<std::pair<std::uint64_t, std::string>, ChatKey> said_;
  std::map<ChatKey, ChatKey> next_;  ///< in its room's order
  std::vector<std::string> faults_;
  std::uint64_t chats_heard_ = 0;
};

}  // namespace simulation
