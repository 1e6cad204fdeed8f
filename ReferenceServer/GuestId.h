#pragma once
#include <cstddef>
#include <cstdint>

#include "ServerCore/Assert.h"
#include "ServerCore/net/Session.h"

namespace reference {

/// Ids of accounts are below, and JSON's and JavaScript's numbers hold all of both exactly.
inline constexpr std::uint64_t kFirstGuestId = std::uint64_t{1} << 52;
inline constexpr std::size_t kShardsMax = 1 << 10;
inline constexpr std::size_t kSessionsMax = 1 << 20;

/// The id of a character of somebody without an account: made of the session's place, which is
/// given to the next session, and of the place's generation, which is not. So an id comes again
/// only after two million sessions had the same place, long after the last packet that named it.
inline std::uint64_t GuestId(std::uint32_t shard, servercore::SessionId session,
                             std::size_t character) {
  SC_ASSERT(shard < kShardsMax && session.slot < kSessionsMax && character < 2);
  const std::uint64_t generation = session.generation % (1 << 21);
  return kFirstGuestId | generation << 31 | std::uint64_t{session.slot} << 11 |
         std::uint64_t{shard} << 1 | character;
}

}  // namespace reference
