#pragma once
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ClientPacketHandler.h"
#include "ReferenceServer/GameWorld.h"
#include "ReferenceServer/Player.h"
#include "ReferenceServer/Room.h"
#include "ReferenceServer/ServerCounters.h"
#include "ServerCore/net/PacketSession.h"

namespace reference {

/// One client: what it did so far, and what it sent and was sent. The packets' meaning is in
/// ClientPacketHandlers.cpp.
/// Thread: its shard only.
class GameSession final : public servercore::PacketSession {
 public:
  /// `world` and `counters` (its shard's) live longer than the session.
  GameSession(const servercore::SessionOptions& options, const servercore::PacketFraming& framing,
              GameWorld& world, ServerCounters& counters)
      : PacketSession(options, framing), world_(world), counters_(counters) {}

  /// To this client, at once: it comes before everything that is pushed to a room afterwards.
  template <typename Message>
  void Reply(const Message& message) {
    const auto packet = MakeSendBuffer(shard().send_buffers(), message);
    if (Send(*packet) == servercore::SendResult::kQueued) {
      ++replied_[Protocol::PacketIndex(Protocol::PacketIdOf<Message>::value)];
    }
  }
  void Count(Refusal refusal) { ++counters_.refusals[static_cast<std::size_t>(refusal)]; }

  bool logged_in() const { return !characters_.empty(); }
  const std::vector<PlayerRef>& characters() const { return characters_; }
  /// REQUIRES !logged_in(). An empty name becomes "player-N".
  void LogIn(std::string_view name);

  const PlayerRef& player() const { return player_; }  ///< null before it is in the game
  const RoomRef& room() const { return room_; }        ///< null before it is in the game
  /// Takes a place in a room, which hears of it by PushEnter, after the reply.
  /// REQUIRES room() == null, index < characters().size().
  void EnterGame(std::size_t index);
  void PushEnter() { room_->Push(&Room::Enter, player_); }

  /// What passed so far.
  SessionCounts Counts() const;

 private:
  void OnPacket(const servercore::PacketView& packet) override;
  void OnBadPacket(servercore::PacketError error) override;
  void OnDisconnected(servercore::CloseReason reason, std::error_code error) override;

  GameWorld& world_;
  ServerCounters& counters_;
  std::vector<PlayerRef> characters_;
  PlayerRef player_;
  RoomRef room_;
  std::array<std::uint32_t, kPacketKinds> received_{};
  std::array<std::uint32_t, kPacketKinds> replied_{};
};

void Handle_C_LOGIN(GameSession& session, const Protocol::C_LOGIN& packet);
void Handle_C_ENTER_GAME(GameSession& session, const Protocol::C_ENTER_GAME& packet);
void Handle_C_CHAT(GameSession& session, const Protocol::C_CHAT& packet);
void Handle_INVALID(GameSession& session, const servercore::PacketView& packet,
                    Protocol::PacketFault fault);

}  // namespace reference
