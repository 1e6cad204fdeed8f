#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include "StressBot/dashboard/ui/Theme.h"

namespace stressbot {
namespace {

/// The colours of page.css by name, as "#rrggbb" or "#rrggbbaa"; the first set is the light one.
std::map<std::string, std::string> CssColors(bool is_dark) {
  std::ifstream file(STRESSBOT_ROOT "/StressBot/report/html/page.css");
  std::stringstream text;
  text << file.rdbuf();
  const std::string css = text.str();
  std::size_t from = css.find(":root");
  if (is_dark) from = css.find(":root", from + 1);
  const std::string part = css.substr(from, css.find('}', from) - from);
  const std::regex color("--([a-z0-9-]+): (#[0-9a-f]{6,8});");
  std::map<std::string, std::string> colors;
  for (std::sregex_iterator at(part.begin(), part.end(), color), end; at != end; ++at) {
    colors[(*at)[1]] = (*at)[2];
  }
  return colors;
}

std::string Css(Color color) {
  const std::string rgb = fmt::format("#{:02x}{:02x}{:02x}", color.red, color.green, color.blue);
  return color.alpha == 255 ? rgb : rgb + fmt::format("{:02x}", color.alpha);
}

class ThemeTest : public testing::TestWithParam<bool> {
 protected:
  const Theme& theme_ = GetParam() ? DarkTheme() : LightTheme();
};

TEST_P(ThemeTest, ColoursAreThoseOfTheHtmlReport) {
  std::map<std::string, std::string> css = CssColors(GetParam());
  EXPECT_EQ(Css(theme_.page), css["page"]);
  EXPECT_EQ(Css(theme_.card), css["card"]);
  EXPECT_EQ(Css(theme_.text), css["text"]);
  EXPECT_EQ(Css(theme_.quiet), css["quiet"]);
  EXPECT_EQ(Css(theme_.line), css["line"]);
  EXPECT_EQ(Css(theme_.grid), css["grid"]);
  EXPECT_EQ(Css(theme_.pass), css["pass"]);
  EXPECT_EQ(Css(theme_.pass_back), css["pass-back"]);
  EXPECT_EQ(Css(theme_.fail), css["fail"]);
  EXPECT_EQ(Css(theme_.fail_back), css["fail-back"]);
  EXPECT_EQ(Css(theme_.warn), css["warn"]);
  EXPECT_EQ(Css(theme_.warn_back), css["warn-back"]);
  EXPECT_EQ(Css(theme_.link), css["link"]);
  EXPECT_EQ(Css(theme_.shade), css["shade"]);
  EXPECT_EQ(Css(theme_.stuck), css["stuck"]);
  for (std::size_t i = 0; i < theme_.lines.size(); ++i) {
    EXPECT_EQ(Css(theme_.lines[i]), css["c" + std::to_string(i)]);
  }
}

TEST_P(ThemeTest, TextIsReadable) {
  for (const Color back : {theme_.page, theme_.card}) {
    for (const Color text :
         {theme_.text, theme_.quiet, theme_.pass, theme_.fail, theme_.warn, theme_.link}) {
      EXPECT_GE(ContrastRatio(text, back), 4.5) << Css(text) << " on " << Css(back);
    }
    for (const Color line : theme_.lines) {  // 3: what is seen but not read
      EXPECT_GE(ContrastRatio(line, back), 3) << Css(line) << " on " << Css(back);
    }
  }
  EXPECT_GE(ContrastRatio(theme_.pass, theme_.pass_back), 4.5);
  EXPECT_GE(ContrastRatio(theme_.fail, theme_.fail_back), 4.5);
  EXPECT_GE(ContrastRatio(theme_.warn, theme_.warn_back), 4.5);
  for (const Color back : {theme_.pass_back, theme_.fail_back, theme_.warn_back}) {
    EXPECT_GE(ContrastRatio(theme_.text, back), 4.5) << Css(back);
  }
}

INSTANTIATE_TEST_SUITE_P(Themes, ThemeTest, testing::Bool(),
                         [](const auto& test) { return test.param ? "Dark" : "Light"; });

TEST(ThemeChoiceTest, TheSystemsWherePossible) {
  EXPECT_TRUE(ThemeOf(ThemeChoice::kDark, false).is_dark);
  EXPECT_FALSE(ThemeOf(ThemeChoice::kLight, true).is_dark);
  EXPECT_FALSE(ThemeOf(ThemeChoice::kSystem, false).is_dark);
  EXPECT_TRUE(ThemeOf(ThemeChoice::kSystem, true).is_dark);
  EXPECT_TRUE(ThemeOf(ThemeChoice::kSystem, std::nullopt).is_dark);
  EXPECT_FALSE(ParseThemeChoice("Dark"));
}

TEST(ContrastTest, KnownPairs) {
  EXPECT_DOUBLE_EQ(ContrastRatio(Color::Of(0xffffff), Color::Of(0x000000)), 21);
  EXPECT_DOUBLE_EQ(ContrastRatio(Color::Of(0x336699), Color::Of(0x336699)), 1);
  EXPECT_NEAR(ContrastRatio(Color::Of(0x777777), Color::Of(0xffffff)), 4.48, 0.01);
}

}  // namespace
}  // namespace stressbot
