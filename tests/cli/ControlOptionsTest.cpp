#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "StressBot/cli/KeyCommands.h"
#include "StressBot/cli/OptionValues.h"

/// How a run is told to listen for commands, and what keys mean.
namespace stressbot {
namespace {

using testing::HasSubstr;

TEST(ControlOptionsTest, WhereToListen) {
  std::string error;
  EXPECT_EQ(ParseControlAddress("localhost:6565", error)->ToString(), "127.0.0.1:6565");
  EXPECT_EQ(ParseControlAddress("[::1]:0", error)->ToString(), "[::1]:0");
  for (const char* text :
       {"6565", "localhost", "localhost:", "game.example:1", "127.0.0.1:70000"}) {
    EXPECT_FALSE(ParseControlAddress(text, error)) << text;
    EXPECT_THAT(error, HasSubstr("write 127.0.0.1:6565"));
  }
}

TEST(ControlOptionsTest, WhatOthersCanReachNeedsATokenThatCannotBeGuessed) {
  std::string error;
  const auto here = *ParseControlAddress("127.0.0.1:1", error);
  const auto anywhere = *ParseControlAddress("0.0.0.0:1", error);
  EXPECT_TRUE(MakeControlPoint(here, "", error));
  EXPECT_TRUE(MakeControlPoint(anywhere, "0123456789abcdef", error));
  EXPECT_FALSE(MakeControlPoint(anywhere, "", error));
  EXPECT_THAT(error, HasSubstr("STRESSBOT_CONTROL_TOKEN"));
  EXPECT_FALSE(MakeControlPoint(here, "guess me", error));
  EXPECT_THAT(error, HasSubstr("16 characters"));
}

TEST(ControlOptionsTest, Keys) {
  EXPECT_TRUE(std::holds_alternative<PauseCommand>(*CommandOfKey('p', false)));
  EXPECT_TRUE(std::holds_alternative<ResumeCommand>(*CommandOfKey('p', true)));
  EXPECT_GT(std::get<ScaleCommand>(*CommandOfKey('+', false)).factor, 1);
  EXPECT_LT(std::get<ScaleCommand>(*CommandOfKey('-', false)).factor, 1);
  EXPECT_TRUE(std::holds_alternative<MarkCommand>(*CommandOfKey('m', false)));
  EXPECT_TRUE(std::holds_alternative<StopCommand>(*CommandOfKey('q', false)));
  EXPECT_FALSE(CommandOfKey('x', false));
}

}  // namespace
}  // namespace stressbot
