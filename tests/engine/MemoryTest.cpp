#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

#include "StressBot/engine/Bot.h"
#include "StressBot/engine/BotSession.h"
#include "StressBot/engine/BotShard.h"
#include "tests/engine/SimRun.h"

/// How much a bot takes, and that its steady state takes nothing more. A program of its own, since
/// it counts every allocation.
namespace {

std::atomic<std::size_t> allocations{0};
std::atomic<std::ptrdiff_t> bytes_in_use{0};

constexpr std::size_t kAhead = 16;  // what was asked for is noted before each block

/// What glibc takes for it.
std::ptrdiff_t BlockBytes(std::size_t bytes) {
  return static_cast<std::ptrdiff_t>(std::max<std::size_t>(32, (bytes + 8 + 15) / 16 * 16));
}

}  // namespace

// GCC takes blocks apart by their allocator and does not see that both of these are ours.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
void* operator new(std::size_t bytes) {
  auto* block = static_cast<std::byte*>(std::malloc(bytes + kAhead));
  if (block == nullptr) throw std::bad_alloc();
  std::memcpy(block, &bytes, sizeof bytes);
  allocations.fetch_add(1, std::memory_order_relaxed);
  bytes_in_use.fetch_add(BlockBytes(bytes), std::memory_order_relaxed);
  return block + kAhead;
}
void operator delete(void* memory) noexcept {
  if (memory == nullptr) return;
  auto* block = static_cast<std::byte*>(memory) - kAhead;
  std::size_t bytes = 0;
  std::memcpy(&bytes, block, sizeof bytes);
  bytes_in_use.fetch_sub(BlockBytes(bytes), std::memory_order_relaxed);
  std::free(block);
}
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }
// Sanitizers have arrays of their own otherwise.
void* operator new[](std::size_t bytes) { return operator new(bytes); }
void operator delete[](void* memory) noexcept { operator delete(memory); }
void operator delete[](void* memory, std::size_t) noexcept { operator delete(memory); }

namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;

/// A shard with one bot that the test feeds by itself, on a server that says nothing.
class LoneBot {
 public:
  explicit LoneBot(FlowProgram flow) : program_(ProgramOf({Constant(std::move(flow), 1, 1h)})) {
    program_.servers[0].address = server_.address();
    server_.on_packet = [](auto&&...) { return true; };
    shard_.Start(world_.Now());
    // What all bots of a shard share is no bot's.
    shard_.arguments().assign(4, std::string(200, 'x'));
    shard_.room() = std::string(200, 'x');
    const std::ptrdiff_t before = bytes_in_use;
    bot_ = std::make_unique<Bot>(shard_, group_, 0U, 0U);
    bot_->Start();
    bytes_at_start_ = static_cast<std::size_t>(bytes_in_use - before);
    world_.RunFor(1ms);
  }
  ~LoneBot() {
    bot_->Stop(world_.Now(), 0ns);
    world_.RunFor(1s);
    bot_.reset();
    server_.StopListening();
    world_.Close();
  }
  LoneBot(const LoneBot&) = delete;
  LoneBot& operator=(const LoneBot&) = delete;

  bool Receive(std::string_view packet, const Wire& payload) {
    const PacketIndex index = ChatProtocol()->IndexOfName(packet);
    const auto bytes = std::as_bytes(std::span(payload.bytes()));
    const std::size_t before = allocations;
    const std::ptrdiff_t bytes_before = bytes_in_use;
    const bool wanted = bot_->OnPacket(0, index, bytes);
    allocated_ += allocations - before;
    bytes_of_packets_ +=
        static_cast<std::size_t>(std::max<std::ptrdiff_t>(bytes_in_use - bytes_before, 0));
    world_.RunFor(1ms);
    return wanted;
  }
  std::size_t bytes_at_start() const { return bytes_at_start_; }      ///< before it connects
  std::size_t bytes_of_packets() const { return bytes_of_packets_; }  ///< that it kept of them
  std::size_t TakeAllocated() { return std::exchange(allocated_, 0); }

 private:
  // The program's only bot belongs to the first of two shards: the second one is this bot's alone.
  static constexpr std::size_t kShards = 2;
  servercore::SimWorld world_{ExactNetwork()};
  ScriptedServer server_{world_};
  servercore::ShardGroup& clients_ = world_.AddProcess(1);
  Program program_;
  MetricsCatalog catalog_;
  const EngineMetrics metrics_{program_, kShards, catalog_};
  const LoadOptions options_{};
  IntervalCollector collector_{catalog_, kShards};
  FailureLog failures_;
  EventBoard board_{program_, kShards};
  const CommandPost post_;
  MarkLog marks_{0};
  const std::unique_ptr<RendezvousDesk> desk_;  // its flows meet nobody
  std::atomic<std::size_t> shards_running_{kShards};
  BotShard shard_{{program_, catalog_, metrics_, options_, collector_, failures_, board_, post_,
                   marks_, shards_running_, desk_, clients_.shard(0)},
                  clients_.shard(0),
                  kShards - 1,
                  kShards};
  GroupRun group_{program_, 0, metrics_.groups[0]};
  std::unique_ptr<Bot> bot_;
  std::size_t bytes_at_start_ = 0;
  std::size_t bytes_of_packets_ = 0;
  std::size_t allocated_ = 0;
};

Wire LoginReply() { return Wire().Number(1, 1).Message(2, Wire().Number(1, 1).Text(2, "bot-0")); }
Wire EnterReply() { return Wire().Number(1, 1).Message(3, Wire().Number(1, 1).Text(2, "bot-0")); }

TEST(MemoryTest, ABotInItsSteadyStateAllocatesNothing) {
  // Longer texts than a std::string keeps in itself, in the request, the key, the check, the save.
  const std::string text = "a text of more than fifteen letters ";
  Asked chat = Chat();
  chat.fields = {{"msg", Join({PickOf({Literal(text), Literal(text + "!")}), Stamp()})}};
  chat.where = {{"msg", Sent(0), CompareOp::kNe}};
  chat.check = {{"msg", Literal(text)}, {"playerId", Literal(std::int64_t{1})}};
  chat.save = {{0, "msg"}};
  FlowBuilder flow(ChatProtocol());
  flow.Connect().Repeat(UntilStop(), [&](FlowBuilder& body) {
    body.Set(1, Join({Variable(0), Literal(text)})).Request(chat);
  });
  LoneBot bot(flow.Build(2));
  const Wire reply = Wire().Number(1, 1).Text(2, text);
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(bot.Receive("S_CHAT", reply));  // memory is found
  bot.TakeAllocated();
  for (int i = 0; i < 1'000; ++i) ASSERT_TRUE(bot.Receive("S_CHAT", reply));
  EXPECT_EQ(bot.TakeAllocated(), 0U);
}

TEST(MemoryTest, NorDoesOneThatOnlyListensToOthers) {
  FlowBuilder flow(ChatProtocol());
  flow.Connect().Request(Chat());
  LoneBot bot(flow.Build());
  const Wire foreign = Wire().Number(1, 1).Text(2, "somebody else says something long");
  for (int i = 0; i < 100; ++i) ASSERT_FALSE(bot.Receive("S_CHAT", foreign));
  EXPECT_EQ(bot.TakeAllocated(), 0U);
}

TEST(MemoryTest, ABotWithItsSessionTakesAtMostAKibibyte) {
  LoneBot bot(LoginEnterChat(1ns));  // so short that it chats at once
  ASSERT_TRUE(bot.Receive("S_LOGIN", LoginReply()));
  ASSERT_TRUE(bot.Receive("S_ENTER_GAME", EnterReply()));
  const auto session = static_cast<std::size_t>(BlockBytes(sizeof(BotSession)));
  const std::size_t total = bot.bytes_at_start() + session + bot.bytes_of_packets();
  std::printf(
      "a bot: %zu bytes (sizeof %zu), its session %zu (sizeof %zu), its requests %zu: %zu\n",
      bot.bytes_at_start(), sizeof(Bot), session, sizeof(BotSession), bot.bytes_of_packets(),
      total);
  EXPECT_LE(total, 1'024U);
}

}  // namespace
}  // namespace stressbot::testing
