#include "StressBot/engine/GroupRun.h"

namespace stressbot {

GroupRun::GroupRun(const Program& its_program, std::uint16_t its_index,
                   const GroupMetrics& its_metrics)
    : program(its_program),
      index(its_index),
      group(its_program.groups[its_index]),
      flow(group.flow),
      metrics(its_metrics),
      schedule(group),
      feeds(its_program, its_index) {
  for (std::size_t i = 0; i < program.servers.size(); ++i) {
    rules_of_[i].resize(program.servers[i].protocol->packets().size(), 0);
  }
  for (const RequestStep& step : flow.requests) {
    AddRule(step.expect);
    for (const Incoming& part : step.also) AddRule(part);
    AddRules(step.expect, step.fail_on);
  }
  for (const ExpectStep& step : flow.expects) {
    AddRule(step.expect);
    AddRules(step.expect, step.fail_on);
  }
  for (const ListenStep& step : flow.listens) AddRule(step.incoming);
  for (const HostileStep& step : flow.hostiles) {
    if (step.expected == 0) continue;
    for (std::uint64_t& rules : rules_of_[step.server]) rules |= std::uint64_t{1} << step.rule;
  }
  if (flow.fanout_rule == kNone16) return;
  fanout_rules_ = std::uint64_t{1} << flow.fanout_rule;
  for (const FanOut& fanout : program.fanouts)
    AddRule(fanout.server, fanout.packet, flow.fanout_rule);
}

void GroupRun::AddRules(const Incoming& incoming, const std::vector<PacketIndex>& fail_on) {
  for (const PacketIndex packet : fail_on) AddRule(incoming.server, packet, incoming.rule);
}

void GroupRun::AddRule(std::uint8_t server, PacketIndex packet, std::uint16_t rule) {
  rules_of_[server][packet] |= std::uint64_t{1} << rule;
}

}  // namespace stressbot
