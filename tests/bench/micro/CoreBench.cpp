/// The core's inner loops: framing, send buffers, broadcast.
#include <benchmark/benchmark.h>

#include <vector>

#include "ServerCore/net/SendBuffer.h"
#include "ServerCore/thread/Shard.h"
#include "tests/bench/floor/Sockets.h"
#include "tests/bench/micro/SimPeers.h"

namespace {

using servercore::Session;

/// OnRecv is for Session alone; here it is called without a socket.
struct OpenOnRecv : Session {
  using Session::OnRecv;
};

void FrameBlock(benchmark::State& state) {
  bench::SimPeers peers;
  peers.Connect(1);
  std::vector<std::byte> block;
  const bench::Frame frame = bench::MakeFrame(bench::kTick);
  while (block.size() < servercore::Shard::kReceiveBytes) {
    block.insert(block.end(), frame.begin(), frame.end());
  }
  bench::CountingSession& session = *peers.accepted().front();
  for (auto _ : state) (session.*&OpenOnRecv::OnRecv)(block);
  state.SetItemsProcessed(static_cast<std::int64_t>(session.packets()));
}
BENCHMARK(FrameBlock);

void OpenAndCloseBuffer(benchmark::State& state) {
  servercore::SendBufferManager manager;
  servercore::SendBufferPool pool(manager);
  for (auto _ : state) {
    benchmark::DoNotOptimize(pool.Open(bench::kFrameBytes).data());
    benchmark::DoNotOptimize(pool.Close(bench::kFrameBytes));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(OpenAndCloseBuffer);

/// From the inbox to the sends, as a room does it. What the simulated network then does with the
/// bytes is not timed; its part of each send is.
void BroadcastToThousand(benchmark::State& state) {
  constexpr std::size_t kReceivers = 1'000;
  bench::SimPeers peers;
  peers.Connect(kReceivers);
  std::vector<servercore::SessionId> ids;
  for (const auto* session : peers.accepted()) ids.push_back(session->ref().id());
  const auto list = std::make_shared<const std::vector<servercore::SessionId>>(std::move(ids));
  servercore::Shard& shard = peers.server_shard();
  const bench::Frame frame = bench::MakeFrame(bench::kTick);
  for (auto _ : state) {
    shard.PostBroadcast(list, shard.send_buffers().Copy(frame));
    shard.Turn(servercore::Clock::time_point::min());
    state.PauseTiming();
    peers.world().RunFor(std::chrono::milliseconds(1));
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kReceivers));
}
BENCHMARK(BroadcastToThousand);

}  // namespace
