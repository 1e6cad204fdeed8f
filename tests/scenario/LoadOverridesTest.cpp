#include <gtest/gtest.h>

#include "ScenarioText.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;

const std::string kTwoGroups = R"({
  "servers": {"game": {"protocol": "@", "target": "127.0.0.1:1"}}, "warmup": "2s",
  "groups": {
    "many": {"executor": "ramping-bots", "flow": "f", "stages": [
      {"duration": "5s", "target": 500}, {"duration": "5s", "target": 1000}, {"duration": "30s", "target": 1000}]},
    "few": {"executor": "constant-bots", "flow": "f", "bots": 10, "duration": "20s", "startTime": "20s"}},
  "flows": {"f": [{"connect": "game"}]}
})";

Program With(const ScenarioOptions& options) {
  const Loaded loaded = LoadText(kTwoGroups, options);
  if (loaded.scenario) return loaded.program();
  ADD_FAILURE() << loaded.errors.ToString();
  return {};
}

TEST(LoadOverridesTest, BotsScaleAllGroupsInProportionAndAddUp) {
  for (const std::uint32_t bots : {2u, 3u, 7u, 100u, 101u, 1009u, 30'000u}) {
    const Program program = With({.bots = {{"", bots}}});
    EXPECT_EQ(program.BotsMax(), bots);
    EXPECT_GE(program.groups[1].BotsMax(), 1u);
  }
  const Program half = With({.bots = {{"", 505}}});
  EXPECT_EQ(half.groups[0].stages[0].target, 250u);
  EXPECT_EQ(half.groups[0].stages[2].target, 500u);
  EXPECT_EQ(half.groups[1].bots_at_start, 5u);
}

TEST(LoadOverridesTest, BotsOfOneGroupComeAfterThoseOfAll) {
  const Program program = With({.bots = {{"few", 33}, {"", 101}}});
  EXPECT_EQ(program.groups[0].BotsMax(), 100u);
  EXPECT_EQ(program.groups[1].BotsMax(), 33u);
}

TEST(LoadOverridesTest, ALongerLoadKeepsItsRamps) {
  const Program program = With({.duration = 80s});
  EXPECT_EQ(program.LoadDuration(), 80s);
  EXPECT_EQ(program.groups[0].stages[0].duration, 5s);
  EXPECT_EQ(program.groups[0].stages[1].duration, 5s);
  EXPECT_EQ(program.groups[0].stages[2].duration, 70s);
  EXPECT_EQ(program.groups[1].start_time, 40s);
  EXPECT_EQ(program.warmup, 2s);
}

TEST(LoadOverridesTest, AShorterLoadGivesRampsAtMostHalf) {
  const Program program = With({.duration = 10s});
  EXPECT_EQ(program.LoadDuration(), 10s);
  EXPECT_EQ(program.groups[0].stages[0].duration, 2500ms);
  EXPECT_EQ(program.groups[0].stages[2].duration, 5s);
  EXPECT_EQ(program.groups[1].start_time, 5s);
  EXPECT_EQ(program.warmup, 500ms);
}

TEST(LoadOverridesTest, TheEndIsExactWhateverTheNumbers) {
  for (const auto duration : {1s, 7s, 13s, 33s, 3600s, 100'003s})
    EXPECT_EQ(With({.duration = duration}).LoadDuration(), duration);
}

const std::string kVisitors = R"({
  "servers": {"game": {"protocol": "@", "target": "127.0.0.1:1"}},
  "groups": {
    "players": {"executor": "constant-bots", "flow": "f", "bots": 30, "duration": "60s"},
    "counted": {"executor": "per-bot-iterations", "flow": "f", "bots": 10, "iterations": 7, "maxDuration": "1m"},
    "steady": {"executor": "constant-arrival-rate", "flow": "f", "rate": 10, "maxBots": 40, "duration": "60s"},
    "wave": {"executor": "ramping-arrival-rate", "flow": "f", "startRate": 5, "maxBots": 20, "stages": [
      {"duration": "10s", "target": 30}, {"duration": "50s", "target": 30}]}},
  "flows": {"f": [{"connect": "game"}]}
})";

Program WithVisitors(const ScenarioOptions& options) {
  const Loaded loaded = LoadText(kVisitors, options);
  if (loaded.scenario) return loaded.program();
  ADD_FAILURE() << loaded.errors.ToString();
  return {};
}

TEST(LoadOverridesTest, ScaleIsForBotsAndRatesAlike) {
  const Program program = WithVisitors({.scale = 0.1});
  EXPECT_EQ(program.groups[0].BotsMax(), 3u);
  EXPECT_EQ(program.groups[1].BotsMax(), 1u);
  EXPECT_EQ(program.groups[1].iterations, 7u);
  EXPECT_EQ(program.groups[2].BotsMax(), 4u);
  EXPECT_DOUBLE_EQ(program.groups[2].arrivals->RateMax(), 1);
  EXPECT_DOUBLE_EQ(program.groups[3].arrivals->rate_at_start, 0.5);
  EXPECT_DOUBLE_EQ(program.groups[3].arrivals->RateMax(), 3);
  EXPECT_EQ(WithVisitors({.scale = 1e-9}).BotsMax(), 4u);  // one each
  EXPECT_EQ(WithVisitors({.scale = 3.0}).BotsMax(), 300u);
}

TEST(LoadOverridesTest, BotsOfGroupsWithArrivalsAreTheirMost) {
  const Program program = WithVisitors({.bots = {{"", 200}, {"wave", 5}}});
  EXPECT_EQ(program.groups[2].arrivals->bots_max, 80u);
  EXPECT_DOUBLE_EQ(program.groups[2].arrivals->RateMax(), 10);
  EXPECT_EQ(program.groups[3].arrivals->bots_max, 5u);
}

TEST(LoadOverridesTest, RatesOfAllThenOfOne) {
  const Program all = WithVisitors({.rates = {{"", 80}}});
  EXPECT_DOUBLE_EQ(all.groups[2].arrivals->RateMax(), 20);
  EXPECT_DOUBLE_EQ(all.groups[3].arrivals->RateMax(), 60);
  EXPECT_DOUBLE_EQ(all.groups[3].arrivals->rate_at_start, 10);
  EXPECT_EQ(all.groups[2].arrivals->bots_max, 40u);
  const Program one = WithVisitors({.rates = {{"steady", 7.5}, {"", 80}}, .scale = 0.5});
  EXPECT_DOUBLE_EQ(one.groups[2].arrivals->RateMax(), 7.5);
  EXPECT_DOUBLE_EQ(one.groups[3].arrivals->RateMax(), 60);
}

TEST(LoadOverridesTest, DurationHoldsForAllExecutors) {
  const Program longer = WithVisitors({.duration = 120s});
  for (const Group& group : longer.groups) EXPECT_EQ(group.Duration(), 120s) << group.name;
  EXPECT_EQ(longer.groups[3].arrivals->stages[0].duration, 10s);
  const Program shorter = WithVisitors({.duration = 6s});
  for (const Group& group : shorter.groups) EXPECT_EQ(group.Duration(), 6s) << group.name;
  EXPECT_EQ(shorter.groups[3].arrivals->stages[0].duration, 3s);
}

TEST(LoadOverridesTest, TargetsAndSeed) {
  const Program program = With({.targets = {{"game", "10.0.0.1:99"}}, .seed = 7});
  EXPECT_EQ(program.servers.front().target, "10.0.0.1:99");
  EXPECT_EQ(program.seed, 7u);
  EXPECT_EQ(With({.targets = {{"", "[::1]:99"}}}).servers.front().target, "[::1]:99");
  EXPECT_EQ(With({}).seed, kDefaultSeed);
}

struct OptionMistake {
  ScenarioOptions options;
  std::string option, words;
};

TEST(LoadOverridesTest, MistakesInOptionsAreNamed) {
  const std::vector<OptionMistake> mistakes = {
      {{.variables = {{"nam", "1"}}}, "--var", "no variable \"nam\""},
      {{.targets = {{"gane", "127.0.0.1:1"}}}, "--target", "did you mean \"game\"?"},
      {{.targets = {{"", "127.0.0.1"}}}, "--target", "is no HOST:PORT"},
      {{.bots = {{"", 1}}}, "--bots", "2 groups"},
      {{.bots = {{"", 0}}}, "--bots", "at least one bot"},
      {{.bots = {{"man", 5}}}, "--bots", "did you mean \"many\"?"},
      {{.rates = {{"", 5}}}, "--rate", "no group of the scenario has an arrival executor"},
      {{.rates = {{"few", 5}}}, "--rate", "has no arrivals"},
      {{.rates = {{"fev", 5}}}, "--rate", "did you mean \"few\"?"},
      {{.scale = 0.0}, "--scale", "more than zero"},
      {{.scale = 1e9}, "--scale", "countable"},
      {{.duration = 0s}, "--duration", "longer than zero"}};
  for (const OptionMistake& mistake : mistakes) {
    const Loaded loaded = LoadText(kTwoGroups, mistake.options);
    ASSERT_EQ(loaded.errors.list().size(), 1u) << mistake.words << loaded.errors.ToString();
    const Diagnostic& error = loaded.errors.list().front();
    EXPECT_EQ(error.file, mistake.option);
    EXPECT_NE(error.message.find(mistake.words), std::string::npos) << error.message;
  }
}

}  // namespace
}  // namespace stressbot
