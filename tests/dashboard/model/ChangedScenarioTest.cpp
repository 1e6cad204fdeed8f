#include "StressBot/dashboard/model/ChangedScenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "StressBot/dashboard/model/JsonEdits.h"
#include "StressBot/system/Utf8Path.h"
#include "tests/dashboard/model/ScenarioFiles.h"

namespace stressbot {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(JsonEditsTest, LeavesAllElseAsItIs) {
  JsonEdits edits(R"({ // "a": 1
  "a" : 10,"list":[ {"x": "1\"}"} , {"x":-2.5e3}, [] ],  /* } */
  "odd key": {"b": true}, "e": {}})");
  EXPECT_TRUE(edits.Has("e"));
  edits.Replace("a", "20");
  edits.Replace("list[0].x", "\"new\"");
  edits.Replace("list[1].x", "7");
  edits.Replace("[\"odd key\"].b", "false");
  edits.Replace("nowhere", "1");
  edits.Insert("[\"odd key\"]", "c", "3");
  EXPECT_EQ(edits.Apply(), R"({ // "a": 1
  "a" : 20,"list":[ {"x": "new"} , {"x":7}, [] ],  /* } */
  "odd key": {"c": 3, "b": false}, "e": {}})");
}

class ChangedScenarioTest : public testing::Test {
 protected:
  RunSettings Shipped(const char* name) const {
    return SettingsOf(*ReadListed(ShippedFolder() / name));
  }
  /// As it is read again; it has no mistakes.
  ListedScenario Saved(const RunSettings& settings, const std::filesystem::path& file) {
    std::string error;
    EXPECT_EQ(SaveChangedScenario(settings, file, false, error), SaveResult::kSaved) << error;
    const auto saved = ReadListed(file);
    if (!saved) return {};
    for (const Diagnostic& mistake : saved->mistakes) ADD_FAILURE() << mistake.ToString();
    return *saved;
  }
  std::filesystem::path At(const char* name) const { return folder_.path() / PathOf(name); }

  const TemporaryDirectory folder_;
};

TEST_F(ChangedScenarioTest, SavesWhatWasChangedAndKeepsTheRest) {
  RunSettings settings = Shipped("town.json");
  settings.groups[0].bots.text = "50";
  settings.groups[1].rate.text = "300/m";
  settings.groups[1].bots.text = "60";
  settings.targets[0].text.text = "10.0.0.5:7000";
  settings.variables[0].text.text = "안녕 \"friend\"";
  const ListedScenario saved = Saved(settings, At("마을.json"));
  EXPECT_EQ(saved.name, "마을");
  EXPECT_EQ(saved.groups[0].bots, 50U);
  EXPECT_DOUBLE_EQ(saved.groups[1].rate, 5);
  EXPECT_EQ(saved.groups[1].bots, 60U);
  EXPECT_EQ(saved.servers[0].target, "10.0.0.5:7000");
  EXPECT_EQ(saved.variables[0].recipe, "안녕 \"friend\"");
  const std::string text = ReadAll(At("마을.json"));
  EXPECT_THAT(text, HasSubstr("// a row belongs to a bot, not to an iteration"));
  EXPECT_THAT(text,
              HasSubstr(R"({"duration": "10s", "target": 50}, {"duration": "1m", "target": 50})"));
}

TEST_F(ChangedScenarioTest, UnchangedInItsOwnFolderOnlyTheNameDiffers) {
  const TemporaryDirectory place;
  const ScenarioFolder folder;
  const RunSettings settings = SettingsOf(*ReadListed(folder.path() / "small.json"));
  Saved(settings, folder.path() / "small-2.json");
  EXPECT_EQ(ReadAll(folder.path() / "small-2.json"), SmallScenario());
}

/// Of each executor one, with events, warm-up and ramps.
TEST_F(ChangedScenarioTest, ShippedScenariosCanBeScaledAndShortened) {
  for (const char* name : {"town.json", "arrival_rate.json", "soak.json", "every_reply.json"}) {
    SCOPED_TRACE(name);
    RunSettings settings = Shipped(name);
    settings.scale.text = "0.5";
    settings.duration.text = "23s";
    const ListedScenario saved = Saved(settings, At(name));
    EXPECT_EQ(saved.length, std::chrono::seconds(23));
  }
}

TEST_F(ChangedScenarioTest, ALengthThatTheFileLeavesOutIsAdded) {
  const ScenarioFolder folder;
  Write(folder.path() / "passes.json", R"({
  "servers": {"game": {"protocol": "chat.protocol.json", "target": "127.0.0.1:7777"}},
  "groups": {"players": {"executor": "per-bot-iterations", "flow": "player", "bots": 10, "iterations": 3}},
  "flows": {"player": [{"connect": "game"}, {"request": "C_PING", "fields": {"n": 1}, "expect": "S_PONG"}]}})");
  RunSettings settings = SettingsOf(*ReadListed(folder.path() / "passes.json"));
  settings.duration.text = "20s";
  EXPECT_EQ(Saved(settings, At("passes.json")).length, std::chrono::seconds(20));
  EXPECT_THAT(ReadAll(At("passes.json")),
              HasSubstr(R"("players": {"maxDuration": "20s", "executor")"));
}

TEST_F(ChangedScenarioTest, NeverReplacesAFileSilently) {
  Write(At("mine.json"), "precious");
  const RunSettings settings = Shipped("town.json");
  std::string error;
  EXPECT_EQ(SaveChangedScenario(settings, At("mine.json"), false, error), SaveResult::kExists);
  EXPECT_EQ(ReadAll(At("mine.json")), "precious");
  EXPECT_EQ(SaveChangedScenario(settings, At("mine.json"), true, error), SaveResult::kSaved)
      << error;
  EXPECT_THAT(ReadAll(At("mine.json")), Not(HasSubstr("precious")));
}

TEST_F(ChangedScenarioTest, TellsWhyItIsNotSaved) {
  const RunSettings settings = Shipped("town.json");
  std::string error;
  EXPECT_EQ(SaveChangedScenario(settings, At("no/such/town.json"), false, error),
            SaveResult::kFailed);
  EXPECT_THAT(error, HasSubstr("no/such"));
  RunSettings few = settings;
  few.duration.text = "1ms";  // less than the warm-up can shrink to: nothing would be measured
  few.groups[0].bots.text = "many";
  EXPECT_EQ(SaveChangedScenario(few, At("few.json"), false, error), SaveResult::kFailed);
  EXPECT_THAT(error, HasSubstr("many"));
  EXPECT_FALSE(std::filesystem::exists(At("few.json")));
}

}  // namespace
}  // namespace stressbot
