#include "StressBot/system/CommandLine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stressbot {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> Split(std::string_view command,
                               Backslash backslash = Backslash::kEscapesAll) {
  std::string error;
  auto words = SplitCommand(command, backslash, error);
  EXPECT_TRUE(words) << error;
  return words.value_or(std::vector<std::string>{});
}

TEST(CommandLineTest, BlanksPartWords) {
  EXPECT_THAT(Split("  server  --port\t0 "), ElementsAre("server", "--port", "0"));
}

TEST(CommandLineTest, QuotesKeepBlanksAndMayBeEmpty) {
  EXPECT_THAT(Split(R"("my server" --name 'a "b"' "")"),
              ElementsAre("my server", "--name", "a \"b\"", ""));
}

TEST(CommandLineTest, BackslashTakesTheNextCharacterExceptInSingleQuotes) {
  EXPECT_THAT(Split(R"(a\ b "c\"d" 'e\f')"), ElementsAre("a b", "c\"d", "e\\f"));
}

TEST(CommandLineTest, BackslashesOfPathsAreKept) {
  EXPECT_THAT(
      Split(R"(\\host\x\s.exe "c:\my games\s.exe" "say \"hi\"" c:\logs\)",
            Backslash::kEscapesQuotes),
      ElementsAre(R"(\\host\x\s.exe)", R"(c:\my games\s.exe)", R"(say "hi")", R"(c:\logs\)"));
}

TEST(CommandLineTest, NothingIsExpanded) {
  EXPECT_THAT(Split("echo $HOME * ; true"), ElementsAre("echo", "$HOME", "*", ";", "true"));
}

TEST(CommandLineTest, OpenQuotesAndEmptyCommandsAreMistakes) {
  std::string error;
  EXPECT_FALSE(SplitCommand("server \"--name", Backslash::kEscapesAll, error));
  EXPECT_THAT(error, HasSubstr("ends inside a quote"));
  EXPECT_FALSE(SplitCommand("   ", Backslash::kEscapesAll, error));
  EXPECT_THAT(error, HasSubstr("is empty"));
}

TEST(JoinCommandTest, QuotesWhatNeedsIt) {
  const std::vector<std::string> words{"stressbot", "--var", "name=it's", "a b",
                                       "",          "$HOME", "마을.json"};
  EXPECT_EQ(JoinCommand(words, Quoting::kPosix),
            R"(stressbot --var 'name=it'"'"'s' 'a b' '' '$HOME' 마을.json)");
  EXPECT_EQ(JoinCommand({"a b", "say \"hi\"", R"(c:\my dir\)", R"(c:\x)", "k=v"}, Quoting::kCmd),
            R"("a b" "say \"hi\"" "c:\my dir\\" c:\x "k=v")");
}

TEST(JoinCommandTest, IsTheOppositeOfSplitting) {
  const std::vector<std::string> words{"it's", R"(back\slash\)", "\"quoted\"", "a  b",
                                       "'",    R"(\')"};
  for (const Backslash backslash : {Backslash::kEscapesAll, Backslash::kEscapesQuotes}) {
    std::string error;
    const auto again = SplitCommand(JoinCommand(words, Quoting::kPosix), backslash, error);
    ASSERT_TRUE(again) << error;
    EXPECT_EQ(*again, words);
  }
}

}  // namespace
}  // namespace stressbot
