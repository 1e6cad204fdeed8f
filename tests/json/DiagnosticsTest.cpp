#include "StressBot/json/Diagnostics.h"

#include <gtest/gtest.h>

namespace stressbot {
namespace {

TEST(DiagnosticsTest, NamesFileLineAndPathOnlyWhenThereAreAny) {
  EXPECT_EQ((Diagnostic{"town.json", 31, "flows.login[1].request", "no packet C_LOGN"}).ToString(),
            "town.json:31: flows.login[1].request: no packet C_LOGN");
  EXPECT_EQ((Diagnostic{"town.json", 0, "", "no such file"}).ToString(), "town.json: no such file");
  EXPECT_EQ((Diagnostic{"", 0, "", "empty"}).ToString(), "empty");
}

TEST(DiagnosticsTest, ListsOneALine) {
  Diagnostics errors;
  EXPECT_TRUE(errors.empty());
  errors.Add({"a", 1, "", "x"});
  errors.Add({"b", 2, "", "y"});
  EXPECT_EQ(errors.ToString(), "a:1: x\nb:2: y\n");
}

TEST(NearestTest, AcceptsTypingErrorsUpToAThirdOfTheWord) {
  const std::vector<std::string> packets{"C_LOGIN", "S_LOGIN", "C_CHAT", "S_ENTER_GAME"};
  EXPECT_EQ(Nearest("C_LOGN", packets), "C_LOGIN");             // a letter lost
  EXPECT_EQ(Nearest("C_CAHT", packets), "C_CHAT");              // two letters swapped: one mistake
  EXPECT_EQ(Nearest("s_enter_game", packets), "S_ENTER_GAME");  // case is no mistake
  EXPECT_EQ(Nearest("C_TELEPORT", packets), "");
  EXPECT_EQ(Nearest("", packets), "");
  EXPECT_EQ(Nearest("at", {"it", "no"}), "it");  // one letter is always allowed
  EXPECT_EQ(Nearest("abc", {"axy"}), "");
}

TEST(SuggestTest, ListsFewCandidatesAndIsSilentAboutMany) {
  EXPECT_EQ(Suggest("succes", {"success", "players"}), "; did you mean \"success\"?");
  EXPECT_EQ(Suggest("zzz", {"success", "players"}), "; known: success, players");
  EXPECT_EQ(Suggest("zzz", std::vector<std::string>(20, "success")), "");
  EXPECT_EQ(Suggest("zzz", {}), "");
}

}  // namespace
}  // namespace stressbot
