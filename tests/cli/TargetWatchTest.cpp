#include "StressBot/cli/TargetWatch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using Trouble = TargetWatch::Trouble;

class TargetWatchTest : public testing::Test {
 protected:
  struct Second {
    std::uint64_t connected = 0, connects_failed = 0, received = 0, timed_out = 0;
    std::uint64_t connects_timed_out = 0, connects_out_of_ports = 0;
  };

  /// One second of the run.
  Trouble Pass(const Second& second) {
    MetricsInterval interval;
    interval.from = at_;
    interval.to = at_ += 1s;
    interval.frame = MetricsFrame(catalog_);
    interval.frame.Count(connected_, false, second.connected);
    interval.frame.Count(refused_, true, second.connects_failed);
    interval.frame.Count(not_accepted_, true, second.connects_timed_out);
    interval.frame.Count(out_of_ports_, true, second.connects_out_of_ports);
    interval.frame.Count(requests_failed_, true, second.timed_out);
    interval.frame.Add(received_, second.received);
    return watch_.Observe(interval, catalog_);
  }
  /// How many seconds like this pass until there is trouble; -1: more than 60.
  int SecondsUntil(Trouble trouble, const Second& second) {
    for (int i = 1; i <= 60; ++i) {
      if (Pass(second) == trouble) return i;
    }
    return -1;
  }

  RateId Connects(const char* reason) {
    return catalog_.Rate("connects_failed", {{"server", "game"}, {"reason", reason}});
  }

  MetricsCatalog catalog_;
  RateId connected_ = Connects("-");
  RateId refused_ = Connects("refused");
  RateId not_accepted_ = Connects("timeout");
  RateId out_of_ports_ = Connects("local");
  RateId requests_failed_ = catalog_.Rate("requests_failed", {{"step", "chat"}});
  CounterId received_ = catalog_.Counter("packets_received", {{"packet", "S_CHAT"}});
  TargetWatch watch_;
  std::chrono::nanoseconds at_{};
};

TEST_F(TargetWatchTest, NobodyEverConnectedForFiveSeconds) {
  EXPECT_EQ(SecondsUntil(Trouble::kUnreachable, {.connects_failed = 3}), 5);
  EXPECT_EQ(watch_.Explain(Trouble::kUnreachable, "refused"),
            "target unreachable: 15 attempts to connect, none succeeded; first: refused");
}

TEST_F(TargetWatchTest, ConnectionsWithoutAnyPacketForTenSeconds) {
  Pass({.connected = 5});
  EXPECT_EQ(SecondsUntil(Trouble::kSilent, {.timed_out = 1}), 9);
}

TEST_F(TargetWatchTest, ASilentTargetThatTakesFewIsTold) {
  Pass({.connected = 2, .connects_timed_out = 98});
  EXPECT_EQ(watch_.Explain(Trouble::kSilent, "timed out"),
            "target silent: 2 connections, but no packet was ever received; 98 further attempts "
            "failed; first: timed out");
}

TEST_F(TargetWatchTest, OnePacketIsEnoughNotToBeSilent) {
  Pass({.connected = 5, .received = 1});
  EXPECT_EQ(SecondsUntil(Trouble::kSilent, {.timed_out = 1}), -1);
}

TEST_F(TargetWatchTest, ATargetThatWorkedAndIsGoneForFiveSeconds) {
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Pass({.connected = 1, .received = 9}), Trouble::kNone);
  EXPECT_EQ(SecondsUntil(Trouble::kLost, {.connects_failed = 2}), 5);
}

TEST_F(TargetWatchTest, AServerThatStandsStillWithAFullAcceptQueueIsWaitedForLonger) {
  Pass({.connected = 5, .received = 9});
  EXPECT_EQ(SecondsUntil(Trouble::kLost, {.connects_timed_out = 2}), 30);
}

TEST_F(TargetWatchTest, OneRefusalTellsThatNobodyListens) {
  Pass({.connected = 5, .received = 9});
  for (int i = 0; i < 4; ++i) EXPECT_EQ(Pass({.connects_timed_out = 2}), Trouble::kNone);
  EXPECT_EQ(Pass({.connects_failed = 1}), Trouble::kLost);
}

TEST_F(TargetWatchTest, WhatThisMachineRefusesItselfSaysNothingOfTheTarget) {
  EXPECT_EQ(SecondsUntil(Trouble::kUnreachable, {.connects_out_of_ports = 3}), -1);
  EXPECT_EQ(watch_.AtEnd(), Trouble::kNone);
  Pass({.connected = 5, .received = 9});
  EXPECT_EQ(SecondsUntil(Trouble::kLost, {.connects_out_of_ports = 3}), -1);
}

TEST_F(TargetWatchTest, AStallWithoutFailedConnectsIsNotALoss) {
  Pass({.connected = 5, .received = 9});
  EXPECT_EQ(SecondsUntil(Trouble::kLost, {}), -1);
}

TEST_F(TargetWatchTest, AServerThatComesBackIsNotLost) {
  Pass({.connected = 5, .received = 9});
  for (int i = 0; i < 4; ++i) EXPECT_EQ(Pass({.connects_failed = 2}), Trouble::kNone);
  EXPECT_EQ(Pass({.connected = 1}), Trouble::kNone);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(Pass({.connects_failed = 2}), Trouble::kNone);
}

TEST_F(TargetWatchTest, AServerThatIsDownBecauseWeWantItIsNotLost) {
  Pass({.connected = 5, .received = 9});
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(Pass({.connects_failed = 2}), Trouble::kNone);
    watch_.Forgive(at_);
  }
  EXPECT_EQ(SecondsUntil(Trouble::kLost, {.connects_failed = 2}), 5);
}

TEST_F(TargetWatchTest, AShortRunIsJudgedAtItsEnd) {
  Pass({.connects_failed = 1});
  EXPECT_EQ(watch_.AtEnd(), Trouble::kUnreachable);
  Pass({.connected = 1, .timed_out = 1});
  EXPECT_EQ(watch_.AtEnd(), Trouble::kSilent);
  Pass({.received = 1});
  EXPECT_EQ(watch_.AtEnd(), Trouble::kNone);
}

}  // namespace
}  // namespace stressbot
