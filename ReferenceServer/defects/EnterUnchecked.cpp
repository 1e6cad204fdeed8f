#include "ReferenceServer/defects/EnterUnchecked.h"

#include "ReferenceServer/GameSession.h"

namespace reference::defects {

void EnterUnchecked(GameSession& session, const Protocol::C_ENTER_GAME& packet) {
  ++session.defects().unchecked_enters;
  const OwnCharacter* const players = session.characters().data();
  const OwnCharacter& own = players[packet.playerindex()];  // the mistake
  Protocol::S_ENTER_GAME reply;
  reply.set_success(true);
  Write(*own.player, *reply.mutable_player());
  Write(*own.player, own.position, *reply.mutable_info());
  session.Reply(reply);
}

}  // namespace reference::defects
