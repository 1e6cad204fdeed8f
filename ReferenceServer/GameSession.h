#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "ClientPacketHandler.h"
#include "ReferenceServer/GameWorld.h"
#include "ReferenceServer/Heartbeat.h"
#include "ReferenceServer/Player.h"
#include "ReferenceServer/Room.h"
#include "ReferenceServer/ServerCounters.h"
#include "ReferenceServer/ServerOptions.h"
#include "ReferenceServer/packed/PackedProtocol.h"
#include "ServerCore/net/PacketSession.h"

namespace reference {

/// A character of somebody who is logged in, and where it is.
struct OwnCharacter {
  PlayerRef player;
  Position position;
  Position kept;  ///< as the account has it, or another while is_saving
  bool is_saving = false;
};

/// One client: what it did so far, and what it sent and was sent. The packets' meaning is in
/// ClientPacketHandlers.cpp.
/// Thread: its shard only.
class GameSession final : public servercore::PacketSession {
 public:
  enum class Login : std::uint8_t { kNone, kLoading, kDone, kTakenOver };

  /// `world` and `counters` (its shard's) live longer than the session.
  GameSession(const servercore::SessionOptions& options, const servercore::PacketFraming& framing,
              WireProtocol protocol, GameWorld& world, ServerCounters& counters)
      : PacketSession(options, framing), protocol_(protocol), world_(world), counters_(counters) {}

  /// The message as this server's clients read it; nullopt when their protocol does not have it.
  template <typename Message>
  std::optional<servercore::SendBuffer> Encode(const Message& message) {
    servercore::SendBufferPool& pool = shard().send_buffers();
    if (protocol_ == WireProtocol::kPacked) return packed::Write(pool, message);
    auto packet = MakeSendBuffer(pool, message);
    SC_ASSERT(packet);  // all that we send is short
    return *std::move(packet);
  }

  /// To this client, at once: it comes before everything that is pushed to a room afterwards.
  template <typename Message>
  void Reply(const Message& message) {
    if (auto* journal = defects().reply_journal.get();
        journal != nullptr && !journal->Keep(Protocol::PacketIdOf<Message>::value, ref().id().slot))
      return;
    const auto packet = Encode(message);
    if (packet && Send(*packet) == servercore::SendResult::kQueued) {
      ++replied_[Protocol::PacketIndex(Protocol::PacketIdOf<Message>::value)];
    }
  }
  /// Replies with a Message that says why it was not done.
  template <typename Message>
  void Refuse(Refusal refusal) {
    Count(refusal);
    Message reply;
    reply.set_reason(std::string(ReasonOf(refusal)));
    Reply(reply);
  }
  /// Replies with S_ERROR to a packet that has no reply of its own.
  template <typename Message>
  void RefusePacket(const Message&, Refusal refusal) {
    Count(refusal);
    Protocol::S_ERROR error;
    error.set_packetid(Protocol::PacketIdOf<Message>::value);
    error.set_reason(std::string(ReasonOf(refusal)));
    Reply(error);
  }
  void Count(Refusal refusal) { ++counters_.refusals[static_cast<std::size_t>(refusal)]; }

  Login login() const { return login_; }
  const std::vector<OwnCharacter>& characters() const { return characters_; }
  /// Logs in without an account: as "player-N", with nothing kept. REQUIRES login() == kNone.
  void LogInAsGuest();
  /// Asks for the account of that name; Handle_Account follows, when a session that plays under it
  /// has been told by Handle_TakenOver. Costs nobody the name when too many logins wait already.
  /// REQUIRES login() == kNone, a name.
  void StartLogin(const std::string& name);
  /// For the session that takes over the name that this one claimed as its `claim`th. Does nothing
  /// when that was given up meanwhile, be it that the same name was claimed again.
  void BeTakenOver(std::uint32_t claim);

  const RoomRef& room() const { return room_; }  ///< null while it is not in the game
  bool leaving() const { return leaving_; }      ///< Handle_Left follows
  /// Takes a place in a room, which hears of it by PushEnter, after the reply.
  /// REQUIRES room() == null, !leaving(), index < characters().size().
  void EnterGame(std::size_t index);
  void PushEnter() { room_->Push(&Room::Enter, player(), position()); }
  /// Gives the place up. When the room has sent its last packet and the position is kept,
  /// Handle_Left follows. REQUIRES room() != null.
  void LeaveGame();

  /// For the room, now and then: has the account keep where the character is, if it does not yet.
  void KeepPosition();

  // Of the character that is in the game, or was last. REQUIRES that one was.
  const PlayerRef& player() const { return characters_[chosen_].player; }
  const Position& position() const { return characters_[chosen_].position; }
  void set_position(const Position& to) { characters_[chosen_].position = to; }

  Heartbeat& heartbeat() { return heartbeat_; }
  Defects& defects() { return world_.defects(); }
  /// Finds the handler of a packet and calls it; the id of the message, nullopt when it is invalid.
  static std::optional<std::uint32_t> HandleAny(GameSession& session,
                                                const servercore::PacketView& packet);
  void DropSilent();  ///< for Heartbeat: the client does not answer

  /// What passed so far.
  SessionCounts Counts() const;

 private:
  void LoadAccount();
  void LeaveAccount();
  void OnAccount(const servercore::Result<Account>& account);
  void AddCharacter(const Character& character, const std::string& name);
  void FreePlace();
  void OnLeft();
  static bool IsKept(const OwnCharacter& own) { return !own.is_saving && own.position == own.kept; }
  /// Of the character chosen; then(*this, error) follows.
  template <typename Then>
  void Save(Then then);
  void SaveWhatMoved();
  void OnConnected() override;
  servercore::RecvProgress OnRecv(std::span<const std::byte> bytes) override;
  void OnPacket(const servercore::PacketView& packet) override;
  void OnBadPacket(servercore::PacketError error) override;
  void OnDisconnected(servercore::CloseReason reason, std::error_code error) override;

  const WireProtocol protocol_;
  GameWorld& world_;
  ServerCounters& counters_;
  Login login_ = Login::kNone;
  std::string account_name_;  ///< empty for guests, before the login and when it was taken over
  std::uint32_t claim_ = 0;   ///< counts what was claimed; a message about an earlier one is stale
  std::vector<OwnCharacter> characters_;
  std::size_t chosen_ = 0;
  RoomRef room_;
  bool leaving_ = false;
  Heartbeat heartbeat_{*this};
  defects::BroadcastDisconnect::MemberRef broadcast_member_;  ///< null unless that defect is on
  std::array<std::uint32_t, kPacketKinds> received_{};
  std::array<std::uint32_t, kPacketKinds> replied_{};
};

void Handle_C_LOGIN(GameSession& session, const Protocol::C_LOGIN& packet);
void Handle_C_ENTER_GAME(GameSession& session, const Protocol::C_ENTER_GAME& packet);
void Handle_C_CHAT(GameSession& session, const Protocol::C_CHAT& packet);
void Handle_C_MOVE(GameSession& session, const Protocol::C_MOVE& packet);
void Handle_C_LEAVE(GameSession& session, const Protocol::C_LEAVE& packet);
void Handle_C_PONG(GameSession& session, const Protocol::C_PONG& packet);
void Handle_INVALID(GameSession& session, const servercore::PacketView& packet,
                    Protocol::PacketFault fault);
/// The account asked for by StartLogin is there (then login() is kDone), or `error` says why not.
void Handle_Account(GameSession& session, std::error_code error);
/// Somebody logged in under the name that this session had; it is out of the game.
void Handle_TakenOver(GameSession& session);
/// The player is out of the room, whose last packet is before what is replied here.
/// `not_saved`: why the position is not kept; empty when it is.
void Handle_Left(GameSession& session, std::string_view not_saved);

}  // namespace reference
