#include "StressBot/dashboard/plot/TimeView.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace stressbot::plot {
namespace {

using Key = TimeView::Key;

TimeView RunOf(double seconds, bool running = true) {
  TimeView view;
  view.SetData(seconds, running);
  return view;
}

void ExpectWindow(const TimeView& view, double from, double to) {
  EXPECT_NEAR(view.from_s(), from, 1e-9);
  EXPECT_NEAR(view.to_s(), to, 1e-9);
}

TEST(TimeViewTest, ShowsTheLastMinuteByDefault) {
  TimeView view = RunOf(300);
  EXPECT_TRUE(view.IsLive());
  ExpectWindow(view, 240, 300);
  view.SetData(301, true);
  ExpectWindow(view, 241, 301);
}

TEST(TimeViewTest, TheAxisStandsStillUntilThereIsMoreThanItShows) {
  TimeView view = RunOf(0);
  ExpectWindow(view, 0, 60);
  view.SetData(59, true);
  ExpectWindow(view, 0, 60);
}

TEST(TimeViewTest, TheWholeRunEndsAtARoundMomentWhileItRuns) {
  TimeView view = RunOf(0);
  view.Follow(TimeView::kWholeRun);
  int changes = 0;
  double before = view.to_s();
  for (int second = 0; second <= 1'000; ++second) {
    view.SetData(second, true);
    EXPECT_GE(view.to_s(), second);
    EXPECT_LE(view.to_s(), std::max(10.0, second * 1.13 + 1)) << "much room is wasted";
    if (view.to_s() > before) ++changes;
    before = view.to_s();
  }
  EXPECT_LE(changes, 80) << "it jumps with nearly every point";
  view.SetData(1'000.4, false);
  ExpectWindow(view, 0, 1'000.4);
}

TEST(TimeViewTest, AShortRunThatIsOverFillsThePicture) {
  ExpectWindow(RunOf(31, false), 0, 31);
  ExpectWindow(RunOf(90, false), 30, 90);
}

TEST(TimeViewTest, ZoomKeepsTheMomentUnderTheMouse) {
  std::mt19937_64 random(51);
  std::uniform_real_distribution<> share(0, 1);
  for (int round = 0; round < 500; ++round) {
    TimeView view = RunOf(5'000, round % 2 == 0);
    view.Follow(TimeView::kWholeRun);
    for (int k = 0; k < 12; ++k) {
      const double place = share(random);
      const double at = view.from_s() + place * view.span_s();
      const double span = view.span_s();
      view.ZoomAt(at, 0.8);
      EXPECT_NEAR((at - view.from_s()) / view.span_s(), place, 1e-9);
      EXPECT_NEAR(view.span_s(), 0.8 * span, 1e-9);
      EXPECT_FALSE(view.IsLive());
    }
  }
}

TEST(TimeViewTest, ZoomingOutKeepsItToo) {
  TimeView view = RunOf(5'000);
  view.Follow(100);
  view.Pan(-2'000);
  const double at = view.from_s() + 25;
  view.ZoomAt(at, 2);
  EXPECT_NEAR((at - view.from_s()) / view.span_s(), 0.25, 1e-9);
}

TEST(TimeViewTest, WhateverIsDoneTheWindowStaysWithinTheRun) {
  std::mt19937_64 random(52);
  for (int round = 0; round < 300; ++round) {
    double end = std::uniform_real_distribution<>(0, 10'000)(random);
    TimeView view = RunOf(end);
    for (int k = 0; k < 60; ++k) {
      const double at = std::uniform_real_distribution<>(-100, end + 100)(random);
      switch (random() % 6) {
        case 0:
          view.ZoomAt(at, std::uniform_real_distribution<>(0.1, 5)(random));
          break;
        case 1:
          view.Pan(at - end / 2);
          break;
        case 2:
          view.Show(std::clamp(at, 0.0, end));
          break;
        case 3:
          view.SetData(end += 1, true);
          break;
        case 4:
          view.Apply(static_cast<Key>(random() % 6));
          break;
        default:
          view.Follow(random() % 2 == 0 ? TimeView::kWholeRun
                                        : 60 * (1.0 + static_cast<double>(random() % 20)));
      }
      EXPECT_GE(view.from_s(), 0);
      EXPECT_GE(view.span_s(), TimeView::kSpanMin_s * 0.999);
      EXPECT_LE(view.to_s(), std::max(end * 1.13 + 1, 1'200.0));
      EXPECT_LE(view.from_s(), std::max(end, 0.0)) << "nothing but emptiness is shown";
      EXPECT_TRUE(!view.IsLive() || view.to_s() >= end - 1e-9);
    }
  }
}

TEST(TimeViewTest, ADragThatReachesTheEndIsLiveAgain) {
  TimeView view = RunOf(300);
  view.Pan(-100);
  EXPECT_FALSE(view.IsLive());
  ExpectWindow(view, 140, 200);
  view.SetData(310, true);
  ExpectWindow(view, 140, 200);
  view.Pan(500);
  EXPECT_TRUE(view.IsLive());
  ExpectWindow(view, 250, 310);
}

TEST(TimeViewTest, NothingIsBeforeTheStart) {
  TimeView view = RunOf(300);
  view.Pan(-1'000);
  ExpectWindow(view, 0, 60);
  TimeView whole = RunOf(300, false);
  whole.Follow(TimeView::kWholeRun);
  whole.Pan(-10);
  EXPECT_TRUE(whole.IsLive()) << "there is nowhere to go";
}

TEST(TimeViewTest, BackToLiveFollowsWhatWasFollowed) {
  TimeView view = RunOf(3'000);
  view.Follow(600);
  view.ZoomAt(2'700, 0.1);
  view.BackToLive();
  EXPECT_TRUE(view.IsLive());
  ExpectWindow(view, 2'400, 3'000);
}

TEST(TimeViewTest, ZoomedOutAllTheWayIsTheWholeRunLive) {
  TimeView view = RunOf(1'000);
  view.ZoomAt(970, 100);
  EXPECT_TRUE(view.IsLive());
  EXPECT_NEAR(view.from_s(), 0, 1e-9);
  EXPECT_EQ(view.followed_span_s(), TimeView::kWholeRun);
}

TEST(TimeViewTest, AClickedEventIsBroughtIntoSight) {
  TimeView view = RunOf(1'000);
  view.Show(500);
  ExpectWindow(view, 470, 530);
  EXPECT_EQ(view.crosshair_s(), 500);
  view.Show(480);
  ExpectWindow(view, 470, 530);
  EXPECT_EQ(view.crosshair_s(), 480) << "what is in sight needs no move";
  view.Show(3);
  ExpectWindow(view, 0, 60);
}

TEST(TimeViewTest, Keys) {
  TimeView view = RunOf(1'000);
  view.Apply(Key::kLeft);
  ExpectWindow(view, 925, 985);
  view.Apply(Key::kRight);
  EXPECT_TRUE(view.IsLive());
  view.Apply(Key::kIn);
  ExpectWindow(view, 955, 985);
  view.Apply(Key::kOut);
  ExpectWindow(view, 940, 1'000);
  view.Apply(Key::kBegin);
  ExpectWindow(view, 0, 60);
  view.Apply(Key::kEnd);
  EXPECT_TRUE(view.IsLive());
  ExpectWindow(view, 940, 1'000);
}

TEST(TimeViewTest, KeysZoomAtWhatIsRead) {
  TimeView view = RunOf(1'000);
  view.Show(500);
  view.Show(480);
  view.Apply(Key::kIn);
  EXPECT_NEAR((480 - view.from_s()) / view.span_s(), 10.0 / 60, 1e-9);
}

TEST(TimeViewTest, OneCrosshairForAllPlotsNeedsOneMoreFrame) {
  TimeView view = RunOf(100);
  view.EndFrame();
  view.Hover(80);
  EXPECT_FALSE(view.crosshair_s()) << "plots above the one under the mouse are drawn already";
  EXPECT_TRUE(view.EndFrame());
  EXPECT_EQ(view.crosshair_s(), 80);
  view.Hover(80);
  EXPECT_FALSE(view.EndFrame()) << "nothing is new";
  EXPECT_TRUE(view.EndFrame()) << "the mouse has left";
  EXPECT_FALSE(view.crosshair_s());
}

TEST(TimeViewTest, AZoomInTheMidstOfAFrameNeedsOneMore) {
  TimeView view = RunOf(100);
  view.EndFrame();
  view.ZoomAt(80, 0.5);
  EXPECT_TRUE(view.EndFrame());
  EXPECT_FALSE(view.EndFrame());
}

}  // namespace
}  // namespace stressbot::plot
