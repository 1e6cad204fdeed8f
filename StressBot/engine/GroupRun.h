#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "StressBot/engine/EngineMetrics.h"
#include "StressBot/engine/FeedRows.h"
#include "StressBot/engine/GroupSchedule.h"
#include "StressBot/engine/Program.h"

namespace stressbot {

class ArrivalProcess;

/// What the bots of one group share on one shard: the program, tables made from it, the ids of its
/// metrics, and how many bots are in which state.
/// Thread: its shard only.
class GroupRun {
 public:
  GroupRun(const Program& program, std::uint16_t index, const GroupMetrics& metrics);

  const Program& program;
  const std::uint16_t index;  ///< in Program::groups
  const Group& group;
  const FlowProgram& flow;
  const GroupMetrics& metrics;
  GroupSchedule schedule;  ///< as the program says, until somebody changes it
  const FeedRows feeds;

  /// The rules that a packet of that server may satisfy, as bits. Zero: it is only counted.
  std::uint64_t RulesOf(std::uint8_t server, PacketIndex packet) const {
    return rules_of_[server][packet];
  }

  /// The rule of fan-outs, as a bit; zero when its flow joins no audience.
  std::uint64_t fanout_rules() const { return fanout_rules_; }

  std::array<std::uint32_t, kBotStates> bots_in{};  ///< by BotState
  ArrivalProcess* arrivals = nullptr;               ///< of an open group

 private:
  void AddRule(const Incoming& incoming) {
    AddRule(incoming.server, incoming.packet, incoming.rule);
  }
  void AddRules(const Incoming& incoming, const std::vector<PacketIndex>& fail_on);
  void AddRule(std::uint8_t server, PacketIndex packet, std::uint16_t rule);

  std::array<std::vector<std::uint64_t>, kConnectionsMax> rules_of_;
  std::uint64_t fanout_rules_ = 0;
};

}  // namespace stressbot
