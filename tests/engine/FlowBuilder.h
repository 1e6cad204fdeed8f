#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "StressBot/engine/Program.h"

namespace stressbot::testing {

// Expressions.
Expression Literal(Value value);
Expression Variable(std::uint16_t slot);
Expression Of(Expression::Kind kind, std::uint16_t slot = 0);
Expression Join(std::vector<Expression> parts);  ///< as one text
Expression Combine(Expression::Kind kind, Expression left, Expression right);
Expression PickOf(std::vector<Expression> choices);
Expression DrawUniform(double least, double most, bool whole);
inline Expression Stamp() { return Of(Expression::Kind::kStamp); }
inline Expression Sent(std::uint16_t argument) {
  return Of(Expression::Kind::kSentField, argument);
}
Distribution Exactly(Nanoseconds duration);
Distribution Between(Nanoseconds least, Nanoseconds most);

struct Compared {
  std::string field;
  Expression expected;
  CompareOp op = CompareOp::kEq;
  FieldPath::Want want = FieldPath::Want::kValue;
};
struct Saved {
  std::uint16_t variable = 0;
  std::string field;
};
/// A request, expect or listen in the words of a scenario. Every field of `fields` is an argument.
struct Asked {
  std::string packet;
  std::vector<std::pair<std::string, Expression>> fields{};
  std::string expect{};
  std::vector<Compared> where{};
  std::vector<Compared> check{};
  std::vector<Saved> save{};
  std::vector<std::string> fail_on{};
  Nanoseconds timeout = std::chrono::seconds(5);
  std::optional<OnFail> on_fail{};
  std::string name{};  ///< else the packet's
  std::uint8_t server = 0;
  std::vector<Asked> also{};  ///< expectAll: `expect`, `where`, `check` and `save` of each count
  bool awaited = true;
  std::optional<Expression> audience{};  ///< of the program's only fan-out
  bool by_correlation = false;
};

/// Lays out a flow as the scenario compiler does.
class FlowBuilder {
 public:
  using Body = std::function<void(FlowBuilder&)>;
  explicit FlowBuilder(std::shared_ptr<const Protocol> protocol);

  FlowBuilder& Connect(std::uint8_t server = 0, Nanoseconds timeout = std::chrono::seconds(5),
                       std::optional<OnFail> on_fail = {});
  FlowBuilder& ConnectTo(Expression target, std::uint8_t server = 0,
                         Nanoseconds timeout = std::chrono::seconds(5));
  FlowBuilder& Request(const Asked& asked);
  FlowBuilder& Send(std::string packet,
                    std::vector<std::pair<std::string, Expression>> fields = {});
  FlowBuilder& Expect(const Asked& asked);  ///< `expect` names the packet
  FlowBuilder& Listen(const Asked& asked, std::vector<ListenAction> actions);
  FlowBuilder& Repeat(RepeatStep head, const Body& body);
  FlowBuilder& Parallel(const std::vector<Body>& branches);
  FlowBuilder& Choose(const std::vector<std::pair<double, Body>>& options);
  FlowBuilder& Mark(std::uint16_t mark);
  FlowBuilder& Hostile(HostileStep step);
  FlowBuilder& Rendezvous(std::uint16_t point, std::optional<Nanoseconds> timeout = {},
                          std::optional<OnFail> on_fail = {});
  FlowBuilder& Think(Distribution duration);
  FlowBuilder& Set(std::uint16_t variable, Expression value);
  FlowBuilder& SendTo(Expression audience, std::string packet,
                      std::vector<std::pair<std::string, Expression>> fields);
  FlowBuilder& Join(Expression audience);
  FlowBuilder& Leave(Expression audience);
  FlowBuilder& Disconnect(std::uint8_t server = 0, bool reset = false);
  FlowProgram Build(std::size_t variables = 0);

  Outgoing MakeOutgoing(std::string_view packet,
                        const std::vector<std::pair<std::string, Expression>>& fields,
                        std::uint8_t server = 0) const;
  FieldPath Path(std::string_view packet, std::string_view field) const;

 private:
  Incoming MakeIncoming(const Asked& asked);
  Condition MakeCondition(std::string_view packet, const Compared& compared) const;
  void Emit(Instruction::Op op, std::size_t table_size);
  std::uint16_t Here() const { return static_cast<std::uint16_t>(flow_.code.size()); }

  std::shared_ptr<const Protocol> protocol_;
  FlowProgram flow_;
  std::uint16_t positions_in_use_ = 1;
};

RepeatStep Times(std::uint64_t count);
RepeatStep UntilStop(std::optional<Nanoseconds> every = {});
RepeatStep For(Nanoseconds duration, std::optional<Nanoseconds> every = {});

/// The shipped flow: login, enter, chat every second with a stamp until the stop, disconnect.
FlowProgram LoginEnterChat(Nanoseconds every = std::chrono::seconds(1));
Asked Login();
Asked Enter();
Asked Chat();  ///< matched by its own stamp; the step is called "chat"

/// constant-bots.
Group Constant(FlowProgram flow, std::uint32_t bots, Nanoseconds duration);
/// per-bot-iterations.
Group Iterating(FlowProgram flow, std::uint32_t bots, std::uint32_t iterations,
                Nanoseconds max_duration);
/// constant-arrival-rate, in arrivals a second.
Group Arriving(FlowProgram flow, double rate, Nanoseconds duration, std::uint32_t bots_max);
/// One server whose address the harness fills in.
Program ProgramOf(std::vector<Group> groups, std::size_t servers = 1, std::uint64_t seed = 1);

FlowBuilder Flow();  ///< over ChatProtocol()

}  // namespace stressbot::testing
