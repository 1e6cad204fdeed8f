/// What the game does with each packet of a client: all that a developer writes for a new one.
#include "ReferenceServer/GameSession.h"
#include "ReferenceServer/accounts/AccountError.h"
#include "ReferenceServer/defects/EnterUnchecked.h"

namespace reference {

namespace {

using defects::EnterUnchecked;

void ReplyLogin(GameSession& session) {
  Protocol::S_LOGIN reply;
  reply.set_success(true);
  for (const OwnCharacter& own : session.characters()) Write(*own.player, *reply.add_players());
  session.Reply(reply);
}

}  // namespace

void Handle_C_LOGIN(GameSession& session, const Protocol::C_LOGIN& packet) {
  using Protocol::S_LOGIN;
  if (session.login() != GameSession::Login::kNone) {
    return session.Refuse<S_LOGIN>(Refusal::kLoginTwice);
  }
  if (packet.name().size() > kNameBytesMax) return session.Refuse<S_LOGIN>(Refusal::kNameTooLong);
  if (packet.name().empty()) {
    session.LogInAsGuest();
    ReplyLogin(session);
  } else {
    session.StartLogin(packet.name());  // Handle_Account replies
  }
}

void Handle_Account(GameSession& session, std::error_code error) {
  if (error) {
    const bool is_busy = error == AccountError::kBusy;
    return session.Refuse<Protocol::S_LOGIN>(is_busy ? Refusal::kAccountsBusy
                                                     : Refusal::kAccountsFail);
  }
  ReplyLogin(session);
}

void Handle_TakenOver(GameSession& session) {
  session.RefusePacket(Protocol::C_LOGIN(), Refusal::kTakenOver);
  session.Disconnect(servercore::CloseKind::kOrderly);
}

void Handle_C_ENTER_GAME(GameSession& session, const Protocol::C_ENTER_GAME& packet) {
  using Protocol::S_ENTER_GAME;
  if (session.login() != GameSession::Login::kDone) {
    if (session.defects().Has(Defect::kEnterBeforeLogin)) return EnterUnchecked(session, packet);
    return session.Refuse<S_ENTER_GAME>(Refusal::kEnterBeforeLogin);
  }
  if (session.room() != nullptr || session.leaving()) {
    return session.Refuse<S_ENTER_GAME>(Refusal::kEnterTwice);
  }
  if (packet.playerindex() >= session.characters().size()) {
    if (session.defects().Has(Defect::kPlayerIndex)) return EnterUnchecked(session, packet);
    return session.Refuse<S_ENTER_GAME>(Refusal::kPlayerIndex);
  }
  session.EnterGame(packet.playerindex());
  S_ENTER_GAME reply;
  reply.set_success(true);
  reply.set_roomid(session.room()->id());
  Write(*session.player(), *reply.mutable_player());
  Write(*session.player(), session.position(), *reply.mutable_info());
  if (auto* list = session.defects().spawn_list.get()) {
    session.Send(list->Enter(session.player(), reply, session.shard().send_buffers()));
  } else {
    session.Reply(reply);
  }
  session.PushEnter();  // after the reply, so that no chat comes before it
}

void Handle_C_CHAT(GameSession& session, const Protocol::C_CHAT& packet) {
  if (session.room() == nullptr) return session.RefusePacket(packet, Refusal::kChatOutsideRoom);
  if (packet.msg().size() > kMessageBytesMax) {
    return session.RefusePacket(packet, Refusal::kMessageTooLong);
  }
  Protocol::S_CHAT chat;
  chat.set_playerid(session.player()->id);
  chat.set_msg(packet.msg());
  // Made once, here; everyone in the room is sent these same bytes.
  const auto made = session.Encode(chat);
  if (!made) return;
  if (auto* lock = session.defects().room_lock.get()) {
    return lock->Chat(session.room()->id(), made->bytes());
  }
  session.room()->Push(&Room::Chat, *made);
}

void Handle_C_MOVE(GameSession& session, const Protocol::C_MOVE& packet) {
  if (session.room() == nullptr) return session.RefusePacket(packet, Refusal::kMoveOutsideRoom);
  if (packet.info().objectid() != session.player()->id) {
    return session.RefusePacket(packet, Refusal::kNotYourObject);
  }
  const Position to{packet.info().x(), packet.info().y()};
  if (!IsOnMap(to)) return session.RefusePacket(packet, Refusal::kOffMap);
  Protocol::S_MOVE moved;
  Write(*session.player(), to, *moved.mutable_info());
  const auto made = session.Encode(moved);
  if (!made) return;  // the room and the session must agree on where it is
  session.room()->Push(&Room::Move, session.player(), session.position(), to, *made);
  session.set_position(to);
}

void Handle_C_LEAVE(GameSession& session, const Protocol::C_LEAVE&) {
  if (session.room() == nullptr) {
    return session.Refuse<Protocol::S_LEAVE>(Refusal::kLeaveOutsideRoom);
  }
  session.LeaveGame();  // Handle_Left replies
}

void Handle_Left(GameSession& session, std::string_view not_saved) {
  Protocol::S_LEAVE reply;
  reply.set_success(true);
  reply.set_saved(not_saved.empty());
  reply.set_reason(std::string(not_saved));
  session.Reply(reply);
}

void Handle_C_PONG(GameSession& session, const Protocol::C_PONG& packet) {
  if (!session.heartbeat().Answer(packet.time())) {
    session.RefusePacket(packet, Refusal::kPongUnasked);
  }
}

/// Counted and not answered: an answer to garbage would make a small flood a large one.
void Handle_INVALID(GameSession& session, const servercore::PacketView&,
                    Protocol::PacketFault fault) {
  switch (fault) {
    case Protocol::PacketFault::kUnknownId:
      return session.Count(Refusal::kUnknownId);
    case Protocol::PacketFault::kWrongDirection:
      return session.Count(Refusal::kWrongDirection);
    case Protocol::PacketFault::kUndecodable:
      return session.Count(Refusal::kUndecodable);
  }
}

}  // namespace reference
