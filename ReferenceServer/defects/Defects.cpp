#include "ReferenceServer/defects/Defects.h"

namespace reference {

Defects::Defects(Defect which, defects::HandlerTable::Handler handler) : which_(which) {
  switch (which) {
    case Defect::kBroadcastDisconnect:
      broadcast = std::make_unique<defects::BroadcastDisconnect>();
      break;
    case Defect::kHandlerTable:
      handler_table = std::make_unique<defects::HandlerTable>(handler);
      break;
    case Defect::kSpawnList:
      spawn_list = std::make_unique<defects::SpawnList>();
      break;
    case Defect::kPlayersNeverRemoved:
      players = std::make_unique<defects::PlayersNeverRemoved>();
      break;
    case Defect::kRoomLock:
      room_lock = std::make_unique<defects::RoomLock>();
      break;
    case Defect::kSessionLeak:
      session_leak = std::make_unique<defects::SessionLeak>();
      break;
    case Defect::kLostReply:
      reply_journal = std::make_unique<defects::ReplyJournal>();
      break;
    case Defect::kNone:
    case Defect::kPlayerIndex:
    case Defect::kEnterBeforeLogin:
    case Defect::kSizeZero:
      break;  // they keep nothing
  }
}

std::uint64_t Defects::exercised() const {
  if (broadcast) return broadcast->counts().failed_sends;
  if (players) return players->players();
  if (session_leak) return session_leak->sessions();
  if (reply_journal) return reply_journal->lost();
  if (room_lock) return room_lock->chats();
  return unchecked_enters;
}

void Defects::Stop() {
  if (broadcast) broadcast->Stop();
}

}  // namespace reference
