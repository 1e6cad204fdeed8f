/// What the game does with each packet of a client: all that a developer writes for a new one.
#include "ReferenceServer/GameSession.h"

namespace reference {

namespace {

void ReplyLogin(GameSession& session) {
  Protocol::S_LOGIN reply;
  reply.set_success(true);
  for (const PlayerRef& player : session.characters()) Write(*player, *reply.add_players());
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
  } else if (!session.StartLogin(packet.name())) {
    session.Refuse<S_LOGIN>(Refusal::kAlreadyOnline);
  }  // else Handle_Account replies
}

void Handle_Account(GameSession& session, std::error_code error) {
  if (error) return session.Refuse<Protocol::S_LOGIN>(Refusal::kAccountsFail);
  ReplyLogin(session);
}

void Handle_C_ENTER_GAME(GameSession& session, const Protocol::C_ENTER_GAME& packet) {
  using Protocol::S_ENTER_GAME;
  if (session.login() != GameSession::Login::kDone) {
    return session.Refuse<S_ENTER_GAME>(Refusal::kEnterBeforeLogin);
  }
  if (session.room() != nullptr) return session.Refuse<S_ENTER_GAME>(Refusal::kEnterTwice);
  if (packet.playerindex() >= session.characters().size()) {
    return session.Refuse<S_ENTER_GAME>(Refusal::kPlayerIndex);
  }
  session.EnterGame(packet.playerindex());
  S_ENTER_GAME reply;
  reply.set_success(true);
  reply.set_roomid(session.room()->id());
  Write(*session.player(), *reply.mutable_player());
  session.Reply(reply);
  session.PushEnter();  // after the reply, so that no chat comes before it
}

void Handle_C_CHAT(GameSession& session, const Protocol::C_CHAT& packet) {
  if (session.room() == nullptr) return session.Count(Refusal::kChatOutsideRoom);
  if (packet.msg().size() > kMessageBytesMax) return session.Count(Refusal::kMessageTooLong);
  Protocol::S_CHAT chat;
  chat.set_playerid(session.player()->id);
  chat.set_msg(packet.msg());
  // Made once, here; everyone in the room is sent these same bytes.
  const auto buffer = MakeSendBuffer(session.shard().send_buffers(), chat);
  session.room()->Push(&Room::Broadcast, *buffer);
}

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
