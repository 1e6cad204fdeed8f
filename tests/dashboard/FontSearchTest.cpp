#include <gtest/gtest.h>

#include <fstream>

#include "StressBot/dashboard/ui/FontSearch.h"
#include "tests/TemporaryDirectory.h"
#include "tests/dashboard/FontSamples.h"

namespace stressbot {
namespace {

namespace fs = std::filesystem;

class FontSearchTest : public testing::Test {
 protected:
  void Add(const std::string& file, const std::string& bytes = SampleFont()) {
    const fs::path path = folder_.path() / file;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
  }
  FontFiles Find() const {
    const fs::path folders[] = {folder_.path() / "own", folder_.path() / "missing",
                                folder_.path() / "system"};
    return FindFonts(folders);
  }

  TemporaryDirectory folder_;
};

TEST_F(FontSearchTest, TheBestWithHangulIsTaken) {
  Add("system/truetype/dejavu/DejaVuSans.ttf");
  Add("system/truetype/nanum/NanumSquareR.ttf");  // lacks most syllables
  Add("system/truetype/nanum/NanumGothic.ttf");
  const FontFiles found = Find();
  EXPECT_EQ(found.text.filename(), "NanumGothic.ttf");
  EXPECT_EQ(found.symbols.filename(), "DejaVuSans.ttf");
}

TEST_F(FontSearchTest, AFileOfManyFontsIsOpenedAtTheKoreanOne) {
  Add("system/opentype/noto/NotoSansCJK-Regular.ttc", SampleCollection(5));
  EXPECT_EQ(Find().text_face, 1);
}

TEST_F(FontSearchTest, TheUsersOwnComesFirst) {
  Add("system/NanumGothic.ttf");
  Add("own/deep/below/NanumGothic.ttf");
  EXPECT_EQ(Find().text, folder_.path() / "own/deep/below/NanumGothic.ttf");
}

TEST_F(FontSearchTest, ABrokenFileIsPassedOver) {
  Add("system/NanumBarunGothic.ttf", "broken");
  Add("system/NanumGothic.ttf");
  EXPECT_EQ(Find().text.filename(), "NanumGothic.ttf");
}

TEST_F(FontSearchTest, WithoutHangulOneForLatinIsTaken) {
  Add("system/DejaVuSans.ttf");
  EXPECT_EQ(Find().text.filename(), "DejaVuSans.ttf");
}

TEST_F(FontSearchTest, NoneAtAllIsNoMistake) {
  Add("system/Unknown.ttf");
  const FontFiles found = Find();
  EXPECT_TRUE(found.text.empty());
  EXPECT_TRUE(found.symbols.empty());
}

}  // namespace
}  // namespace stressbot
