#include <gtest/gtest.h>

#include "tests/engine/SimRun.h"

/// What the bots say they sent and received, against what the server counted.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;
using servercore::CloseReason;

struct Counted {
  std::uint64_t sessions = 0, received = 0, sent = 0;
};

Counted AtServer(SimRun& run, bool reset) {
  Counted counted;
  for (const auto& peer : run.server().peers()) {
    const bool was_reset = peer->reason == CloseReason::kPeerReset;
    EXPECT_TRUE(was_reset || peer->reason == CloseReason::kPeerClosed);
    if (was_reset != reset) continue;
    ++counted.sessions;
    counted.received += peer->packets.size();
    counted.sent += peer->sent;
  }
  return counted;
}

class BalanceTest : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(BalanceTest, InOrderToThePacketResetAtMostWhatWasSent) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  Group group = Constant(LoginEnterChat(100ms), 12, 3s);
  group.churn = Churn{Between(200ms, 2s), 0.3, Between(0ms, 300ms)};
  SimRunOptions options;
  options.shards = 1 + GetParam() % 3;
  options.network.seed = GetParam();
  options.network.latency_min = 10us;
  options.network.latency_max = 5ms;
  options.network.short_read_probability = 0.3;
  options.network.short_send_probability = 0.3;
  options.network.spurious_readable_probability = 0.1;
  options.network.read_bytes_max = GetParam() % 2 == 0 ? 0 : 7;
  options.network.socket_buffer_bytes = 2'000;
  SimRun run(ProgramOf({group}, 1, GetParam()), options);
  run.Start();
  ASSERT_TRUE(run.Finish());
  run.RunFor(1s);  // resets on their way

  const Counted in_order = AtServer(run, false);
  const Tags orderly{{"how", "orderly"}};
  EXPECT_GT(in_order.sessions, 10U);
  EXPECT_EQ(run.Counter("sessions_ended", {{"by", "us"}, {"how", "orderly"}}), in_order.sessions);
  EXPECT_EQ(run.Counter("session_packets_sent", orderly), in_order.received);
  EXPECT_EQ(run.Counter("session_packets_received", orderly), in_order.sent);

  const Counted reset = AtServer(run, true);
  EXPECT_GT(reset.sessions, 2U);
  EXPECT_EQ(run.Counter("sessions_ended", {{"by", "us"}, {"how", "reset"}}), reset.sessions);
  EXPECT_LE(reset.received, run.Counter("session_packets_sent", {{"how", "reset"}}));
  EXPECT_LE(run.Counter("session_packets_received", {{"how", "reset"}}), reset.sent);

  EXPECT_EQ(run.Counter("sessions_ended"), in_order.sessions + reset.sessions);
  EXPECT_EQ(run.Counter("bots_dropped"), 0U);
  EXPECT_EQ(run.Counter("packets_sent"), run.Counter("session_packets_sent"));
  EXPECT_EQ(run.Counter("packets_received"), run.Counter("session_packets_received"));
  // Each request came to exactly one end.
  EXPECT_EQ(run.Counter("requests"),
            run.Rate("requests_failed").total + run.Counter("requests_abandoned"));
}
INSTANTIATE_TEST_SUITE_P(Seeds, BalanceTest, ::testing::Range<std::uint64_t>(1, 21));

}  // namespace
}  // namespace stressbot::testing
