#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "tests/core/CoreHarness.h"

/// Counts what this program takes from the heap. A program of its own, because it replaces
/// operator new for all of it.
namespace {
std::size_t allocations = 0;

void* Count(std::size_t bytes) {
  ++allocations;
  if (void* memory = std::malloc(bytes)) return memory;
  throw std::bad_alloc();
}
}  // namespace

void* operator new(std::size_t bytes) { return Count(bytes); }
void* operator new[](std::size_t bytes) { return Count(bytes); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace servercore::testing {
namespace {

/// Sends back what it gets, and nothing else.
class EchoSession final : public PacketSession {
 public:
  using PacketSession::PacketSession;
  int received = 0;

 private:
  void OnPacket(const PacketView& packet) override {
    ++received;
    Send(shard().send_buffers().Copy(packet.bytes));
  }
};

TEST(AllocationTest, ASteadyRoundTripTakesNothingFromTheHeap) {
  const PacketFraming framing;
  const std::unique_ptr<World> world = MakeWorld(WorldKind::kReal);
  ShardGroup& server_group = world->AddProcess(1);
  ShardGroup& client_group = world->AddProcess(1);
  ServerService server(server_group,
                       [&](Shard&, const NetAddress&) {
                         return std::make_unique<EchoSession>(server.session_options(), framing);
                       },
                       {});
  const NetAddress address = server.Start(NetAddress::Loopback(0)).value();
  ClientService client(client_group.shard(0), {});
  std::vector<EchoSession*> sessions;
  for (int i = 0; i < 20; ++i) {
    auto session = std::make_unique<EchoSession>(client.session_options(), framing);
    sessions.push_back(session.get());
    client.Connect(std::move(session), address);
  }
  ASSERT_TRUE(world->RunUntil([&] {
    return std::ranges::all_of(sessions, [](EchoSession* one) { return one->IsOpen(); });
  }));
  for (EchoSession* one : sessions) {  // two at once: gathered, and glued when they come back
    one->Send(BufferOf(one->shard(), Packet("to and fro")));
    one->Send(BufferOf(one->shard(), Packet("for ever")));
  }
  const auto rounds = [&](int count) {
    return world->RunUntil([&sessions, count] {
      return std::ranges::all_of(sessions,
                                 [&](EchoSession* one) { return one->received >= count; });
    });
  };
  ASSERT_TRUE(rounds(200));  // lists and pools have grown to their size
  const std::size_t before = allocations;
  ASSERT_TRUE(rounds(1000));
  EXPECT_LE(allocations - before, 2U);  // two for asking: a std::function
  server.Stop();
  world->Close();
}

}  // namespace
}  // namespace servercore::testing
