#include "StressBot/dashboard/model/RunSettings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "StressBot/system/Utf8Path.h"
#include "tests/dashboard/model/ScenarioFiles.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

const ListedScenario& Town() {
  static const auto town = ReadListed(ShippedFolder() / "town.json").value_or(ListedScenario());
  return town;
}

/// Every field changed, with texts that shells take for something else.
RunSettings ChangedTown() {
  RunSettings settings = SettingsOf(Town());
  settings.scenario_file = "my scenarios/it's town.json";
  settings.targets[0].text.text = "[::1]:7000";
  settings.groups[0].bots.text = "50";
  settings.groups[1].bots.text = "60";
  settings.groups[1].rate.text = "300/m";
  settings.duration.text = "90s";
  settings.scale.text = "0.5";
  settings.seed.text = "7";
  settings.variables[0].text.text = "\"a $HOME\" & 'b' 안녕";
  settings.server = RunSettings::Server::kCommand;
  settings.command = "'my server' --port 7000";
  settings.allow_public_target = true;
  return settings;
}

/// What may differ between two ways to the same run.
void ExpectSame(const Options& a, const Options& b) {
  EXPECT_EQ(a.command, b.command);
  EXPECT_EQ(a.words, b.words);
  EXPECT_EQ(a.scenario_file, b.scenario_file);
  EXPECT_EQ(a.scenario.variables, b.scenario.variables);
  EXPECT_EQ(a.scenario.targets, b.scenario.targets);
  EXPECT_EQ(a.scenario.bots, b.scenario.bots);
  EXPECT_EQ(a.scenario.rates, b.scenario.rates);
  EXPECT_EQ(a.scenario.scale, b.scenario.scale);
  EXPECT_EQ(a.scenario.duration, b.scenario.duration);
  EXPECT_EQ(a.scenario.seed, b.scenario.seed);
  EXPECT_EQ(a.server_command, b.server_command);
  EXPECT_EQ(a.changes, b.changes);
  EXPECT_EQ(a.allow_public_target, b.allow_public_target);
  EXPECT_EQ(a.saturation_fails, b.saturation_fails);
  EXPECT_EQ(a.shards, b.shards);
}

TEST(RunSettingsTest, UnchangedTheyAreTheFileAlone) {
  const ListedScenario town = Town();
  const RunSettings settings = SettingsOf(town);
  EXPECT_THAT(ProblemsOf(settings), IsEmpty());
  EXPECT_THAT(WordsOf(settings), ElementsAre("run", Utf8Of(town.file)));
  EXPECT_EQ(settings.groups[0].bots.text, "1000");
  EXPECT_EQ(settings.groups[1].rate.text, "50");
  EXPECT_EQ(settings.duration.text, "70s");
  EXPECT_EQ(settings.seed.text, "42");
  EXPECT_EQ(settings.targets[0].text.text, "127.0.0.1:7777");
}

TEST(RunSettingsTest, AnEmptiedFieldMeansTheFile) {
  RunSettings settings = SettingsOf(Town());
  settings.groups[0].bots.text.clear();
  settings.duration.text.clear();
  settings.targets[0].text.text.clear();
  EXPECT_THAT(ProblemsOf(settings), IsEmpty());
  EXPECT_EQ(WordsOf(settings).size(), 2U);
}

TEST(RunSettingsTest, WhatIsChangedBecomesOptions) {
  std::string error;
  const auto options = ToOptions(ChangedTown(), error);
  ASSERT_TRUE(options) << error;
  EXPECT_EQ(options->command, Options::Command::kRun);
  EXPECT_EQ(options->scenario_file, "my scenarios/it's town.json");
  EXPECT_THAT(options->scenario.targets, ElementsAre(Pair("", "[::1]:7000")));
  EXPECT_THAT(options->scenario.bots, ElementsAre(Pair("players", 50U), Pair("visitors", 60U)));
  EXPECT_THAT(options->scenario.rates, ElementsAre(Pair("visitors", 5.0)));
  EXPECT_EQ(options->scenario.duration, 90s);
  EXPECT_EQ(options->scenario.scale, 0.5);
  EXPECT_EQ(options->scenario.seed, 7U);
  EXPECT_THAT(options->scenario.variables, ElementsAre(Pair("text", "\"a $HOME\" & 'b' 안녕")));
  EXPECT_EQ(options->server_command, "'my server' --port 7000");
  EXPECT_TRUE(options->allow_public_target);
  EXPECT_THAT(options->changes, testing::Contains(Pair("--var", "text"))) << "without its value";
}

TEST(RunSettingsTest, TheCommandLineMeansTheSame) {
  for (const RunSettings& settings : {SettingsOf(Town()), ChangedTown()}) {
    std::string error;
    const auto clicked = ToOptions(settings, error);
    ASSERT_TRUE(clicked) << error;
    const auto words =
        SplitCommand(CommandLineOf(settings, Quoting::kPosix), Backslash::kEscapesAll, error);
    ASSERT_TRUE(words) << error;
    std::vector<const char*> argv;
    for (const std::string& word : *words) argv.push_back(word.c_str());
    const ParsedOptions typed = ParseOptions(static_cast<int>(argv.size()), argv.data());
    ASSERT_TRUE(typed.options);
    ExpectSame(*clicked, *typed.options);
  }
}

TEST(RunSettingsTest, TheBundledServerListensOnAFreePort) {
  RunSettings settings = SettingsOf(Town());
  settings.server = RunSettings::Server::kBundled;
  settings.reference_server = "/opt/stress bot/reference-server";
  settings.reference_options = "--room-size 20";
  settings.targets[0].text.text = "wrong, but nobody asks";
  EXPECT_THAT(ProblemsOf(settings), IsEmpty());
  EXPECT_EQ(CommandLineOf(settings, Quoting::kPosix)
                .substr(CommandLineOf(settings, Quoting::kPosix).find(" --target")),
            " --target 127.0.0.1:0 --server ''\"'\"'/opt/stress bot/reference-server'\"'\"' "
            "--listen 127.0.0.1:0 --room-size 20'");
  std::string error;
  const auto options = ToOptions(settings, error);
  ASSERT_TRUE(options) << error;
  for (const Backslash backslash : {Backslash::kEscapesAll, Backslash::kEscapesQuotes}) {
    EXPECT_THAT(*SplitCommand(options->server_command, backslash, error),
                ElementsAre("/opt/stress bot/reference-server", "--listen", "127.0.0.1:0",
                            "--room-size", "20"));
  }
}

TEST(RunSettingsTest, SeveralTargetsAreNamed) {
  RunSettings settings = SettingsOf(*ReadListed(ShippedFolder() / "two_servers.json"));
  ASSERT_EQ(settings.targets.size(), 2U);
  settings.targets[1].text.text = "10.0.0.5:7000";
  const std::vector<std::string> words = WordsOf(settings);
  EXPECT_THAT(std::vector(words.begin() + 2, words.end()),
              ElementsAre("--target", "game=10.0.0.5:7000"));
}

TEST(RunSettingsTest, WhatTheReferenceServerSpeaks) {
  const auto suits = [](const char* name) {
    return SuitsReferenceServer(*ReadListed(ShippedFolder() / name));
  };
  EXPECT_TRUE(suits("login_enter_chat.json"));
  EXPECT_TRUE(suits("town.json"));
  EXPECT_TRUE(suits("packed_chat.json"));
  EXPECT_EQ(SettingsOf(*ReadListed(ShippedFolder() / "packed_chat.json")).reference_options,
            "--protocol packed");
  ListedScenario own = Town();
  own.servers[0].protocol = "my_game.protocol.json";
  EXPECT_FALSE(SuitsReferenceServer(own));
}

struct Wrong {
  const char* field;
  void (*change)(RunSettings&);
  FieldMistake mistake;
};

TEST(RunSettingsTest, EachWrongFieldIsTold) {
  using Settings = RunSettings;
  const Wrong kWrong[] = {
      {"bots.players", [](Settings& s) { s.groups[0].bots.text = "many"; }, FieldMistake::kBots},
      {"bots.players", [](Settings& s) { s.groups[0].bots.text = "0"; }, FieldMistake::kBots},
      {"rate.visitors", [](Settings& s) { s.groups[1].rate.text = "5/x"; }, FieldMistake::kRate},
      {"duration", [](Settings& s) { s.duration.text = "30"; }, FieldMistake::kDuration},
      {"duration", [](Settings& s) { s.duration.text = "0s"; }, FieldMistake::kDuration},
      {"scale", [](Settings& s) { s.scale.text = "0"; }, FieldMistake::kScale},
      {"seed", [](Settings& s) { s.seed.text = "-1"; }, FieldMistake::kSeed},
      {"target.game", [](Settings& s) { s.targets[0].text.text = "localhost"; },
       FieldMistake::kTarget},
      {"target.game", [](Settings& s) { s.targets[0].text.text = "a=b:1"; }, FieldMistake::kTarget},
      {"target.game", [](Settings& s) { s.targets[0].text.text = "127.0.0.1:0"; },
       FieldMistake::kPortZero},
      {"command", [](Settings& s) { s.server = Settings::Server::kCommand; },
       FieldMistake::kNoProgram},
      {"reference", [](Settings& s) { s.server = Settings::Server::kBundled; },
       FieldMistake::kNoReference}};
  for (const Wrong& wrong : kWrong) {
    RunSettings settings = SettingsOf(Town());
    wrong.change(settings);
    const std::vector<FieldProblem> problems = ProblemsOf(settings);
    ASSERT_EQ(problems.size(), 1U) << wrong.field;
    EXPECT_EQ(problems[0].field, wrong.field);
    EXPECT_EQ(problems[0].mistake, wrong.mistake) << wrong.field;
  }
}

TEST(RunSettingsTest, NothingStartsWhileAFieldIsWrong) {
  RunSettings settings = SettingsOf(Town());
  settings.groups[0].bots.text = "many";
  std::string error;
  EXPECT_FALSE(ToOptions(settings, error));
  EXPECT_THAT(error, HasSubstr("\"many\" is no number of bots"));
}

TEST(RunSettingsTest, ChangesOutliveANewReading) {
  ListedScenario town = Town();
  RunSettings settings = ChangedTown();
  town.groups[0].bots = 2000;
  town.groups.pop_back();
  const RunSettings now = Renewed(settings, town);
  ASSERT_EQ(now.groups.size(), 1U);
  EXPECT_EQ(now.groups[0].bots.original, "2000");
  EXPECT_EQ(now.groups[0].bots.text, "50");
  EXPECT_EQ(now.command, settings.command);
  EXPECT_EQ(Renewed(SettingsOf(Town()), town).groups[0].bots.text, "2000") << "nobody changed it";
}

TEST(RunSettingsTest, DurationsReadBackAsTheyWere) {
  EXPECT_EQ(DurationText(30s), "30s");
  EXPECT_EQ(DurationText(10min), "10m");
  EXPECT_EQ(DurationText(2h), "2h");
  EXPECT_EQ(DurationText(1500ms), "1500ms");
  EXPECT_EQ(DurationText(2083333333ns), "2083333333ns");
}

}  // namespace
}  // namespace stressbot
