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
