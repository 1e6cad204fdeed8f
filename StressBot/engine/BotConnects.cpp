#include <memory>
#include <string>
#include <utility>

#include "StressBot/engine/Bot.h"
#include "StressBot/engine/BotDraws.h"
#include "StressBot/engine/BotReport.h"
#include "StressBot/engine/BotSession.h"
#include "StressBot/engine/BotShard.h"
#include "StressBot/engine/GroupRun.h"
#include "StressBot/engine/TargetLookup.h"
#include "StressBot/engine/WrappedSession.h"

/// How a bot connects: where to, and what becomes of it when it cannot.
namespace stressbot {

namespace {

bool IsLocalLimit(std::error_code error) {
  return error == std::errc::too_many_files_open ||
         error == std::errc::too_many_files_open_in_system ||
         error == std::errc::address_not_available || error == std::errc::no_buffer_space;
}

ConnectFailure FailureOf(bool timed_out, std::error_code error) {
  if (timed_out || error == std::errc::timed_out) return ConnectFailure::kTimeout;
  if (error == std::errc::connection_refused) return ConnectFailure::kRefused;
  return IsLocalLimit(error) ? ConnectFailure::kLocal : ConnectFailure::kOther;
}

}  // namespace

void Bot::StepConnect(Position& position, const ConnectStep& step) {
  if (connections_[step.server] != nullptr) {  // the scenario's check leaves few ways to this
    FailConnect(position, ConnectFailure::kLocal, "connected already");
    return;
  }
  SetState(BotState::kConnecting);
  position.wait = Wait::kConnect;
  position.wake_at = shard_.now() + step.timeout;
  WakeAt(position.wake_at);
  if (step.target) {
    FindTarget(position, step);
  } else {
    Open(position, shard_.AddressOf(step.server));
  }
}

void Bot::FindTarget(Position& position, const ConnectStep& step) {
  Draws draws(*this, DrawFor::kStep, position.pc);
  const Value& target = ValueOf(*step.target, Context(draws), shard_.room());
  const auto* text = std::get_if<std::string>(&target);
  const auto answer =
      shard_.targets().Find(*this, step.server, text != nullptr ? *text : ToText(target));
  if (!answer) return;  // OnTarget comes
  if (answer->address) {
    Open(position, *answer->address);
  } else {
    FailConnect(position, ConnectFailure::kTarget, answer->why_not);
  }
}

void Bot::OnTarget(std::uint8_t server, const TargetAnswer& answer) {
  for (Position& position : positions()) {
    if (position.wait != Wait::kConnect || ServerOf(position) != server) continue;
    if (answer.address) {
      Open(position, *answer.address);
    } else {
      FailConnect(position, ConnectFailure::kTarget, answer.why_not);
    }
    return;
  }
}

void Bot::Open(const Position& position, const servercore::NetAddress& address) {
  const std::uint8_t server = ServerOf(position);
  if (followed_)
    Note("connects to {} at {}", group_.program.servers[server].name, address.ToString());
  std::unique_ptr<BotSession> session = MakeSession(position, server);
  connections_[server] = session.get();
  shard_.service().Connect(std::move(session), address, shard_.SourceAddressOf(id_));
}

std::unique_ptr<BotSession> Bot::MakeSession(const Position& position, std::uint8_t server) {
  const servercore::SessionOptions& options = shard_.service().session_options();
  const Protocol& protocol = *group_.program.servers[server].protocol;
  const ServerMetrics& metrics = group_.metrics.servers[server];
  if (protocol.is_wrapped()) {
    const std::uint64_t seed = RandomFor(DrawFor::kHook, position.pc).Next();
    return std::make_unique<WrappedSession>(options, *this, shard_, server, protocol, metrics,
                                            seed);
  }
  return std::make_unique<BotSession>(options, *this, shard_, server, protocol, metrics);
}

void Bot::OnConnectLost(std::uint8_t server, bool timed_out, std::error_code error) {
  if (IsLocalLimit(error)) Report("generator_limited", "connect: {}", error.message());
  for (Position& position : positions()) {
    if (position.wait != Wait::kConnect) continue;
    const ConnectStep& step = group_.flow.connects[InstructionAt(position).index];
    if (step.server != server) continue;
    FailConnect(position, FailureOf(timed_out, error), timed_out ? "timed out" : error.message());
    return;
  }
}

/// `position` waits for a connection that will not come.
void Bot::FailConnect(Position& position, ConnectFailure failure, std::string_view why) {
  const ConnectStep& step = group_.flow.connects[InstructionAt(position).index];
  const ServerMetrics& metrics = group_.metrics.servers[step.server];
  const TimePoint now = shard_.now();
  const bool is_ours = failure == ConnectFailure::kLocal || failure == ConnectFailure::kTarget;
  if (shard_.ExcusesEndings() && !is_ours) {
    shard_.frame().Add(metrics.connects_excused);
  } else {
    shard_.frame().Count(metrics.connects_failed[static_cast<std::size_t>(failure)], true);
    Report("connects_failed", "connect to {} failed: {}", group_.program.servers[step.server].name,
           why);
  }
  if (failure == ConnectFailure::kTimeout)
    shard_.frame().RecordAtLeast(metrics.connect_duration, (now - position.due).count());
  position.wait = Wait::kReady;
  if (!Fail(step.on_fail.value_or(OnFail::kEndIteration))) return;
  SetState(BotState::kActive);
  ContinueAt(position, static_cast<std::uint16_t>(position.pc + 1), now);
}

/// A disconnect step came first: as a connection under way, this is cut, which is no failure.
bool Bot::LeaveLookup(std::uint8_t server) {
  for (Position& position : positions()) {
    if (position.wait != Wait::kConnect || ServerOf(position) != server) continue;
    shard_.targets().Forget(*this, server);
    SetState(BotState::kActive);
    ContinueAt(position, static_cast<std::uint16_t>(position.pc + 1), shard_.now());
    return true;
  }
  return false;
}

void Bot::ForgetTargets() {
  for (const Position& position : positions()) {
    if (position.wait != Wait::kConnect) continue;
    const ConnectStep& step = group_.flow.connects[InstructionAt(position).index];
    if (step.target) shard_.targets().Forget(*this, step.server);
  }
}

}  // namespace stressbot
