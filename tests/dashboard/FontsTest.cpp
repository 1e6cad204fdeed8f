#include "StressBot/dashboard/ui/Fonts.h"

#include <gtest/gtest.h>
#include <imgui.h>

#include <fstream>

#include "tests/dashboard/FontSamples.h"

/// What ImGui makes of a font's file, without a screen.
namespace stressbot {
namespace {

class FontsTest : public testing::Test {
 protected:
  FontsTest() {
    ImGui::CreateContext();
    std::ofstream(file_, std::ios::binary) << DigitsFont();
  }
  ~FontsTest() override {
    ImGui::DestroyContext();
    std::filesystem::remove(file_);
  }

  std::filesystem::path file_ = testing::TempDir() + "stressbot_digits.ttf";
};

float WidthOf(const ImFont& font, char digit) {
  return font.FindGlyph(static_cast<ImWchar>(digit))->AdvanceX;
}

TEST_F(FontsTest, DigitsAreOfEqualWidthWhateverTheFontSays) {
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  const ImFont& as_it_is = *atlas.AddFontFromFileTTF(file_.string().c_str(), 17);
  atlas.Build();
  ASSERT_LT(WidthOf(as_it_is, '0') + 2, WidthOf(as_it_is, '9')) << "else nothing is tried here";
  const float widest = WidthOf(as_it_is, '9');

  FontFiles files;
  files.text = file_;
  const Fonts fonts = BuildFonts(files, FontNeeds{});
  EXPECT_NEAR(WidthOf(*fonts.text, '9'), widest, 1);
  for (const ImFont* font : {fonts.text, fonts.small, fonts.title, fonts.huge}) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      EXPECT_EQ(WidthOf(*font, digit), WidthOf(*font, '9')) << digit;
      EXPECT_EQ(font->GetCharAdvance(static_cast<ImWchar>(digit)), WidthOf(*font, '9')) << digit;
    }
  }
}

}  // namespace
}  // namespace stressbot
