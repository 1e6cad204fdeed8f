#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "ServerCore/io/CompletionPort.h"
#include "StressBot/engine/Program.h"
#include "StressBot/engine/Random.h"

namespace stressbot {

class FeedRows;

/// Writes a text unique to each send: see Stamp.
class StampWriter {
 public:
  virtual void AppendStamp(std::string& out) = 0;

 protected:
  ~StampWriter() = default;
};

/// Where an expression draws from. Asked only when it does draw: most steps never do, and a
/// generator with its key costs more than the rest of them.
class RandomSource {
 public:
  virtual Random& Get() = 0;

 protected:
  ~RandomSource() = default;
};

/// One pass of a repeat, as far as the bot must remember it.
struct LoopFrame {
  std::uint64_t count = 0;                   ///< passes done, and those omitted
  servercore::Clock::time_point next_due{};  ///< of `every`
  servercore::Clock::time_point late_due{};  ///< the oldest missed pass, if it goes next
  servercore::Clock::time_point end_at{};    ///< of a duration
};

/// What an expression may refer to. Everything lives only for the evaluation.
struct EvaluationContext {
  std::uint64_t bot_id = 0;
  std::uint64_t iteration = 0;
  std::uint32_t bot_number = 0;     ///< within its group
  const FeedRows* feeds = nullptr;  ///< of its group
  std::span<const Value> variables;
  std::span<const LoopFrame> loops;
  std::span<const std::byte> packet;  ///< payload of the packet that triggered
  std::span<const Value> arguments;   ///< of the request that is matched
  RandomSource* random = nullptr;
  StampWriter* stamps = nullptr;
};

/// `out` keeps its memory where it held a text before, so repeated use allocates nothing.
/// REQUIRES that `out` is none of the context's values.
void Evaluate(const Expression& expression, const EvaluationContext& context, Value& out);
/// The same without a copy of what exists already: the result is in `room` only if it was made.
const Value& ValueOf(const Expression& expression, const EvaluationContext& context, Value& room);

/// `out` keeps its memory where it held a text before. What is missing leaves it unset.
void Store(const FieldView& view, Value& out);

enum class Match : std::uint8_t { kNo, kYes, kMalformed };
/// Whether a payload fulfils a condition whose expected values are known; they are in order.
Match MatchOf(const Condition& condition, std::span<const std::byte> payload,
              std::span<const Value> expected);
/// The same with values computed as far as they are needed, in `room`.
Match MatchOf(const Condition& condition, std::span<const std::byte> payload,
              const EvaluationContext& context, Value& room);

}  // namespace stressbot
