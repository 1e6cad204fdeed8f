#pragma once
#include <cstddef>
#include <cstdint>

#include "ReferenceServer/ServerCounters.h"
#include "ReferenceServer/accounts/AccountStore.h"
#include "ReferenceServer/defects/Defect.h"
#include "ServerCore/thread/ShardGroup.h"

namespace reference {

/// What a server did so far.
struct ServerTotals {
  ServerCounters ended;
  SessionCounts open;  ///< sessions that are connected now
  std::size_t players = 0;
  std::size_t rooms = 0;
  std::uint64_t accepted = 0;
  std::uint64_t refused_full = 0;      ///< connections beyond sessions_max
  std::uint64_t accept_pauses = 0;     ///< times that descriptors ran out
  std::uint64_t failed_to_attach = 0;  ///< connections that the system let no shard have
  servercore::CoreCounters core;
  AccountCounts accounts;
  Defect defect = Defect::kNone;
  std::uint64_t defect_exercised = 0;  ///< see Defects::exercised
  std::size_t resident_bytes = 0;      ///< of the whole process; 0: not known

  std::uint64_t packets_received() const;
  std::uint64_t packets_sent() const;
};

}  // namespace reference
