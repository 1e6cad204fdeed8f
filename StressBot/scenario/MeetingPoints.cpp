#include "StressBot/scenario/MeetingPoints.h"

#include <algorithm>

namespace stressbot {

std::vector<std::uint32_t> BotsThatMeet(const ScenarioContext& context, const Program& program) {
  std::vector<std::uint32_t> bots(context.rendezvous.size(), 0);
  for (const Group& group : program.groups) {
    std::vector<bool> comes(bots.size(), false);
    for (const RendezvousStep& step : group.flow.rendezvous) comes[step.point] = true;
    for (std::size_t i = 0; i < bots.size(); ++i) bots[i] += comes[i] ? group.BotsMax() : 0;
  }
  return bots;
}

void FillMeetingPoints(const ScenarioContext& context, const std::vector<std::uint32_t>& before,
                       Program& program) {
  const std::vector<std::uint32_t> after = BotsThatMeet(context, program);
  program.rendezvous.resize(context.rendezvous.size());
  for (const auto& [name, point] : context.rendezvous) {
    const std::uint64_t had = before[point.point];
    const std::uint64_t has = after[point.point];
    std::uint64_t bots = point.bots;
    if (bots > had) {
      context.Error(point.path, "waits for " + std::to_string(bots) +
                                    " bots, but the groups that come to \"" + name +
                                    "\" have at most " + std::to_string(had) +
                                    "; without \"bots\" it waits for all of them");
      continue;
    }
    bots = bots == 0 ? has : std::max<std::uint64_t>((bots * has + had / 2) / had, 1);
    program.rendezvous[point.point] = {name, static_cast<std::uint32_t>(bots)};
  }
}

}  // namespace stressbot
