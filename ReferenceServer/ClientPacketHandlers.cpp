/// What the game does with each packet of a client: all that a developer writes for a new one.
#include "ReferenceServer/GameSession.h"

namespace reference {

void Handle_C_LOGIN(GameSession& session, const Protocol::C_LOGIN& packet) {
  Protocol::S_LOGIN reply;
  if (session.logged_in()) {
    session.Count(Refusal::kLoginTwice);
  } else if (packet.name().size() > kNameBytesMax) {
    session.Count(Refusal::kNameTooLong);
  } else {
    session.LogIn(packet.name());
    reply.set_success(true);
    for (const PlayerRef& player : session.characters()) Write(*player, *reply.add_players());
  }
  session.Reply(reply);
}

void Handle_C_ENTER_GAME(GameSession& session, const Protocol::C_ENTER_GAME& packet) {
  Protocol::S_ENTER_GAME reply;
  if (!session.logged_in()) {
    session.Count(Refusal::kEnterBeforeLogin);
  } else if (session.room() != nullptr) {
    session.Count(Refusal::kEnterTwice);
  } else if (packet.playerindex() >= session.characters().size()) {
    session.Count(Refusal::kPlayerIndex);
  } else {
    session.EnterGame(packet.playerindex());
    reply.set_success(true);
    reply.set_roomid(session.room()->id());
    Write(*session.player(), *reply.mutable_player());
  }
  session.Reply(reply);
  if (reply.success()) session.PushEnter();  // after the reply, so that no chat comes before it
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
