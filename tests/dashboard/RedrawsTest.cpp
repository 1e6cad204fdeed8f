#include <gtest/gtest.h>

#include "StressBot/dashboard/Redraws.h"

namespace stressbot {
namespace {

/// How many frames are drawn when the loop looks at each millisecond.
int FramesUntil(Redraws& redraws, double from_s, double to_s) {
  int frames = 0;
  for (double now = from_s; now < to_s; now += 0.001) {
    if (!redraws.IsDue(now)) continue;
    redraws.Drew(now);
    ++frames;
  }
  return frames;
}

TEST(RedrawsTest, AWindowInWhichNothingHappensDrawsNothing) {
  Redraws redraws;
  EXPECT_EQ(FramesUntil(redraws, 0, 1), 3);  // it appears
  EXPECT_EQ(FramesUntil(redraws, 1, 60), 0);
  EXPECT_EQ(redraws.WaitSeconds(60), Redraws::kIdleSeconds);
}

TEST(RedrawsTest, InputIsFollowedByTheFramesThatImGuiNeeds) {
  Redraws redraws;
  FramesUntil(redraws, 0, 1);
  redraws.StirByInput();
  EXPECT_EQ(redraws.WaitSeconds(1), 0);
  redraws.Drew(1);
  redraws.StirByInput();  // again, meanwhile
  EXPECT_EQ(FramesUntil(redraws, 1, 2), 3);
}

TEST(RedrawsTest, NewDataAreDrawnOnce) {
  Redraws redraws;
  FramesUntil(redraws, 0, 1);
  redraws.StirByData();
  EXPECT_EQ(FramesUntil(redraws, 1, 2), 1);
}

TEST(RedrawsTest, DataThatComeAllTheTimeAreAFewFramesASecond) {
  Redraws redraws;
  FramesUntil(redraws, 0, 1);
  int frames = 0;
  for (double now = 1; now < 2; now += 0.01) {
    redraws.StirByData();  // a server that writes and writes
    frames += FramesUntil(redraws, now, now + 0.01);
  }
  EXPECT_GE(frames, 9);
  EXPECT_LE(frames, 11);
}

TEST(RedrawsTest, ACaretBlinksAtAFewFramesASecond) {
  Redraws redraws;
  FramesUntil(redraws, 0, 1);
  redraws.set_animated(true);
  const int frames = FramesUntil(redraws, 1, 2);
  EXPECT_GE(frames, 15);
  EXPECT_LE(frames, 21);
  redraws.set_animated(false);
  EXPECT_EQ(FramesUntil(redraws, 2, 3), 0);
}

}  // namespace
}  // namespace stressbot
