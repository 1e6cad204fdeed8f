#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/engine/SimRun.h"

/// The same seed gives the same decisions for a bot, whatever the shards or the timing.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;
using Kind = Expression::Kind;

/// Draws of every sort, in two branches, with listeners and churn around them. Each chat says whose
/// it is and what was drawn.
Program Deciding(std::uint64_t seed) {
  const auto draws = [](std::string branch) {
    return Join({Of(Kind::kBotId), Literal(" " + branch + " "), Of(Kind::kIteration),
                 Literal(std::string(".")), Of(Kind::kLoop, branch == "a" ? 0 : 1),
                 Literal(std::string(" ")), DrawUniform(0, 1'000'000, true),
                 PickOf({Literal(std::string(" x")), Literal(std::string(" y"))}), Variable(0)});
  };
  const auto branch = [&](std::string name, Nanoseconds most) {
    return [=](FlowBuilder& flow) {
      flow.Repeat(UntilStop(), [&](FlowBuilder& body) {
        body.Set(0, DrawUniform(0, 1, false))
            .Send("C_CHAT", {{"msg", draws(name)}})
            .Think(Between(1ms, most));
      });
    };
  };
  FlowBuilder flow(ChatProtocol());
  flow.Connect().Request(Login()).Parallel({branch("a", 200ms), branch("b", 500ms)});
  Group group = Constant(flow.Build(1), 6, 20s);
  group.churn = Churn{Between(1s, 5s), 0.5, Between(100ms, 1s)};
  Group other = group;
  other.name = "others";
  return ProgramOf({group, other}, 1, seed);
}

using Decisions = std::map<std::string, std::vector<std::string>>;  // by bot and branch

Decisions Decide(std::uint64_t seed, std::size_t shards, servercore::SimOptions network) {
  SimRun run(Deciding(seed), {.shards = shards, .network = network});
  Decisions decisions;
  run.server().on_packet = [&](ScriptedServer::Peer&, std::string_view packet,
                               std::string_view text) {
    if (packet != "C_CHAT") return false;
    const std::string key(text.substr(0, text.find_first_of("ab") + 1));
    decisions[key].emplace_back(text.substr(key.size()));
    return true;
  };
  run.Start();
  EXPECT_TRUE(run.Finish());
  return decisions;
}

TEST(DeterminismTest, TheNumberOfShardsChangesNothing) {
  const Decisions one = Decide(7, 1, ExactNetwork());
  ASSERT_EQ(one.size(), 24U);
  for (const auto& [bot, list] : one) EXPECT_GT(list.size(), 20U) << bot;
  EXPECT_EQ(one, Decide(7, 2, ExactNetwork()));
  EXPECT_EQ(one, Decide(7, 3, ExactNetwork()));
  EXPECT_NE(one, Decide(8, 1, ExactNetwork()));
}

/// What a bot decided in one pass of one iteration: with other timing the passes are cut elsewhere.
std::map<std::string, std::string> ByPass(const Decisions& decisions) {
  std::map<std::string, std::string> passes;
  for (const auto& [bot, list] : decisions) {
    for (const std::string& text : list) {
      const std::size_t space = text.find(' ', 1);
      // Without the variable, which the two branches share: who wrote it last is timing.
      const std::string drawn = text.substr(space, text.find_first_of("xy") + 1 - space);
      passes[bot + text.substr(0, space)] = drawn;
    }
  }
  return passes;
}

TEST(DeterminismTest, NorDoesTheTiming) {
  const auto exact = ByPass(Decide(7, 1, ExactNetwork()));
  servercore::SimOptions slow;
  slow.seed = 99;
  slow.latency_min = 1ms;
  slow.latency_max = 80ms;
  slow.short_read_probability = slow.short_send_probability = 0.3;
  const auto other = ByPass(Decide(7, 3, slow));
  std::size_t common = 0;
  for (const auto& [pass, drawn] : exact) {
    const auto found = other.find(pass);
    if (found == other.end()) continue;
    ++common;
    EXPECT_EQ(found->second, drawn) << pass;
  }
  EXPECT_GT(common, exact.size() / 2);
}

}  // namespace
}  // namespace stressbot::testing
