#pragma once
#include "Protocol.pb.h"

namespace reference {
class GameSession;
}

namespace reference::defects {

/// C_ENTER_GAME as who trusts his clients writes it: the player of that index, whatever the index,
/// and whether there are players or not. Before the login there are none: their list begins at
/// null. Thread: the session's shard.
void EnterUnchecked(GameSession& session, const Protocol::C_ENTER_GAME& packet);

}  // namespace reference::defects
