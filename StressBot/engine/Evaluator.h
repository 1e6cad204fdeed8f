#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "ServerCore/io/CompletionPort.h"
#include "StressBot/engine/Program.h"
#include "StressBot/engine/Random.h"

namespace stressbot {

/// Text unique to each send: sender, its send, and the moment, in fixed width, so that a receiver
/// finds the parts by position.
class StampWriter {
 public:
  static constexpr std::size_t kChars = 28;  ///< 8 bot, 8 sequence, 12 microseconds; hexadecimal
  virtual void AppendStamp(std::string& out) = 0;

 protected:
  ~StampWriter() = default;
};

/// One pass of a repeat, as far as the bot must remember it.
struct LoopFrame {
  std::uint64_t count = 0;                   ///< passes done
  servercore::Clock::time_point next_due{};  ///< of `every`
  servercore::Clock::time_point late_due{};  ///< the oldest missed pass, if it goes next
  servercore::Clock::time_point end_at{};    ///< of a duration
};

/// What an expression may refer to. Everything lives only for the evaluation.
struct EvaluationContext {
  std::uint64_t bot_id = 0;
  std::uint64_t iteration = 0;
  std::span<const Value> variables;
  std::span<const LoopFrame> loops;
  std::span<const std::byte> packet;  ///< payload of the packet that triggered
  std::span<const Value> arguments;   ///< of the request that is matched
  Random* random = nullptr;
  StampWriter* stamps = nullptr;
};

/// `out` keeps its memory where it held a text before, so repeated use allocates nothing.
void Evaluate(const Expression& expression, const EvaluationContext& context, Value& out);

}  // namespace stressbot
