#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <system_error>
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
  enum class Login : std::uint8_t { kNone, kLoading, kDone };

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
  /// Replies with a Message that says why it was not done.
  template <typename Message>
  void Refuse(Refusal refusal) {
    Count(refusal);
    Message reply;
    reply.set_reason(std::string(ToString(refusal)));
    Reply(reply);
  }
  void Count(Refusal refusal) { ++counters_.refusals[static_cast<std::size_t>(refusal)]; }

  Login login() const { return login_; }
  const std::vector<PlayerRef>& characters() const { return characters_; }
  /// Logs in without an account: as "player-N", with nothing kept. REQUIRES login() == kNone.
  void LogInAsGuest();
  /// Asks for the account of that name; Handle_Account follows. False: the name is online already.
  /// REQUIRES login() == kNone, a name.
  bool StartLogin(const std::string& name);

  const PlayerRef& player() const { return player_; }  ///< null before it is in the game
  const RoomRef& room() const { return room_; }        ///< null before it is in the game
  /// Takes a place in a room, which hears of it by PushEnter, after the reply.
  /// REQUIRES room() == null, index < characters().size().
  void EnterGame(std::size_t index);
  void PushEnter() { room_->Push(&Room::Enter, player_); }

  /// What passed so far.
  SessionCounts Counts() const;

 private:
  void OnAccount(const servercore::Result<Account>& account);
  void OnPacket(const servercore::PacketView& packet) override;
  void OnBadPacket(servercore::PacketError error) override;
  void OnDisconnected(servercore::CloseReason reason, std::error_code error) override;

  GameWorld& world_;
  ServerCounters& counters_;
  Login login_ = Login::kNone;
  std::string account_name_;  ///< empty for guests, and before the login
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
/// The account asked for by StartLogin is there (then login() is kDone), or `error` says why not.
void Handle_Account(GameSession& session, std::error_code error);

}  // namespace reference
