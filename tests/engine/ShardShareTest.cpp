#include <gtest/gtest.h>

#include "tests/engine/SimRun.h"

/// Many bots, or a greedy one, on one shard.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;
using Kind = Expression::Kind;

TEST(ShardShareTest, AFlowThatNeverWaitsHoldsNobodyAndDoesNotRecurse) {
  Asked totals = Chat();
  totals.fields = {{"msg", Join({Variable(0), Literal(std::string(" ")), Variable(1)})}};
  const auto spin = [](FlowBuilder& body) {
    body.Parallel({[](FlowBuilder& branch) {
                     branch.Set(0, Combine(Kind::kAdd, Variable(0), Literal(std::int64_t{1})));
                   },
                   [](FlowBuilder& branch) {
                     branch.Set(1, Combine(Kind::kAdd, Variable(1), Literal(std::int64_t{1})));
                   }});
  };
  Group spinning = Constant(FlowBuilder(ChatProtocol())
                                .Connect()
                                .Repeat(Times(200'000), spin)
                                .Request(totals)
                                .Think(Exactly(10s))
                                .Build(2),
                            1, 2s);
  Group other = Constant(LoginEnterChat(100ms), 1, 2s);
  other.name = "others";
  SimRunOptions options;
  SimRun run(ProgramOf({spinning, other}), options);
  run.world().SetCpu(run.shard(), {.per_turn = 1us, .per_event = 0us});  // or time stands still
  run.Start();
  run.RunFor(3s);
  ASSERT_EQ(run.server().peers().size(), 2U);
  const std::size_t spinner = run.server().peer(0).packets[0] == "C_CHAT" ? 0 : 1;
  EXPECT_EQ(run.server().peer(spinner).texts.back(), "200000 200000");
  EXPECT_EQ(run.server().Count("C_CHAT"), 1U + 20U);
}

TEST(ShardShareTest, AThousandBotsChat) {
  SimRun run(ProgramOf({Constant(LoginEnterChat(), 1'000, 3s)}));
  run.server().on_packet = [](ScriptedServer::Peer& peer, std::string_view packet,
                              std::string_view text) {
    if (packet != "C_CHAT") return false;
    peer.SendPacket("S_CHAT", Wire().Number(1, 1).Text(2, text));  // a room for each
    return true;
  };
  run.Start();
  run.RunFor(2s);
  EXPECT_EQ(run.Gauge("bots", {{"state", "active"}}), 1'000);
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Counter("requests", {{"step", "chat"}}), 3'000U);
  EXPECT_EQ(run.Rate("requests_failed").passed, 0U);
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "completed"}}), 1'000U);
  EXPECT_EQ(run.Gauge("bots", {{"state", "dormant"}}), 1'000);
}

}  // namespace
}  // namespace stressbot::testing
