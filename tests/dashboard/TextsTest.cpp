#include <gtest/gtest.h>

#include "StressBot/dashboard/ui/Hangul.h"
#include "StressBot/dashboard/ui/Texts.h"

/// The interface's words. That none is missing is checked when they are compiled.
namespace stressbot {
namespace {

TEST(TextsTest, EachLanguageSaysItsOwn) {
  EXPECT_STREQ(Texts(Language::kEnglish)(Text::kQuit), "Quit");
  EXPECT_STREQ(Texts(Language::kKorean)(Text::kQuit), "끝내기");
  EXPECT_EQ(Texts(Language::kEnglish).Format(Text::kPictureSaved, "a.png"), "Saved a.png");
}

TEST(TextsTest, EnglishNeedsNoHangulFont) {
  EXPECT_FALSE(HasHangul(AllTexts(Language::kEnglish)));
  EXPECT_TRUE(HasHangul(AllTexts(Language::kKorean)));
}

TEST(TextsTest, LanguageOfTheSystem) {
  for (const char* locale : {"ko", "ko_KR.UTF-8", "ko_KR", "ko-KR", "Korean_Korea.949"}) {
    EXPECT_EQ(LanguageOf(locale), Language::kKorean) << locale;
  }
  for (const char* locale : {"", "C", "C.UTF-8", "en_US.UTF-8", "kok_IN", "de_DE@euro"}) {
    EXPECT_EQ(LanguageOf(locale), Language::kEnglish) << locale;
  }
  EXPECT_EQ(ParseLanguage("ko"), Language::kKorean);
  EXPECT_FALSE(ParseLanguage("kor"));
}

}  // namespace
}  // namespace stressbot
