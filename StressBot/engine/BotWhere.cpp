#include "StressBot/engine/Bot.h"
#include "StressBot/engine/GroupRun.h"

/// Where in its flow a bot is, for those who ask.
namespace stressbot {

std::string_view Bot::StepNameOf(const Position& position) const {
  using Op = Instruction::Op;
  const FlowProgram& flow = group_.flow;
  const Instruction instruction = InstructionAt(position);
  switch (instruction.op) {
    case Op::kRequest:
      return flow.requests[instruction.index].name;
    case Op::kSend:
      return flow.sends[instruction.index].name;
    case Op::kExpect:
      return flow.expects[instruction.index].name;
    case Op::kConnect:
      return flow.connects[instruction.index].name;
    case Op::kParallel:
      for (const auto& branch : flow.parallels[instruction.index].branches) {
        const Position& inner = positions_[branch.position];
        if (inner.wait == Wait::kReply || inner.wait == Wait::kExpect ||
            inner.wait == Wait::kHostile)
          return StepNameOf(inner);
      }
      return "parallel";
    case Op::kRepeat:
      return "the wait of a repeat";
    case Op::kHostile:
      return flow.hostiles[instruction.index].name;
    case Op::kRendezvous:
      return flow.rendezvous[instruction.index].name;
    case Op::kThink:
      return "think";
    default:
      return "-";
  }
}

std::uint32_t Bot::StepNumberOf(const Position& position) const {
  const FlowProgram& flow = group_.flow;
  const std::uint32_t index = InstructionAt(position).index;
  const auto expects = 1U + static_cast<std::uint32_t>(flow.requests.size());
  const auto hostiles = expects + static_cast<std::uint32_t>(flow.expects.size());
  switch (position.wait) {
    case Wait::kReply:
      return 1U + index;
    case Wait::kExpect:
      return expects + index;
    case Wait::kHostile:
      return hostiles + index;
    case Wait::kRendezvous:
      return hostiles + static_cast<std::uint32_t>(flow.hostiles.size()) + index;
    default:
      return 0;
  }
}

std::uint32_t Bot::StepNumberOf(std::uint8_t server) const {
  for (const Position& position : positions()) {
    if (position.wait == Wait::kRendezvous) continue;
    const std::uint32_t number = StepNumberOf(position);
    if (number != 0 && ServerOf(position) == server) return number;
  }
  return 0;
}

std::optional<std::uint32_t> Bot::WaitingStep() const {
  if (state_ != BotState::kActive) return std::nullopt;
  for (const Position& position : positions()) {
    if (const std::uint32_t number = StepNumberOf(position); number != 0) return number;
  }
  return 0;
}

}  // namespace stressbot
