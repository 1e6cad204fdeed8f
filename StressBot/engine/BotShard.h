#pragma once
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ServerCore/net/Service.h"
#include "ServerCore/thread/Shard.h"
#include "ServerCore/thread/Timer.h"
#include "StressBot/engine/BotRecorder.h"
#include "StressBot/engine/CommandPost.h"
#include "StressBot/engine/EngineMetrics.h"
#include "StressBot/engine/EventBoard.h"
#include "StressBot/engine/FailureLog.h"
#include "StressBot/engine/GroupRun.h"
#include "StressBot/engine/IntervalCollector.h"
#include "StressBot/engine/LoadClock.h"
#include "StressBot/engine/MarkLog.h"
#include "StressBot/engine/Misdeeds.h"
#include "StressBot/engine/Program.h"
#include "StressBot/engine/Rendezvous.h"
#include "StressBot/engine/ShardEvents.h"
#include "StressBot/metrics/MetricsFrame.h"

namespace stressbot {

class ArrivalProcess;
class Bot;
class BotSession;
class FanOutShard;
class TargetLookup;
struct LoadOptions;

/// The bots that live on one shard, what they share there, and its metrics.
/// Thread: its shard only, after the constructor.
class BotShard final : private servercore::Timer {
 public:
  /// What all shards of a run share. The references outlive it.
  struct Run {
    const Program& program;
    const MetricsCatalog& catalog;
    const EngineMetrics& metrics;
    const LoadOptions& options;
    IntervalCollector& collector;
    FailureLog& failures;
    EventBoard& board;
    const CommandPost& post;
    MarkLog& marks;
    std::atomic<std::size_t>& shards_running;
    const std::unique_ptr<RendezvousDesk>& desk;  ///< made when all shards are there
    servercore::Shard& desk_shard;
  };

  /// Takes every bot whose id is `index` modulo `shards`.
  BotShard(const Run& run, servercore::Shard& shard, std::size_t index, std::size_t shards);
  ~BotShard() override;

  /// Those of all shards. Once, before Start, if the program has fan-outs.
  void Meet(const std::vector<std::unique_ptr<BotShard>>& all);
  void Start(servercore::Clock::time_point started_at);
  /// Without `grace` each group's own: as if its duration were over.
  void Stop(std::optional<Nanoseconds> grace);
  void Execute(const LoadCommand& command);
  /// Cuts the bots that the order takes, in this very turn. Returns how many were in an iteration;
  /// none when the load is over.
  std::uint64_t Drop(const DropBots& drop);

  bool stopping() const { return stopping_; }  ///< by Stop, not by the schedule

  // For bots.
  servercore::Shard& shard() { return shard_; }
  servercore::ClientService& service() { return service_; }
  MetricsFrame& frame() { return frame_; }
  FailureLog& failures() { return run_.failures; }
  BotRecorder& recorder() { return recorder_; }
  bool follows() const;  ///< somebody watches all that the bots do
  MarkLog& marks() { return run_.marks; }
  servercore::Clock::time_point now() const { return shard_.now(); }
  servercore::Clock::time_point started_at() const { return started_at_; }
  /// Our load stands still: no bot takes a step, arrives, ends or comes back. Packets are taken,
  /// answered by listens, and may time out.
  bool paused() const { return clock_.paused(); }
  /// By the load's clock: where own waits are counted from. The same as now() unless paused.
  servercore::Clock::time_point load_now() const {
    return paused() ? started_at_ + clock_.paused_at() : now();
  }
  /// When the load would have begun, had it never paused: where its times are counted from.
  servercore::Clock::time_point load_started_at() const { return started_at_ + clock_.held(); }
  std::uint64_t seed() const { return run_.program.seed; }
  const servercore::NetAddress& AddressOf(std::uint8_t server) const { return addresses_[server]; }
  ShardEvents& events() { return events_; }
  /// Whether what ends now was to be expected, as an event said.
  bool ExcusesEndings() const { return run_.board.Excuses(now() - started_at_); }
  void RecordLateness(servercore::Clock::duration late) {
    frame_.Record(run_.metrics.lateness[index_], late.count());
  }
  const servercore::NetAddress* SourceAddressOf(std::uint32_t bot) const;
  /// For connects whose target a reply named. REQUIRES that a flow here has one.
  TargetLookup& targets() { return *targets_; }
  /// Room for the arguments of the packet being made: its texts keep their memory.
  std::vector<Value>& arguments() { return arguments_; }
  Misdeeds& misdeeds() { return misdeeds_; }
  Value& room() { return room_; }  ///< for a value that lives for one comparison or assignment
  std::string& text_room() { return text_room_; }
  FanOutShard* fanouts() { return fanouts_.get(); }  ///< nullptr when nobody sends to audiences
  /// The packet of `outgoing` from arguments(), as it is before anything wraps it. Lies in a send
  /// buffer that is open until Finish. Empty, and nothing to finish, when it exceeds the packet
  /// limit.
  std::span<std::byte> Encode(const Outgoing& outgoing);
  /// The same packet as it goes out on `session`. `correlation` is for the header field of that
  /// role. Empty when the protocol's hook refuses it.
  servercore::SendBuffer Finish(std::span<std::byte> packet, BotSession& session,
                                std::uint32_t correlation);
  /// Where packets lie that cannot be read or made in place, each until the next of its kind.
  enum class PacketRoom : std::uint8_t { kPlain, kOpened, kAnswer, kWire };
  std::span<std::byte> RoomFor(PacketRoom purpose, std::size_t bytes);
  void OnBotFinished();
  /// The bot waits at a rendezvous. Returns the number of its arrival, which LeaveFrom needs.
  std::uint32_t ArriveAt(std::size_t point, Bot& bot, std::uint8_t position);
  void LeaveFrom(std::size_t point, std::uint32_t arrival);

  /// From the desk: a meeting was complete at `at`, and those who arrived before `upto` go on.
  void ReleaseRendezvous(std::size_t point, std::uint32_t upto, servercore::Clock::time_point at);

 private:
  void OnTimer(servercore::Clock::time_point now) override;  ///< an interval of metrics ends
  void Carry(const MoveServer& move) { addresses_[move.server] = move.address; }
  void Carry(const DropBots& drop);
  void Carry(const PauseLoad& pause);
  void Carry(const ResumeLoad& resume);
  void Carry(const ChangeBots& change);
  void Carry(const ChangeRate& change);
  void LetTimeGoOn(Nanoseconds at);
  servercore::Clock::time_point LoadEnd() const;
  void EndInterval(servercore::Clock::time_point to);
  void DeliverFrame(servercore::Clock::time_point to);
  void SetGauges(servercore::Clock::time_point to);
  servercore::Clock::time_point NextBoundary() const;
  void FinishIfDone();
  void MakeGroup(std::uint16_t index, std::size_t shards, std::uint32_t first_id);

  const Run run_;
  servercore::Shard& shard_;
  const std::size_t index_;
  servercore::ClientService service_;
  std::vector<std::unique_ptr<GroupRun>> groups_;
  std::unique_ptr<FanOutShard> fanouts_;                   ///< outlives the bots
  std::vector<std::unique_ptr<ArrivalProcess>> arrivals_;  ///< of the open groups with bots here
  std::vector<std::unique_ptr<Bot>> bots_;
  BotRecorder recorder_;
  Misdeeds misdeeds_;
  std::vector<WaitingBots> waiting_;  ///< by rendezvous
  std::unique_ptr<TargetLookup> targets_;
  std::vector<Value> arguments_;
  Value room_;
  std::string text_room_;
  std::array<std::vector<std::byte>, 4> packet_rooms_;  ///< as large as the largest so far
  std::size_t bots_left_ = 0;
  std::vector<servercore::NetAddress> addresses_;  ///< by server; from Start on
  ShardEvents events_;

  MetricsFrame frame_;
  servercore::Clock::time_point started_at_{};
  servercore::Clock::time_point interval_from_{};
  LoadClock clock_;
  Phase phase_ = Phase::kWarmup;
  std::chrono::nanoseconds cpu_at_interval_start_{};
  bool stopping_ = false;
  bool finished_ = false;
};

}  // namespace stressbot
