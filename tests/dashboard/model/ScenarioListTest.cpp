#include "StressBot/dashboard/model/ScenarioList.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>

#include "StressBot/dashboard/model/SavedRuns.h"
#include "StressBot/system/Utf8Path.h"
#include "tests/TemporaryDirectory.h"
#include "tests/dashboard/model/ScenarioFiles.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> NamesOf(const ScenarioListing& listing) {
  std::vector<std::string> names;
  for (const auto& scenario : listing.scenarios) {
    names.push_back(scenario->section.empty() ? scenario->name
                                              : scenario->section + "/" + scenario->name);
  }
  return names;
}

/// As if somebody had saved it a while later.
void Touch(const std::filesystem::path& file) {
  std::filesystem::last_write_time(file, std::filesystem::last_write_time(file) + 5s);
}

TEST(ScenarioListTest, ShowsWhatAScenarioHas) {
  const auto scenario = ReadListed(ShippedFolder() / "town.json");
  ASSERT_TRUE(scenario);
  EXPECT_THAT(scenario->mistakes, IsEmpty());
  EXPECT_EQ(scenario->name, "town");
  EXPECT_THAT(scenario->description, HasSubstr("1,000 players chat"));
  ASSERT_EQ(scenario->groups.size(), 2U);
  const GroupSummary& players = scenario->groups[0];
  EXPECT_EQ(players.executor, "ramping-bots");
  EXPECT_EQ(players.bots, 1000U);
  EXPECT_FALSE(players.is_open);
  EXPECT_EQ(players.length, 70s);
  EXPECT_THAT(players.curve,
              ElementsAre(LoadPoint{0, 0}, LoadPoint{10, 1000}, LoadPoint{70, 1000}));
  const GroupSummary& visitors = scenario->groups[1];
  EXPECT_TRUE(visitors.is_open);
  EXPECT_EQ(visitors.bots, 500U);
  EXPECT_DOUBLE_EQ(visitors.rate, 50);
  EXPECT_EQ(visitors.start, 10s);
  EXPECT_THAT(visitors.curve, ElementsAre(LoadPoint{10, 50}, LoadPoint{70, 50}));
  ASSERT_EQ(scenario->servers.size(), 1U);
  EXPECT_EQ(scenario->servers[0].protocol, "town.protocol.json");
  ASSERT_EQ(scenario->variables.size(), 1U);
  EXPECT_EQ(scenario->variables[0].recipe, "{\"pick\":[\"hi\",\"안녕하세요\",\"gg\"]}");
  EXPECT_EQ(scenario->length, 70s);
}

TEST(ScenarioListTest, TellsAllMistakesWithTheirPlaces) {
  const TemporaryDirectory folder;
  const auto file = folder.path() / "town.json";
  Write(file, R"({"name": "마을", "description": "half written",
  "servers": {"game": {"protocol": "missing.protocol.json", "target": "127.0.0.1:7777"}},
  "groups": {"players": {"executor": "constant-bot", "flow": "player", "bots": 10, "duration": "30s"}},
  "flows": {"player": [{"connect": "game"}]}})");
  const auto scenario = ReadListed(file);
  ASSERT_TRUE(scenario);
  EXPECT_EQ(scenario->name, "마을");
  EXPECT_EQ(scenario->description, "half written");
  ASSERT_EQ(scenario->mistakes.size(), 2U);
  EXPECT_EQ(scenario->mistakes[0].line, 2);
  EXPECT_EQ(scenario->mistakes[0].path, "servers.game.protocol");
  EXPECT_EQ(scenario->mistakes[1].line, 3);
  EXPECT_THAT(scenario->mistakes[1].message, HasSubstr("did you mean \"constant-bots\"?"));
  EXPECT_THAT(scenario->groups, IsEmpty());
}

TEST(ScenarioListTest, WhatIsNoJsonIsAScenarioWithAMistake) {
  const TemporaryDirectory folder;
  Write(folder.path() / "broken.json", "{\n  \"name\": oops\n}");
  const auto scenario = ReadListed(folder.path() / "broken.json");
  ASSERT_TRUE(scenario);
  EXPECT_EQ(scenario->name, "broken");
  ASSERT_EQ(scenario->mistakes.size(), 1U);
  EXPECT_EQ(scenario->mistakes[0].line, 2);
}

TEST(ScenarioListTest, ListsScenariosOnlyAndFoldersApart) {
  const ScenarioFolder folder;
  Write(folder.path() / "scenario.schema.json", "{\"groups\": {}}");
  Write(folder.path() / "run.json", "{\"schema\": \"stressbot-run/1\"}");
  std::filesystem::create_directories(folder.path() / "hostile");
  Write(folder.path() / "hostile" / "flood.json", SmallScenario("../chat.protocol.json"));
  Write(folder.path() / "arena.json", SmallScenario());
  const auto listing = ReadListing(folder.path(), {}, nullptr);
  EXPECT_TRUE(listing->is_folder);
  EXPECT_THAT(NamesOf(*listing), ElementsAre("arena", "small", "hostile/flood"));
  EXPECT_THAT(listing->scenarios[2]->mistakes, IsEmpty());
}

TEST(ScenarioListTest, ReadsOnlyWhatChanged) {
  const ScenarioFolder folder;
  Write(folder.path() / "arena.json", SmallScenario());
  const auto before = ReadListing(folder.path(), {}, nullptr);
  Touch(folder.path() / "arena.json");
  const auto now = ReadListing(folder.path(), {}, before.get());
  ASSERT_EQ(now->scenarios.size(), 2U);
  EXPECT_NE(now->scenarios[0], before->scenarios[0]) << "arena was saved";
  EXPECT_EQ(now->scenarios[1], before->scenarios[1]) << "small was not";

  Touch(folder.path() / "chat.protocol.json");
  const auto later = ReadListing(folder.path(), {}, now.get());
  EXPECT_NE(later->scenarios[1], now->scenarios[1]) << "what it reads may be wrong now";
}

TEST(ScenarioListTest, ANamedFileIsThereWhateverItIs) {
  const ScenarioFolder folder;
  const TemporaryDirectory elsewhere;
  const auto missing = elsewhere.path() / "missing.json";
  const auto absent = ReadListing(folder.path(), missing, nullptr);
  ASSERT_TRUE(absent->named);
  EXPECT_EQ(absent->scenarios[0], absent->named);
  EXPECT_THAT(absent->named->mistakes.front().ToString(), HasSubstr("missing.json"));

  const auto protocol = ReadListing(folder.path(), folder.path() / "chat.protocol.json", nullptr);
  ASSERT_TRUE(protocol->named);
  EXPECT_THAT(protocol->named->mistakes.front().message, HasSubstr("is no scenario"));

  const auto own = ReadListing(folder.path(), folder.path() / "." / "small.json", nullptr);
  ASSERT_TRUE(own->named);
  EXPECT_EQ(own->named->name, "small");
  EXPECT_EQ(own->scenarios.size(), 1U) << "by another way, but the same file";
}

TEST(ScenarioListTest, AFolderThatIsNotThereIsEmpty) {
  const auto listing = ReadListing("no/such/folder", {}, nullptr);
  EXPECT_FALSE(listing->is_folder);
  EXPECT_THAT(listing->scenarios, IsEmpty());
}

TEST(ScenarioListTest, FindsTheFolder) {
  const TemporaryDirectory place;
  const auto program = place.path() / "bin" / "stressbot-dashboard";
  std::filesystem::create_directories(place.path() / "share" / "stressbot" / "scenarios");
  EXPECT_EQ(FindScenarioFolder("my/folder", place.path(), program), "my/folder");
  EXPECT_EQ(FindScenarioFolder("", place.path(), program),
            place.path() / "share" / "stressbot" / "scenarios");
  std::filesystem::create_directories(place.path() / "bin" / "scenarios");
  EXPECT_EQ(FindScenarioFolder("", place.path(), program), place.path() / "bin" / "scenarios");
  std::filesystem::create_directories(place.path() / "scenarios");
  EXPECT_EQ(FindScenarioFolder("", place.path(), program), place.path() / "scenarios");
}

TEST(ScenarioListTest, LooksAgainWhenAsked) {
  const ScenarioFolder folder;
  std::promise<void> first, second;
  std::atomic<int> wakes = 0;
  ScenarioList list(folder.path(), {}, [&] {
    const int wake = ++wakes;
    if (wake == 1) first.set_value();
    if (wake == 2) second.set_value();
  });
  first.get_future().wait();
  ASSERT_TRUE(list.listing());
  EXPECT_THAT(NamesOf(*list.listing()), ElementsAre("small"));
  list.set_watching(false);  // or it might see by itself what comes now
  Write(folder.path() / "arena.json", SmallScenario());
  list.LookAgain();
  second.get_future().wait();
  EXPECT_THAT(NamesOf(*list.listing()), ElementsAre("arena", "small"));
}

/// Counts what is told, until it is awaited. (std::counting_semaphore of GCC 12 may sleep for
/// ever.)
class News {
 public:
  void Tell() {
    const std::scoped_lock lock(mutex_);
    ++count_;
    told_.notify_one();
  }
  void Await() {
    std::unique_lock lock(mutex_);
    told_.wait(lock, [this] { return count_ > 0; });
    --count_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable told_;
  int count_ = 0;
};

TEST(ScenarioListTest, PlansAScenarioAsTheRunWillChangeIt) {
  const ScenarioFolder folder;
  News news;
  ScenarioList list(folder.path(), {}, [&news] { news.Tell(); });
  news.Await();
  EXPECT_EQ(list.plan(), nullptr);
  const auto small = list.listing()->scenarios[0];
  const std::string file = Utf8Of(small->file);
  list.Plan(small, {"run", file, "--duration", "7s", "--bots", "players=3"});
  news.Await();
  EXPECT_EQ(list.plan()->of, small);
  EXPECT_EQ(list.plan()->words.back(), "players=3");
  EXPECT_EQ(list.plan()->scenario.length, 7s);
  EXPECT_EQ(list.plan()->scenario.groups[0].bots, 3U);
  EXPECT_EQ(small->length, 30s);

  list.Plan(small, {"run", file, "--bots", "nobody=3"});
  news.Await();
  ASSERT_FALSE(list.plan()->scenario.is_sound());
  EXPECT_THAT(list.plan()->scenario.mistakes[0].message, HasSubstr("nobody"));
}

TEST(SavedRunsTest, ListsReportsTheNewestFirst) {
  const ScenarioFolder folder;
  std::filesystem::create_directories(folder.path() / "older");
  std::filesystem::create_directories(folder.path() / ".git");
  Write(folder.path() / "a.json", R"({"schema": "stressbot-run/1", "tool": {}})");
  Write(folder.path() / "b.json", R"({"schema": "stressbot-run/1", "tool": {}})");
  Touch(folder.path() / "a.json");
  const SavedRuns found = FindSavedRuns(folder.path());
  EXPECT_THAT(found.runs, ElementsAre(folder.path() / "a.json", folder.path() / "b.json"));
  EXPECT_THAT(found.folders, ElementsAre(folder.path() / "older"));
  EXPECT_THAT(FindSavedRuns("no/such/folder").runs, IsEmpty());
}

}  // namespace
}  // namespace stressbot
