#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "StressBot/dashboard/window/InputCommand.h"

/// What tests write to a window that nobody sees.
namespace stressbot {
namespace {

using Kind = InputCommand::Kind;

InputCommand Parse(std::string_view line) {
  std::string error;
  const auto command = ParseInputCommand(line, error);
  EXPECT_TRUE(command) << error;
  return command.value_or(InputCommand{});
}

TEST(InputCommandTest, PlacesAreItemsOrPoints) {
  EXPECT_EQ(Parse("click start.run").place.item, "start.run");
  const InputCommand move = Parse("move 12 34.5");
  EXPECT_EQ(move.kind, Kind::kMove);
  EXPECT_EQ(move.place.x, 12);
  EXPECT_EQ(move.place.y, 34.5F);
  const InputCommand drag = Parse("drag plot.latency to 1 2");
  EXPECT_EQ(drag.kind, Kind::kDrag);
  EXPECT_EQ(drag.place.item, "plot.latency");
  EXPECT_EQ(drag.to.y, 2);
}

TEST(InputCommandTest, Keys) {
  EXPECT_EQ(Parse("key F12").chord, (KeyChord{.key = key::kF12}));
  EXPECT_EQ(Parse("key Ctrl+Q").chord, (KeyChord{.key = 'Q', .ctrl = true}));
  EXPECT_EQ(Parse("key Ctrl+Shift+Left").chord,
            (KeyChord{.key = key::kLeft, .ctrl = true, .shift = true}));
  EXPECT_EQ(Parse("key Alt+5").chord, (KeyChord{.key = '5', .alt = true}));
  for (const char* text : {"", "F0", "F13", "Hyper+Q", "q", "Ctrl+", "F1x"}) {
    EXPECT_FALSE(ParseKeyChord(text)) << text;
  }
}

TEST(InputCommandTest, TextKeepsItsSpaces) {
  EXPECT_EQ(Parse("text  안녕  x ").text, " 안녕  x ");
  EXPECT_EQ(Parse("picture build/a b.png").text, "build/a b.png");
  EXPECT_EQ(Parse("scroll -3").lines, -3);
  EXPECT_EQ(Parse("quit").kind, Kind::kQuit);
}

TEST(InputCommandTest, MistakesAreTold) {
  for (const char* line : {"jump", "click", "click 1 x", "drag a b", "scroll up", "key", "quit now",
                           "text", "picture", ""}) {
    std::string error;
    EXPECT_FALSE(ParseInputCommand(line, error)) << line;
    EXPECT_THAT(error, testing::HasSubstr(line));
  }
}

}  // namespace
}  // namespace stressbot
