#pragma once
#include <atomic>
#include <cstdint>
#include <memory>

#include "ReferenceServer/defects/BroadcastDisconnect.h"
#include "ReferenceServer/defects/Defect.h"
#include "ReferenceServer/defects/HandlerTable.h"
#include "ReferenceServer/defects/LostReply.h"
#include "ReferenceServer/defects/PlayersNeverRemoved.h"
#include "ReferenceServer/defects/RoomLock.h"
#include "ReferenceServer/defects/SessionLeak.h"
#include "ReferenceServer/defects/SpawnList.h"

namespace reference {

/// What is broken in this server: nothing, or one thing. A pointer is null unless its defect is on.
/// Thread: any.
class Defects {
 public:
  /// `handler`: for defects::HandlerTable.
  Defects(Defect which, defects::HandlerTable::Handler handler);

  Defect which() const { return which_; }
  bool Has(Defect defect) const { return which_ == defect; }
  /// How often the server was where it is broken. Where it does not survive that, nobody hears of
  /// it: then it is 0.
  std::uint64_t exercised() const;
  /// No thread of it runs any more.
  void Stop();

  std::unique_ptr<defects::BroadcastDisconnect> broadcast;
  std::unique_ptr<defects::HandlerTable> handler_table;
  std::unique_ptr<defects::SpawnList> spawn_list;
  std::unique_ptr<defects::PlayersNeverRemoved> players;
  std::unique_ptr<defects::RoomLock> room_lock;
  std::unique_ptr<defects::SessionLeak> session_leak;
  std::unique_ptr<defects::ReplyJournal> reply_journal;
  std::atomic<std::uint64_t> unchecked_enters{0};  ///< of defects::EnterUnchecked

 private:
  const Defect which_;
};

}  // namespace reference
