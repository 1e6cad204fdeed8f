#include "StressBot/control/CommandReader.h"

#include <gtest/gtest.h>

namespace stressbot {
namespace {

using namespace std::chrono_literals;

std::optional<ControlCommand> Read(std::string_view name, std::string_view body) {
  std::string error;
  auto command = ReadCommand(name, body, error);
  EXPECT_EQ(command.has_value(), error.empty()) << error;
  return command;
}

std::string MistakeOf(std::string_view name, std::string_view body) {
  std::string error;
  EXPECT_FALSE(ReadCommand(name, body, error));
  return error;
}

TEST(CommandReaderTest, EachCommandIsRead) {
  EXPECT_TRUE(std::holds_alternative<PauseCommand>(*Read("pause", "")));
  EXPECT_TRUE(std::holds_alternative<ResumeCommand>(*Read("resume", "{}")));
  EXPECT_TRUE(std::holds_alternative<StopCommand>(*Read("stop", " {} ")));
  EXPECT_TRUE(std::holds_alternative<AbortCommand>(*Read("abort", "")));
  const auto bots = std::get<BotsCommand>(*Read("bots", R"({"bots": 500, "over": "10s"})"));
  EXPECT_FALSE(bots.group);
  EXPECT_EQ(bots.bots, 500U);
  EXPECT_EQ(bots.over, 10s);
  const auto rate = std::get<RateCommand>(*Read("rate", R"({"group": "visitors", "rate": 2.5})"));
  EXPECT_EQ(rate.group, "visitors");
  EXPECT_EQ(rate.rate, 2.5);
  const auto drop = std::get<DropCommand>(
      *Read("drop", R"({"share": 0.1, "how": "orderly", "away": {"uniform": ["1s", "2s"]}})"));
  EXPECT_EQ(drop.share, 0.1);
  EXPECT_FALSE(drop.reset);
  EXPECT_EQ(drop.away.kind, Distribution::Kind::kUniform);
  EXPECT_TRUE(std::get<DropCommand>(*Read("drop", R"({"share": 1})")).reset);
  EXPECT_EQ(std::get<MarkCommand>(*Read("mark", R"({"name": "deploy"})")).name, "deploy");
  EXPECT_EQ(CommandNames().size(), 8U);
}

TEST(CommandReaderTest, AMistakeIsOneSentence) {
  EXPECT_EQ(MistakeOf("bots", "{}"), "the key \"bots\" is missing");
  EXPECT_NE(MistakeOf("bots", R"({"bot": 3})").find("did you mean \"bots\"?"), std::string::npos);
  EXPECT_EQ(MistakeOf("bots", R"({"bots": -1})").substr(0, 6), "bots: ");
  EXPECT_EQ(MistakeOf("bots", R"({"bots": 1, "over": "soon"})").substr(0, 6), "over: ");
  EXPECT_EQ(MistakeOf("bots", R"({"bots": 1, "over": "48h"})"), "over: is longer than a day");
  EXPECT_EQ(MistakeOf("drop", R"({"share": 2})").substr(0, 7), "share: ");
  EXPECT_EQ(MistakeOf("drop", R"({"share": 1, "how": "hard"})"),
            "how: \"hard\" is neither \"reset\" nor \"orderly\"");
  EXPECT_EQ(MistakeOf("drop", R"({"share": 1, "away": "30h"})"), "away: is longer than a day");
  EXPECT_FALSE(MistakeOf("pause", R"({"for": "1s"})").empty());
  for (const char* body : {"{", "[]", "7", "nonsense", "{\"bots\": 1}}", "\xff", "{\"a\": 1e999}"})
    EXPECT_FALSE(MistakeOf("bots", body).empty()) << body;
}

}  // namespace
}  // namespace stressbot
