#include <gtest/gtest.h>

#include <string>

#include "StressBot/dashboard/ui/Hangul.h"

namespace stressbot {
namespace {

TEST(HangulTest, HangulIsSeenInAnyData) {
  for (const char* text : {"가", "힣", "a 한 b", "ㄱ", "ㆎ", "\u1100", "\u11ff", "\xff가"}) {
    EXPECT_TRUE(HasHangul(text)) << text;
  }
  for (const char* text : {"", "chat", "é ≥ → ✓", "日本", "あ", "\u30ff", "\ue000", "\xea\xb0",
                           "\xed\x9f\xbf", "\U0001F600"}) {
    EXPECT_FALSE(HasHangul(text)) << text;
  }
}

TEST(HangulTest, CommonSyllablesAreThoseOfKsX1001) {
  const std::string common = CommonHangul();
  EXPECT_EQ(common.size(), 2350U * 3);
  EXPECT_EQ(common.substr(0, 6), "가각");
  EXPECT_EQ(common.substr(common.size() - 3), "힝");
  EXPECT_EQ(RareHangul(common), "");
}

TEST(HangulTest, RareSyllablesAreFoundInAnyData) {
  EXPECT_EQ(RareHangul("로그인 뷁 \xeb\xb7 똠방 \xed\xff\xff"), "뷁똠");
  EXPECT_EQ(RareHangul("chat ㄱ 가"), "");
}

}  // namespace
}  // namespace stressbot
