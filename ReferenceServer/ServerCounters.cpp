#include "ReferenceServer/ServerCounters.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace reference {

using servercore::CloseReason;

namespace {

template <typename Counts>
void AddEach(Counts& to, const Counts& from) {
  std::ranges::transform(to, from, to.begin(), std::plus<>());
}

}  // namespace

std::string_view ToString(Refusal refusal) {
  switch (refusal) {
    case Refusal::kLoginTwice:
      return "login twice";
    case Refusal::kNameTooLong:
      return "name too long";
    case Refusal::kTakenOver:
      return "taken over";
    case Refusal::kAccountsFail:
      return "accounts fail";
    case Refusal::kAccountsBusy:
      return "too many logins wait";
    case Refusal::kEnterBeforeLogin:
      return "enter before login";
    case Refusal::kEnterTwice:
      return "enter twice";
    case Refusal::kPlayerIndex:
      return "player index";
    case Refusal::kChatOutsideRoom:
      return "chat outside room";
    case Refusal::kMoveOutsideRoom:
      return "move outside room";
    case Refusal::kLeaveOutsideRoom:
      return "leave outside room";
    case Refusal::kMessageTooLong:
      return "message too long";
    case Refusal::kNotYourObject:
      return "not your object";
    case Refusal::kOffMap:
      return "off map";
    case Refusal::kPongUnasked:
      return "pong unasked";
    case Refusal::kNoHeartbeat:
      return "no heartbeat";
    case Refusal::kUnknownId:
      return "unknown id";
    case Refusal::kWrongDirection:
      return "wrong direction";
    case Refusal::kUndecodable:
      return "undecodable";
    case Refusal::kBadFraming:
      return "bad framing";
  }
  return "unknown";
}

std::string_view ReasonOf(Refusal refusal) {
  if (refusal == Refusal::kAccountsBusy) return "too many logins wait; try again later";
  return ToString(refusal);
}

std::string_view PacketKindName(std::size_t kind) {
  if (kind == kInvalidPacket) return "INVALID";
  return kind == kBroadcast ? "BROADCAST" : Protocol::PacketName(Protocol::kPacketIds[kind]);
}

std::uint64_t Sum(const PacketCounts& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

void SessionCounts::Add(const SessionCounts& other) {
  sessions += other.sessions;
  AddEach(received, other.received);
  AddEach(sent, other.sent);
}

bool EndedInOrder(CloseReason reason) {
  return reason == CloseReason::kLocal || reason == CloseReason::kPeerClosed;
}

void ServerCounters::Add(const ServerCounters& other) {
  ended_in_order.Add(other.ended_in_order);
  ended_otherwise.Add(other.ended_otherwise);
  AddEach(endings, other.endings);
  AddEach(refusals, other.refusals);
}

}  // namespace reference
