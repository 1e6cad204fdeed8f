#include "ReferenceServer/defects/Defect.h"

#include <algorithm>
#include <array>

#include "ServerCore/Assert.h"

namespace reference {

namespace {

constexpr std::array kKinds{
    DefectKind{
        Defect::kBroadcastDisconnect, "broadcast-disconnect",
        "a broadcast to all sessions each 250 ms takes those whose send fails out of the set "
        "that it walks"},
    DefectKind{Defect::kHandlerTable, "handler-table",
               "the table of packet handlers is one short: the id 65535 has no place in it"},
    DefectKind{Defect::kPlayerIndex, "player-index",
               "C_ENTER_GAME takes any playerIndex, beyond the account's players, too"},
    DefectKind{Defect::kEnterBeforeLogin, "enter-before-login",
               "C_ENTER_GAME is accepted of those who did not log in and have no players"},
    DefectKind{Defect::kSizeZero, "size-zero",
               "a packet whose header says 0 bytes is handled again and again, for ever"},
    DefectKind{
        Defect::kSpawnList, "spawn-list",
        "who enters is sent a list of all in the room, written into 4,096 bytes whatever its "
        "length"},
    DefectKind{Defect::kPlayersNeverRemoved, "players-never-removed",
               "who leaves stays in the lists of the room"},
    DefectKind{
        Defect::kRoomLock, "room-lock",
        "a chat is sent to everybody in the room under the room's lock, one system call each"},
    DefectKind{Defect::kSessionLeak, "session-leak",
               "a session and its player own each other, so that neither ever goes"},
    DefectKind{Defect::kLostReply, "lost-reply", "one reply in a thousand is not sent"}};

}  // namespace

std::span<const DefectKind> AllDefects() { return kKinds; }

const DefectKind& KindOf(Defect defect) {
  const auto kind = std::ranges::find(kKinds, defect, &DefectKind::defect);
  SC_ASSERT(kind != kKinds.end());
  return *kind;
}

}  // namespace reference
