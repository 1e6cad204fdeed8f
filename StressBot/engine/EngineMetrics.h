#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "StressBot/engine/Program.h"
#include "StressBot/metrics/MetricsCatalog.h"

namespace stressbot {

/// How an iteration ended.
enum class Outcome : std::uint8_t { kCompleted, kFailed, kCut, kInterrupted };
inline constexpr std::size_t kOutcomes = 4;
inline constexpr std::array<const char*, kOutcomes> kOutcomeNames{"completed", "failed", "cut",
                                                                  "interrupted"};

/// What a bot is doing, for the gauge `bots`.
enum class BotState : std::uint8_t {
  kDormant,     ///< its time has not come, or it is over
  kConnecting,  ///< in an iteration, waiting for a connection
  kActive,      ///< in an iteration
  kEnding,      ///< its connections are being closed
  kAway         ///< between iterations: churn or retry
};
inline constexpr std::size_t kBotStates = 5;

/// How a connection ended.
enum class Ending : std::uint8_t {
  kUsOrderly,
  kUsReset,
  kUsTimeout,
  kServerOrderly,
  kServerReset,
  kTimeout
};
inline constexpr std::size_t kEndings = 6;

/// The classes in which packets are balanced against the server's own count.
enum class EndingClass : std::uint8_t { kInOrder, kReset, kOther };
inline constexpr std::size_t kEndingClasses = 3;

/// How an established connection was lost, for bots_dropped.
enum class DropKind : std::uint8_t { kClosed, kReset, kTimeout };
inline constexpr std::size_t kDropKinds = 3;

/// Why a request failed. Each has a series of requests_failed behind the one of those that succeed.
enum class RequestFailure : std::uint8_t {
  kTimeout,
  kFailOn,  ///< answered by a packet of failOn
  kLost,    ///< the connection ended
  kUndecodable,
  kMissing,  ///< nothing to save
  kNotSent   ///< could not be made or sent
};
inline constexpr std::size_t kRequestFailures = 6;
inline RateId FailedBy(RateId failed, RequestFailure why) {
  return {failed.index + 1U + static_cast<std::uint32_t>(why)};
}

/// Why a connection ended, where it was by us.
enum class EndReason : std::uint8_t {
  kNone,  ///< it was not
  kEnd,   ///< of the iteration
  kFailure,
  kCut,  ///< churn or an event
  kStop,
  kStep,  ///< a disconnect of the flow
  kBadPacket,
  kQueueFull  ///< the server does not read
};
inline constexpr std::size_t kEndReasons = 8;

/// Why a connect failed.
enum class ConnectFailure : std::uint8_t {
  kRefused,  ///< by the host
  kTimeout,
  kTarget,  ///< malformed, unknown or not allowed
  kLocal,   ///< our own ports, descriptors or state
  kOther    ///< unreachable, and whatever else the system says
};
inline constexpr std::size_t kConnectFailures = 5;

struct StepMetrics {
  TrendId duration, service_time;
  CounterId requests, abandoned, omitted;
  RateId failed;               ///< see FailedBy
  std::vector<RateId> checks;  ///< of all its parts, one after the other
};

/// Of one kind of packet, as the members of a group hear it.
struct FanOutMetrics {
  TrendId delay;
  RateId delivered;
  CounterId apart;  ///< heard, and not judged
};

struct HostileMetrics {
  RateId failed;  ///< requests_failed: what could not be sent
  RateId check;   ///< whether the server did what is expected
  std::array<CounterId, kHostileOutcomes> outcomes;
};

struct ServerMetrics {
  TrendId connect_duration, recovery_duration;
  RateId connected;  ///< in the rate connects_failed
  std::array<RateId, kConnectFailures> connects_failed;
  CounterId packets_sent, packets_received, packets_unhandled;  ///< first of one a packet type
  CounterId packets_late, packets_invalid;                      ///< see OfPacket
  CounterId data_sent, data_received;
  std::array<std::vector<CounterId>, kDropKinds> dropped;  ///< by kind and step number
  /// What an event excuses; there only when one of the program does.
  std::array<CounterId, kDropKinds> drops_excused;
  CounterId connects_excused;
  std::array<std::array<CounterId, kEndReasons>, kEndings> ended;
  std::array<CounterId, kEndingClasses> session_packets_sent, session_packets_received;
};

struct GroupMetrics {
  std::vector<StepMetrics> requests;  ///< by index in FlowProgram::requests
  std::vector<StepMetrics> expects;   ///< by index in FlowProgram::expects; only failed and checks
  /// Packets of sends that could not be made or sent, as requests_failed; by index in
  /// FlowProgram::sends. Those that could are counted only where nothing is requested: else they
  /// would hide failing requests among them.
  std::vector<RateId> sends_failed;
  /// What listens could not send, as requests_failed; by index in FlowProgram::listens. Only
  /// failures: nobody expects data of a listen that hears nothing.
  std::vector<RateId> listens_failed;
  std::vector<HostileMetrics> hostiles;   ///< by index in FlowProgram::hostiles
  std::vector<RateId> rendezvous_failed;  ///< the same for time-outs of FlowProgram::rendezvous
  bool sends_are_samples = false;
  std::vector<FanOutMetrics> fanouts;  ///< by index in Program::fanouts; none if it joins nothing
  std::vector<ServerMetrics> servers;  ///< by index in Program::servers
  std::array<CounterId, kOutcomes> iterations;
  TrendId iteration_duration;
  RateId load_delivered;
  CounterId dropped_iterations;          ///< of groups with arrivals or a number of iterations
  std::array<GaugeId, kBotStates> bots;  ///< by state; the active ones are told by step
  std::vector<GaugeId> bots_in_step;     ///< active ones, by Bot::WaitingStep
  std::vector<GaugeId> bots_silent;      ///< by index in FlowProgram::requests
};

/// The place of that packet's series behind `first`, which is of those without a known packet.
inline CounterId OfPacket(CounterId first, PacketIndex packet) {
  return {first.index + 1U + packet};
}

struct WatchedServerMetrics {
  WatchedServerMetrics() = default;
  WatchedServerMetrics(const std::string& server, MetricsCatalog& catalog);

  GaugeId up, cpu, memory, handles, threads;
};

/// The ids of all built-in series of a program. Made once before the run; constant.
struct EngineMetrics {
  /// Registers every series that this program can fill.
  EngineMetrics(const Program& program, std::size_t shards, MetricsCatalog& catalog);

  std::vector<GroupMetrics> groups;
  std::vector<TrendId> lateness;              ///< by shard
  std::vector<GaugeId> generator_cpu;         ///< by shard, percent of one core
  GaugeId generator_memory;                   ///< bytes; set by whoever owns the process
  std::vector<WatchedServerMetrics> servers;  ///< set by whoever watches the servers
};

}  // namespace stressbot
