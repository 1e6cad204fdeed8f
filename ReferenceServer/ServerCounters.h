#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "PacketIds.h"
#include "ServerCore/net/Session.h"

namespace reference {

/// Why a client was not given what it asked for. Counted, never fatal.
enum class Refusal : std::uint8_t {
  kLoginTwice,
  kNameTooLong,
  kTakenOver,     ///< somebody else logged in under the name
  kAccountsFail,  ///< not the client's mistake: the database could not answer
  kAccountsBusy,  ///< neither: too many logins wait for the database
  kEnterBeforeLogin,
  kEnterTwice,
  kPlayerIndex,
  kChatOutsideRoom,
  kMoveOutsideRoom,
  kLeaveOutsideRoom,
  kMessageTooLong,
  kNotYourObject,
  kOffMap,       ///< also infinite, or no number
  kPongUnasked,  ///< answers no S_PING, or one that was answered
  kNoHeartbeat,  ///< answered no S_PING for too long, and was dropped
  kUnknownId,
  kWrongDirection,
  kUndecodable,
  kBadFraming,  ///< the last: kRefusals
};
inline constexpr std::size_t kRefusals = static_cast<std::size_t>(Refusal::kBadFraming) + 1;
std::string_view ToString(Refusal refusal);  ///< "login twice"
/// What the client reads: ToString, and what to do where there is something.
std::string_view ReasonOf(Refusal refusal);

/// Packets by name, in the order of Protocol::kPacketIds. Last come those that are invalid, and
/// what rooms sent: a session sees how many of those it took, not which.
inline constexpr std::size_t kPacketKinds = Protocol::kPacketIds.size() + 2;
inline constexpr std::size_t kInvalidPacket = kPacketKinds - 2;
inline constexpr std::size_t kBroadcast = kPacketKinds - 1;
using PacketCounts = std::array<std::uint64_t, kPacketKinds>;
std::string_view PacketKindName(std::size_t kind);
std::uint64_t Sum(const PacketCounts& counts);

/// Sessions of one fate and what passed through them.
struct SessionCounts {
  std::uint64_t sessions = 0;
  PacketCounts received{};
  PacketCounts sent{};  ///< taken by Session::Send

  void Add(const SessionCounts& other);
};

/// Was everything that was sent also delivered? Only then must both ends count the same.
bool EndedInOrder(servercore::CloseReason reason);

/// One a shard, which alone writes and reads it: no locks and no atomics on a packet's way.
struct alignas(64) ServerCounters {
  static constexpr auto kReasons = static_cast<std::size_t>(servercore::CloseReason::kShutdown) + 1;

  SessionCounts ended_in_order;
  SessionCounts ended_otherwise;
  std::array<std::uint64_t, kReasons> endings{};  ///< by CloseReason
  std::array<std::uint64_t, kRefusals> refusals{};

  std::uint64_t refused(Refusal refusal) const {
    return refusals[static_cast<std::size_t>(refusal)];
  }
  std::uint64_t ended(servercore::CloseReason reason) const {
    return endings[static_cast<std::size_t>(reason)];
  }
  void Add(const ServerCounters& other);
};

}  // namespace reference
