#include <gtest/gtest.h>

#include "StressBot/dashboard/ui/FontFile.h"
#include "tests/dashboard/FontSamples.h"

/// Only what stb_truetype can read safely reaches it.
namespace stressbot {
namespace {

TEST(FontFileTest, FontsAndCollections) {
  EXPECT_TRUE(IsUsableFont(SampleFont(), 0));
  EXPECT_FALSE(IsUsableFont(SampleFont(), 1));
  EXPECT_TRUE(IsUsableFont(SampleCollection(2), 1));
  EXPECT_FALSE(IsUsableFont(SampleCollection(2), 2));
  EXPECT_FALSE(IsUsableFont(SampleCollection(2), -1));
}

TEST(FontFileTest, OneThatIsCutAnywhereIsNone) {
  for (const std::string& whole : {SampleFont(), SampleCollection(1)}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      EXPECT_FALSE(IsUsableFont(std::string_view(whole).substr(0, size), 0)) << size;
    }
  }
}

TEST(FontFileTest, WhatElseIsNone) {
  EXPECT_FALSE(IsUsableFont("a text that is longer than the header of a font", 0));
  std::string without_letters = SampleFont();
  without_letters.replace(without_letters.find("cmap"), 4, "CMAP");
  EXPECT_FALSE(IsUsableFont(without_letters, 0));
  EXPECT_FALSE(IsUsableFont("ttcf" + BigEndian(0x00010000, 4) + BigEndian(0xffffffff, 4), 5));
  EXPECT_FALSE(ReadFontFile("/no/such/font.ttf", 0));
  EXPECT_FALSE(ReadFontFile("/", 0));
}

}  // namespace
}  // namespace stressbot
