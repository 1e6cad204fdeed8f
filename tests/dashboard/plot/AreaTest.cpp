#include "StressBot/dashboard/plot/Area.h"

#include <gtest/gtest.h>

#include <random>

namespace stressbot::plot {
namespace {

constexpr Box kBox{100, 50, 500, 250};

TEST(AreaTest, MomentsAndPixelsAreEachOthersInverse) {
  const Area area{kBox, {60, 120}, {0, 10}};
  EXPECT_FLOAT_EQ(area.X(60), 100);
  EXPECT_FLOAT_EQ(area.X(120), 500);
  for (float x = 100; x <= 500; x += 7) EXPECT_NEAR(area.X(area.TimeAt(x)), x, 1e-2);
  EXPECT_DOUBLE_EQ(area.SecondsOf(40), 6);
}

TEST(AreaTest, LinearValues) {
  const Area area{kBox, {0, 1}, {0, 10}};
  EXPECT_FLOAT_EQ(area.Y(0), 250);
  EXPECT_FLOAT_EQ(area.Y(5), 150);
  EXPECT_FLOAT_EQ(area.Y(10), 50);
  EXPECT_FLOAT_EQ(area.Y(1e30), 50 - 200) << "held, so that no coordinate is absurd";
}

TEST(AreaTest, LogValues) {
  const Area area{kBox, {0, 1}, {1e5, 1e9}, Scale::kLog};
  EXPECT_FLOAT_EQ(area.Y(1e5), 250);
  EXPECT_FLOAT_EQ(area.Y(1e7), 150);
  EXPECT_FLOAT_EQ(area.Y(1e9), 50);
  EXPECT_FLOAT_EQ(area.Y(0), 250);
  EXPECT_FLOAT_EQ(area.Y(10), 250);
}

TEST(AreaTest, ABoxBesideSomethingNeverLeavesTheChart) {
  std::mt19937_64 random(61);
  std::uniform_real_distribution<float> place(0, 1);
  for (int i = 0; i < 1'000; ++i) {
    const float x = kBox.left + place(random) * kBox.width();
    const float y = kBox.top + place(random) * kBox.height();
    const float width = place(random) * kBox.width();
    const float height = place(random) * kBox.height();
    const Box box = PlaceBeside(x, y, 8, width, height, kBox);
    EXPECT_GE(box.left, kBox.left);
    EXPECT_LE(box.right, kBox.right + 1e-3F);
    EXPECT_GE(box.top, kBox.top);
    EXPECT_LE(box.bottom, kBox.bottom + 1e-3F);
    EXPECT_NEAR(box.width(), width, 1e-3);
    const bool covers = box.left < x && x < box.right;
    EXPECT_TRUE(!covers || width + 8 > std::max(x - kBox.left, kBox.right - x))
        << "it hides what it tells about though there is room";
  }
}

}  // namespace
}  // namespace stressbot::plot
