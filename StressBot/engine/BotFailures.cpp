#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "StressBot/engine/Bot.h"
#include "StressBot/engine/BotSession.h"
#include "StressBot/engine/BotShard.h"
#include "StressBot/engine/GroupRun.h"

/// How a bot takes the end of a connection and the failures of its steps.
namespace stressbot {

using servercore::CloseKind;
using servercore::CloseReason;

namespace {

Ending EndingOf(CloseReason reason, std::error_code error) {
  switch (reason) {
    case CloseReason::kLocal:
    case CloseReason::kShutdown:
      return Ending::kUsOrderly;
    case CloseReason::kDrainTimeout:
      return Ending::kUsTimeout;
    case CloseReason::kPeerClosed:
      return Ending::kServerOrderly;
    case CloseReason::kPeerReset:
      return error == std::errc::timed_out ? Ending::kTimeout : Ending::kServerReset;
    case CloseReason::kQueueFull:
    case CloseReason::kIdle:
      return Ending::kTimeout;
    case CloseReason::kLocalReset:
    case CloseReason::kBadPacket:
    case CloseReason::kConnectFailed:
    case CloseReason::kNone:
      break;
  }
  return Ending::kUsReset;
}

EndingClass ClassOf(Ending ending) {
  switch (ending) {
    case Ending::kUsOrderly:
    case Ending::kServerOrderly:
      return EndingClass::kInOrder;
    case Ending::kUsReset:
    case Ending::kServerReset:
      return EndingClass::kReset;
    case Ending::kUsTimeout:
    case Ending::kTimeout:
      break;
  }
  return EndingClass::kOther;
}

bool IsLocalLimit(std::error_code error) {
  return error == std::errc::too_many_files_open ||
         error == std::errc::too_many_files_open_in_system ||
         error == std::errc::address_not_available || error == std::errc::no_buffer_space;
}

}  // namespace

void Bot::OnDisconnected(std::uint8_t server, const BotSession& session, CloseReason reason,
                         std::error_code error) {
  connections_[server] = nullptr;
  const Ending ending = EndingOf(reason, error);
  if (session.established()) CountEnding(server, session, ending);
  if (state_ == BotState::kEnding) {
    const bool closed = std::all_of(connections_.begin(), connections_.end(),
                                    [](const BotSession* other) { return other == nullptr; });
    if (closed) AfterClosed();
    return;
  }
  if (!session.established()) {
    OnConnectLost(server, reason == CloseReason::kLocalReset ? "timed out" : error.message());
    if (IsLocalLimit(error)) Report("generator_limited", "connect: " + error.message());
    return;
  }
  for (std::uint16_t i = 0; i < group_.flow.positions; ++i) {
    Position& position = positions_[i];
    if (position.wait != Wait::kDisconnect) continue;
    if (group_.flow.disconnects[InstructionAt(position).index].server != server) continue;
    ContinueAt(position, static_cast<std::uint16_t>(position.pc + 1), shard_.now());
    return;
  }
  if (reason == CloseReason::kBadPacket) {
    Report("packets_invalid", "impossible packet from " + group_.program.servers[server].name);
    EndIteration(Outcome::kFailed, CloseKind::kOrderly);
    return;
  }
  OnLost(server, ending, error);
}

void Bot::CountEnding(std::uint8_t server, const BotSession& session, Ending ending) {
  const ServerMetrics& metrics = group_.metrics.servers[server];
  MetricsFrame& frame = shard_.frame();
  frame.Add(metrics.ended[static_cast<std::size_t>(ending)]);
  const auto kind = static_cast<std::size_t>(ClassOf(ending));
  frame.Add(metrics.session_packets_sent[kind], session.packets_sent());
  frame.Add(metrics.session_packets_received[kind], session.packets_received());
}

void Bot::OnConnectLost(std::uint8_t server, std::string_view reason) {
  shard_.frame().Count(group_.metrics.servers[server].connects_failed, true);
  for (std::uint16_t i = 0; i < group_.flow.positions; ++i) {
    Position& position = positions_[i];
    if (position.wait != Wait::kConnect) continue;
    const ConnectStep& step = group_.flow.connects[InstructionAt(position).index];
    if (step.server != server) continue;
    Report("connects_failed",
           fmt::format("connect to {} failed: {}", group_.program.servers[server].name, reason));
    if (Fail(step.on_fail.value_or(OnFail::kEndIteration))) {
      SetState(BotState::kActive);
      ContinueAt(position, static_cast<std::uint16_t>(position.pc + 1), shard_.now());
    }
    return;
  }
}

/// An established connection ended, and not by us.
void Bot::OnLost(std::uint8_t server, Ending ending, std::error_code error) {
  const ServerMetrics& metrics = group_.metrics.servers[server];
  DropKind kind = DropKind::kTimeout;
  std::string_view how = "timed out";
  if (ending == Ending::kServerOrderly) {
    kind = DropKind::kClosed;
    how = "closed by the server";
  } else if (ending == Ending::kServerReset) {
    kind = DropKind::kReset;
    how = "reset by the server";
  }
  shard_.frame().Add(metrics.dropped[static_cast<std::size_t>(kind)][StepNumberOf(server)]);
  if (shard_.failures().Wants("bots_dropped")) {
    std::string text = fmt::format("{} in step {}", how, StepNameOf(positions_[0]));
    if (error && ending != Ending::kServerReset) text += ": " + error.message();
    Report("bots_dropped", text);
  }
  if (lost_at_ == kNever) lost_at_ = shard_.now();
  std::erase_if(pending_, [&](const Pending& pending) {
    if (group_.flow.requests[pending.request].expect.server != server) return false;
    if (!pending.expired)
      shard_.frame().Count(group_.metrics.requests[pending.request].failed, true);
    return true;
  });
  EndIteration(Outcome::kFailed, CloseKind::kOrderly);
}

bool Bot::Fail(OnFail policy) {
  if (state_ == BotState::kEnding || state_ == BotState::kDormant) return false;
  switch (policy) {
    case OnFail::kContinue:
      return true;
    case OnFail::kEndIteration:
      break;
    case OnFail::kStopBot:
      retired_ = true;
      wanted_ = false;
      next_edge_at_ = kNever;
      break;
    case OnFail::kAbortRun:
      shard_.failures().RequestAbort();
      break;
  }
  EndIteration(Outcome::kFailed, CloseKind::kOrderly);
  return false;
}

void Bot::Report(std::string_view metric, const std::string& text) {
  if (!shard_.failures().Wants(metric)) return;
  const auto at = shard_.now() - shard_.started_at();
  const double seconds = std::chrono::duration<double>(at).count();
  shard_.failures().Add(metric, at, fmt::format("bot {} at {:.1f} s, {}", id_, seconds, text));
}

std::string Bot::StepNameOf(const Position& position) const {
  const Instruction instruction = InstructionAt(position);
  switch (instruction.op) {
    case Instruction::Op::kRequest:
      return group_.flow.requests[instruction.index].name;
    case Instruction::Op::kExpect:
      return group_.flow.expects[instruction.index].name;
    case Instruction::Op::kConnect:
      return group_.flow.connects[instruction.index].name;
    case Instruction::Op::kParallel:
      for (const auto& branch : group_.flow.parallels[instruction.index].branches) {
        const Position& inner = positions_[branch.position];
        if (inner.wait == Wait::kReply || inner.wait == Wait::kExpect) return StepNameOf(inner);
      }
      return "parallel";
    case Instruction::Op::kRepeat:
      return "the wait of a repeat";
    case Instruction::Op::kThink:
      return "think";
    default:
      return "-";
  }
}

std::uint32_t Bot::StepNumberOf(std::uint8_t server) const {
  for (std::uint16_t i = 0; i < group_.flow.positions; ++i) {
    const Position& position = positions_[i];
    const Instruction instruction = InstructionAt(position);
    if (position.wait == Wait::kReply &&
        group_.flow.requests[instruction.index].expect.server == server) {
      return 1U + instruction.index;
    }
    if (position.wait == Wait::kExpect &&
        group_.flow.expects[instruction.index].expect.server == server) {
      return 1U + static_cast<std::uint32_t>(group_.flow.requests.size()) + instruction.index;
    }
  }
  return 0;
}

}  // namespace stressbot
