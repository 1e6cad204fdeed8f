#include "ServerCore/io/backends/SimPort.h"

#include <gtest/gtest.h>

#include "tests/core/PortHarness.h"
#include "tests/core/SimPortWorld.h"

/// What the simulated network adds to the contract: faults, limits and an exact repetition.
namespace servercore::testing {
namespace {

using namespace std::chrono_literals;

/// A harness that keeps hold of its simulated world.
struct Sim {
  explicit Sim(SimOptions options = {}) : Sim(std::make_unique<SimPortWorld>(options)) {}
  explicit Sim(std::unique_ptr<SimPortWorld> owned) : world(*owned), io(std::move(owned)) {}

  /// Lets the network come to rest.
  void Settle() {
    while (io.Collect() > 0 || world.GoOn()) {
    }
  }

  SimPortWorld& world;
  PortHarness io;
};

const SimOptions kFixedLatency{.latency_min = 1ms, .latency_max = 1ms};

std::uint64_t TraceOfAnEcho(std::uint64_t seed) {
  Sim sim({.seed = seed, .read_bytes_max = 5, .short_send_probability = 0.5});
  const auto [client, server] = sim.io.MakePair();
  const std::string text = "the same seed gives the same run";
  EXPECT_TRUE(sim.io.SendAll(sim.io.client(), client, AsBytes(text)));
  EXPECT_EQ(sim.io.ReadText(sim.io.server(), server, text.size()), text);
  return sim.world.network().trace_hash();
}

TEST(SimPortTest, TheSameSeedGivesTheSameRun) {
  EXPECT_EQ(TraceOfAnEcho(1), TraceOfAnEcho(1));
  EXPECT_NE(TraceOfAnEcho(1), TraceOfAnEcho(2));
}

TEST(SimPortTest, ManyLinksKeepTheirOwnOrder) {
  Sim sim({.seed = 3});
  std::array<Pair, 3> pairs;
  for (Pair& pair : pairs) pair = sim.io.MakePair();
  const std::string text = "0123456789";
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const Pair& pair : pairs) {
      ASSERT_TRUE(sim.io.SendAll(sim.io.client(), pair.client, AsBytes(text).subspan(i, 1)));
    }
  }
  for (const Pair& pair : pairs) {
    EXPECT_EQ(sim.io.ReadText(sim.io.server(), pair.server, text.size()), text);
  }
}

TEST(SimPortTest, BytesTakeTheirLatency) {
  Sim sim(kFixedLatency);
  const auto [client, server] = sim.io.MakePair();
  sim.Settle();
  const Clock::time_point sent_at = sim.world.network().Now();
  ASSERT_TRUE(sim.io.SendAll(sim.io.client(), client, AsBytes("x")));
  EXPECT_EQ(sim.world.network().NextEventTime(), sent_at + 1ms);
  EXPECT_EQ(sim.io.ReadText(sim.io.server(), server, 1), "x");
  EXPECT_EQ(sim.world.network().Now(), sent_at + 1ms);
}

TEST(SimPortTest, ARefusalTakesARoundTrip) {
  Sim sim(kFixedLatency);
  const Clock::time_point started_at = sim.world.network().Now();
  IoEvent connect;
  sim.io.Connect(NetAddress::Loopback(9), connect);
  ASSERT_TRUE(sim.io.RunUntilSeen(connect));
  EXPECT_EQ(connect.error, std::errc::connection_refused);
  EXPECT_EQ(sim.world.network().Now(), started_at + 2ms);
}

TEST(SimPortTest, ReadsOneByteAtATime) {
  Sim sim({.read_bytes_max = 1});
  const auto [client, server] = sim.io.MakePair();
  ASSERT_TRUE(sim.io.SendAll(sim.io.client(), client, AsBytes("abc")));
  std::array<std::byte, 16> block;
  const MutableBuffer piece{block.data(), block.size()};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(sim.io.ReadNext(sim.io.server(), server, {&piece, 1}).bytes, 1U);
  }
}

TEST(SimPortTest, ASenderStopsAtTheSocketBuffer) {
  Sim sim({.socket_buffer_bytes = 100});
  const auto [client, server] = sim.io.MakePair();
  const std::string text(250, 'x');
  const ConstBuffer piece{AsBytes(text).data(), text.size()};
  IoEvent writable;
  EXPECT_EQ(sim.io.client().Send(client, {&piece, 1}, writable).bytes, 100U);
  EXPECT_EQ(sim.io.client().Send(client, {&piece, 1}, writable).status, IoStatus::kPending);
  sim.Settle();
  EXPECT_EQ(sim.io.Seen(writable), 0U);  // delivered is not read
  EXPECT_EQ(sim.io.ReadText(sim.io.server(), server, 30).size(), 30U);
  ASSERT_TRUE(sim.io.RunUntil([&] { return sim.io.Seen(writable) == 1; }));
  EXPECT_EQ(sim.io.client().Send(client, {&piece, 1}, writable).bytes, 30U);
}

TEST(SimPortTest, APausedServerIsSilentUntilItResumes) {
  Sim sim;
  const Handle listener = sim.io.Listen();
  const NetAddress address = sim.io.server().LocalAddress(listener);
  AcceptEvent accept;
  IoEvent connect;
  sim.io.server().Accept(listener, accept);
  const Handle client = sim.io.Connect(address, connect);
  ASSERT_TRUE(sim.io.RunUntil([&] { return sim.io.Seen(accept) + sim.io.Seen(connect) == 2; }));
  const Handle server = sim.io.Attach(accept);

  sim.world.network().Pause(address);
  ASSERT_TRUE(sim.io.SendAll(sim.io.client(), client, AsBytes("one")));
  IoEvent readable;
  IoEvent late_connect;
  sim.io.server().AwaitReadable(server, readable);
  sim.io.Connect(address, late_connect);
  sim.Settle();
  EXPECT_EQ(sim.io.Seen(readable) + sim.io.Seen(late_connect), 0U);

  sim.world.network().AdvanceTo(sim.world.network().Now() + 1s);
  sim.world.network().Resume(address);
  ASSERT_TRUE(sim.io.SendAll(sim.io.client(), client, AsBytes("two")));
  sim.Settle();
  EXPECT_EQ(sim.io.Seen(readable), 1U);
  EXPECT_EQ(sim.io.Seen(late_connect), 1U);
  EXPECT_EQ(sim.io.ReadText(sim.io.server(), server, 6), "onetwo");
}

TEST(SimPortTest, ACutOffServerIsSilentForEver) {
  Sim sim;
  const Handle listener = sim.io.Listen();
  IoEvent connect;
  sim.world.network().CutOff(sim.io.server().LocalAddress(listener));
  const Handle client = sim.io.Connect(sim.io.server().LocalAddress(listener), connect);
  sim.Settle();
  EXPECT_EQ(sim.io.Seen(connect), 0U);
  sim.io.Close(sim.io.client(), client, CloseKind::kReset);
  EXPECT_EQ(connect.error, std::errc::operation_canceled);
}

TEST(SimPortTest, InjectedResetsReachBothEnds) {
  Sim sim;
  const auto [client, server] = sim.io.MakePair();
  sim.world.client().InjectReset(client);
  EXPECT_EQ(sim.io.ReadEnding(sim.io.client(), client).error, std::errc::connection_reset);
  EXPECT_EQ(sim.io.ReadEnding(sim.io.server(), server).error, std::errc::connection_reset);
}

TEST(SimPortTest, ResetAllEndsEveryConnectionAndEvenAConnect) {
  Sim sim;
  const auto [client, server] = sim.io.MakePair();
  const Handle listener = sim.io.Listen();
  IoEvent connect;
  sim.io.Connect(sim.io.server().LocalAddress(listener), connect);
  sim.world.network().ResetAll();
  ASSERT_TRUE(sim.io.RunUntilSeen(connect));
  EXPECT_EQ(connect.error, std::errc::connection_reset);
  EXPECT_EQ(sim.io.ReadEnding(sim.io.server(), server).error, std::errc::connection_reset);
}

TEST(SimPortTest, AnAcceptFailsByChanceAndTheConnectionWaits) {
  Sim sim({.accept_failure_probability = 0.9});
  const Handle listener = sim.io.Listen();
  IoEvent connect;
  sim.io.Connect(sim.io.server().LocalAddress(listener), connect);
  ASSERT_TRUE(sim.io.RunUntilSeen(connect));
  AcceptEvent accept;
  int failures = 0;
  do {
    sim.io.server().Accept(listener, accept);
    ASSERT_TRUE(sim.io.RunUntilSeen(accept));
    if (accept.error) ++failures;
  } while (accept.error);
  EXPECT_TRUE(accept.accepted);
  EXPECT_GT(failures, 0);
}

TEST(SimPortTest, AFullBacklogMakesTheNextConnectWaitASecond) {
  Sim sim(kFixedLatency);
  const Handle listener = sim.io.Listen(NetAddress::Loopback(0), 1);
  const Clock::time_point started_at = sim.world.network().Now();
  std::array<IoEvent, 2> connects;
  for (IoEvent& connect : connects) {
    sim.io.Connect(sim.io.server().LocalAddress(listener), connect);
  }
  ASSERT_TRUE(sim.io.RunUntil([&] { return sim.io.log().size() == 1; }));
  AcceptEvent accept;
  sim.io.server().Accept(listener, accept);
  ASSERT_TRUE(sim.io.RunUntil([&] { return sim.io.log().size() == 3; }));
  EXPECT_GE(sim.world.network().Now(), started_at + 1s);
}

TEST(SimPortTest, APortSaysWhenItsOwnerWantsATurn) {
  Sim sim;
  SimPort& port = sim.world.client();
  std::array<IoEvent*, 4> out;
  EXPECT_FALSE(port.runnable());

  port.Wake();
  EXPECT_TRUE(port.runnable());
  EXPECT_EQ(port.Wait(out, port.Now() + 5s), 0U);
  EXPECT_FALSE(port.runnable());
}

}  // namespace
}  // namespace servercore::testing
