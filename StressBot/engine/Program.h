#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ServerCore/net/NetAddress.h"
#include "StressBot/engine/Distribution.h"
#include "StressBot/engine/Event.h"
#include "StressBot/protocol/FieldPath.h"
#include "StressBot/protocol/PacketTemplate.h"
#include "StressBot/protocol/Protocol.h"
#include "StressBot/protocol/Value.h"

/// A scenario after it was read and checked: what the engine runs. Immutable, shared by all shards.
/// The scenario library makes it from JSON; the engine knows no file formats.
///
/// State that a bot needs is laid out here, once: each parallel branch has its own position, each
/// repeat its own loop place, each variable its own slot, each awaited packet its own rule bit.
/// (Calls are inlined and there is no recursion, so one place each is enough.)
namespace stressbot {

inline constexpr std::uint16_t kNone16 = 0xFFFF;
inline constexpr std::size_t kRulesMax = 64;       ///< a flow's awaited packets: bits of one mask
inline constexpr std::size_t kPositionsMax = 9;    ///< the flow itself and up to 8 branches
inline constexpr std::size_t kConnectionsMax = 4;  ///< servers a bot may be connected to at once
inline constexpr std::size_t kPartsMax = 8;        ///< packets that one request expects
inline constexpr std::size_t kFanOutsMax = 255;    ///< steps of a program that send to audiences

struct Expression {
  enum class Kind : std::uint8_t {
    kLiteral,
    kVariable,     ///< slot
    kBotId,        ///< stable slot from 0 within the run
    kIteration,    ///< passes through the flow so far
    kLoop,         ///< pass of the repeat whose loop place is `slot`
    kStamp,        ///< text unique to each send
    kPacketField,  ///< field of the packet that triggered
    kSentField,    ///< slot: argument of the request that is matched
    kFeedField,    ///< slot: in Program::feeds; column
    kConcat,       ///< operands as one text
    kPick,         ///< one of the operands
    kDraw,         ///< a number from `distribution`; whole if `whole`
    kAdd,
    kSub,
    kMul,
    kMod  ///< two operands
  };
  Kind kind = Kind::kLiteral;
  bool whole = false;
  std::uint16_t slot = 0;
  std::uint16_t column = 0;
  Value literal;
  Distribution distribution;
  FieldPath field;
  std::vector<Expression> operands;
};

enum class CompareOp : std::uint8_t { kEq, kNe, kLt, kLe, kGt, kGe, kIn };

/// One comparison on a received packet; `expected` has several values only for kIn.
struct Condition {
  FieldPath field;
  FieldPath::Want want = FieldPath::Want::kValue;
  CompareOp op = CompareOp::kEq;
  std::vector<Expression> expected;
};
struct Check {
  std::string name;  ///< "success", "size(players) >= 1"
  Condition condition;
};
struct Save {
  std::uint16_t variable = 0;
  FieldPath field;
};

/// What a failure of a step does; unset: the default of the error policy for that failure.
enum class OnFail : std::uint8_t { kContinue, kEndIteration, kStopBot, kAbortRun };

struct ConnectStep {
  std::string name;
  std::uint8_t server = 0;
  Nanoseconds timeout{};
  std::optional<OnFail> on_fail;
  std::optional<Expression> target{};  ///< HOST:PORT instead of the server's own
};

/// A packet to send and how its variable fields are computed, in order of the template's arguments.
struct Outgoing {
  std::uint8_t server = 0;
  PacketIndex packet = 0;
  PacketTemplate content;
  std::vector<Expression> arguments;
};

/// Where in a text a stamp stands: so many characters lie behind it, or before it.
struct StampPlace {
  bool from_end = true;
  std::uint32_t characters = 0;
};

/// What a step sends to audiences, and how their members know it when they receive it.
struct FanOut {
  std::string step;   ///< tag
  std::string where;  ///< the step's place in the file: groups that share a flow share this
  std::uint8_t server = 0;
  PacketIndex packet = 0;  ///< that members receive
  FieldPath field;         ///< of it: the text with the stamp of what was sent
  StampPlace stamp;
  Nanoseconds within{};   ///< from sent; what takes longer does not count as delivered
  bool to_sender = true;  ///< the sender, if it is a member, receives it too
};
/// That a step sends to an audience.
struct FanOutSend {
  std::uint8_t fanout = 0;  ///< in Program::fanouts
  Expression audience;
};

/// What to do with a packet that was waited for.
struct Incoming {
  std::uint8_t server = 0;
  std::uint16_t rule = 0;  ///< bit in the bot's armed mask; stable within the flow
  PacketIndex packet = 0;
  std::vector<Condition> where;
  std::vector<Check> checks;
  std::vector<Save> saves;
};

struct RequestStep {
  std::string name;   ///< step tag: "chat"; default: the packet's name
  std::string alias;  ///< metric: chat_rtt; may be empty
  std::string flow;   ///< flow tag: the flow that it is written in
  Outgoing send;
  Incoming expect;
  /// Of expectAll: what must have arrived besides, in any order. From the same server.
  std::vector<Incoming> also;
  std::vector<PacketIndex> fail_on;
  Nanoseconds timeout{};
  std::optional<OnFail> on_fail;
  bool unique_key = false;  ///< the reply holds something unique to each send (a stamp, a number)
  bool by_correlation = false;  ///< its replies have its number in the header field of that role
  bool awaited = true;  ///< else the flow goes on at once, and the reply is taken when it comes
  std::optional<FanOutSend> fanout;

  std::size_t Parts() const { return 1 + also.size(); }  ///< packets that make the answer
  const Incoming& Part(std::size_t part) const { return part == 0 ? expect : also[part - 1]; }
};
struct SendStep {
  std::string name, flow;
  Outgoing send;
  std::optional<FanOutSend> fanout;
};
/// The bot is in that audience from now on, or is not any more.
struct AudienceStep {
  std::uint8_t server = 0;
  Expression audience;
};
struct ExpectStep {
  std::string name, flow;
  Incoming expect;
  std::vector<PacketIndex> fail_on;
  Nanoseconds timeout{};
  std::optional<OnFail> on_fail;
};

/// `variable` takes the value of `value`.
struct Assignment {
  std::uint16_t variable = 0;
  Expression value;
};
/// One action of a listen: exactly one of the three.
struct ListenAction {
  std::optional<Outgoing> send;
  std::optional<Assignment> set;
  std::optional<Save> save;
};
struct ListenStep {
  std::string name, flow;
  Incoming incoming;
  std::vector<ListenAction> actions;

  bool Answers() const;  ///< it sends something
};
struct SetStep {
  std::vector<Assignment> assignments;
};
struct ThinkStep {
  Distribution duration;
};
enum class Late : std::uint8_t { kOnce, kCatchUp, kShift };
struct RepeatStep {
  enum class Mode : std::uint8_t { kCount, kUntilStop, kDuration };
  Mode mode = Mode::kCount;
  std::uint64_t count = 0;
  Nanoseconds duration{};
  std::optional<Nanoseconds> every;  ///< period of the fixed grid
  bool align = false;                ///< all bots at once instead of a drawn first phase
  Late late = Late::kOnce;
  std::uint16_t loop = 0;   ///< loop place
  std::uint16_t body = 0;   ///< first instruction of the body, which ends in kRepeatEnd
  std::uint16_t after = 0;  ///< the instruction behind it
  std::uint16_t first_request = kNone16;  ///< of the body; omitted passes are entered there
};
struct ParallelStep {
  struct Branch {
    std::string name;
    std::uint16_t position = 0;
    std::uint16_t begin = 0;  ///< first instruction; the branch ends in kBranchEnd
  };
  std::vector<Branch> branches;
  std::uint16_t after = 0;
};
/// One of several lists of steps, drawn by weight each time.
struct ChooseStep {
  struct Option {
    double weight_up_to = 0;  ///< its own and those of the options before it, together
    std::uint16_t begin = 0;  ///< first instruction; the option ends in kChooseEnd
  };
  std::vector<Option> options;  ///< the last one's weight_up_to is the sum, above 0
  std::uint16_t after = 0;
};
/// Waits until so many bots have come to the same point, on all shards together.
struct RendezvousStep {
  std::string name, flow;
  std::uint16_t point = 0;  ///< in Program::rendezvous
  std::optional<Nanoseconds> timeout;
  std::optional<OnFail> on_fail;
};
/// What a server did about a misbehaviour.
enum class HostileOutcome : std::uint8_t { kClosed, kIgnored, kReplied };
inline constexpr std::size_t kHostileOutcomes = 3;

/// A misbehaviour on an open connection, and what the server should do about it.
struct HostileStep {
  enum class Kind : std::uint8_t {
    kBytes,       ///< `bytes` as they are
    kPackets,     ///< `send`, `count` times in one piece
    kByteByByte,  ///< `send`, one byte a segment, with `pause` between them
    kFlood,       ///< `send`, `count` times, as fast as the server takes them, within `timeout`
    kSlowReader,  ///< reads nothing for `pause`
    kHalfOpen     ///< ends our sending side
  };
  std::string name, flow;
  std::string check;  ///< what is expected, in words: "close or reply"; empty: nothing
  Kind kind = Kind::kBytes;
  std::uint8_t server = 0;
  std::uint8_t expected = 0;           ///< a bit for each HostileOutcome; 0: it does not look
  std::uint16_t rule = 0;              ///< if it looks: any packet may be the reply
  PacketIndex reply = kUnknownPacket;  ///< the packet that is a reply; unknown: any
  std::vector<std::byte> bytes;
  Outgoing send;
  std::uint32_t count = 1;
  Nanoseconds pause{};
  Nanoseconds timeout{};
  std::optional<OnFail> on_fail;

  bool Expects(HostileOutcome outcome) const {
    return (expected >> static_cast<unsigned>(outcome) & 1U) != 0;
  }
};
struct MarkStep {
  std::uint16_t mark = 0;  ///< in Program::marks
};
struct DisconnectStep {
  std::uint8_t server = 0;
  bool reset = false;
};

struct Instruction {
  enum class Op : std::uint8_t {
    kConnect,
    kRequest,
    kSend,
    kExpect,
    kListen,
    kRepeat,
    kRepeatEnd,
    kParallel,
    kBranchEnd,
    kThink,
    kSet,
    kChoose,
    kChooseEnd,
    kMark,
    kRendezvous,
    kHostile,
    kDisconnect,
    kJoin,
    kLeave,
    kEnd
  };
  Op op = Op::kEnd;
  std::uint16_t index = 0;  ///< in the table of that kind; of an end: of what it ends
};

/// The flow of a group, all calls inlined. Execution begins at instruction 0, position 0.
struct FlowProgram {
  std::string name;
  std::vector<Instruction> code;
  std::vector<ConnectStep> connects;
  std::vector<RequestStep> requests;
  std::vector<SendStep> sends;
  std::vector<ExpectStep> expects;
  std::vector<ListenStep> listens;
  std::vector<RepeatStep> repeats;
  std::vector<ParallelStep> parallels;
  std::vector<ThinkStep> thinks;
  std::vector<SetStep> sets;
  std::vector<ChooseStep> chooses;
  std::vector<MarkStep> marks;
  std::vector<RendezvousStep> rendezvous;
  std::vector<HostileStep> hostiles;
  std::vector<DisconnectStep> disconnects;
  std::vector<AudienceStep> joins, leaves;
  std::uint16_t positions = 1;
  std::uint16_t loops = 0;
  std::uint16_t rules = 0;
  std::uint16_t fanout_rule = kNone16;  ///< of the packets of all fan-outs, if it joins audiences
  std::vector<std::string> variables;   ///< names by slot
  std::vector<std::uint16_t> feeds;     ///< those that it uses, in Program::feeds
};

struct Churn {
  Distribution lifetime;   ///< from established
  double reset_share = 0;  ///< of the endings; the others leave in order
  Distribution away;       ///< until the next iteration
};

/// Waits `after`, then `after x factor`, up to `max`; each varied by +-`jitter` of itself.
struct RetryPolicy {
  Nanoseconds after = std::chrono::seconds(1);
  double factor = 2;
  Nanoseconds max = std::chrono::seconds(30);
  double jitter = 0.5;
};

struct Stage {
  Nanoseconds duration{};
  std::uint32_t target = 0;  ///< bots at its end; between, the number changes linearly
};

/// Open model: iterations begin at their times, however long the earlier ones take. Rates are
/// arrivals a second.
struct Arrivals {
  struct Stage {
    Nanoseconds duration{};
    double rate = 0;  ///< at its end; between, the rate changes linearly
  };
  double rate_at_start = 0;
  std::vector<Stage> stages;
  std::uint32_t bots_max = 0;  ///< beyond it arrivals are dropped

  double RateMax() const;
};

/// Bots that run one flow. Closed model: constant-bots is a ramp of one stage, per-bot-iterations
/// one without a ramp, whose bots end earlier.
struct Group {
  std::string name;
  std::uint32_t bots_at_start = 0;
  std::vector<Stage> stages;
  std::uint32_t iterations = 0;      ///< a bot ends after so many; 0: no limit
  std::optional<Arrivals> arrivals;  ///< instead of `stages`
  /// Of a closed group: so many may be asked for while it runs, if more than the stages have.
  std::uint32_t bots_by_hand_max = 0;
  Nanoseconds start_time{};
  Nanoseconds graceful_stop = std::chrono::seconds(10);
  std::optional<Churn> churn;
  RetryPolicy retry;
  FlowProgram flow;

  std::uint32_t BotsMax() const;
  std::uint32_t BotsPossible() const;  ///< BotsMax, or more by hand
  Nanoseconds Duration() const;        ///< of the stages, from start_time: then nothing more begins
};

struct Server {
  std::string name;
  std::shared_ptr<const Protocol> protocol;
  std::string target;              ///< as written; empty: each connect to it says where
  servercore::NetAddress address;  ///< resolved before the run
};

/// Rows of values that all bots share in memory. Immutable.
struct FeedTable {
  std::vector<std::string> columns;
  std::vector<Value> values;  ///< row after row

  std::size_t rows() const { return columns.empty() ? 0 : values.size() / columns.size(); }
  const Value& at(std::size_t row, std::size_t column) const {
    return values[row * columns.size() + column];
  }
};

/// A table and who gets which of its rows.
struct Feed {
  enum class Give : std::uint8_t {
    kUnique,  ///< each bot its own, for the run
    kShared,  ///< round robin, the next one with each iteration
    kRandom   ///< drawn for each iteration
  };
  std::string name;
  Give give = Give::kShared;
  std::shared_ptr<const FeedTable> table;  ///< at least one row; for kUnique one a bot
  std::uint32_t bots = 0;                  ///< of the groups that use it
  std::vector<std::uint32_t> first_bot;    ///< by group: the bots of those before it
};

/// A point where bots meet.
struct Rendezvous {
  std::string name;
  std::uint32_t bots = 0;  ///< how many go on together
};

struct Program {
  std::string name, description, file;
  std::uint64_t seed = 0;
  std::vector<Server> servers;     ///< at most kConnectionsMax
  std::vector<std::string> marks;  ///< names that steps may set, each once
  std::vector<Rendezvous> rendezvous;
  std::vector<Feed> feeds;
  Nanoseconds warmup{};
  std::vector<Group> groups;
  std::vector<Event> events;
  std::vector<FanOut> fanouts;  ///< at most kFanOutsMax

  std::uint32_t BotsMax() const;       ///< sum over the groups
  std::uint32_t BotsPossible() const;  ///< the same
  Nanoseconds LoadDuration() const;    ///< start to the end of the last group's stages
};

}  // namespace stressbot
