#include "StressBot/metrics/Format.h"

#include <gtest/gtest.h>

namespace stressbot {
namespace {

using namespace std::chrono_literals;

TEST(FormatTest, CountsHaveThousandsSeparators) {
  EXPECT_EQ(FormatCount(0), "0");
  EXPECT_EQ(FormatCount(999), "999");
  EXPECT_EQ(FormatCount(1'000), "1,000");
  EXPECT_EQ(FormatCount(1'448'300), "1,448,300");
  EXPECT_EQ(FormatNumber(-1234.56, 1), "-1,234.6");
  EXPECT_EQ(FormatNumber(-123, 0), "-123");
}

TEST(FormatTest, LatenciesHaveThreeDigitsInTheFittingUnit) {
  EXPECT_EQ(FormatLatency(0), "0 ns");
  EXPECT_EQ(FormatLatency(850), "850 ns");
  EXPECT_EQ(FormatLatency(1'100), "1.10 us");
  EXPECT_EQ(FormatLatency(98'000), "98.0 us");
  EXPECT_EQ(FormatLatency(999'900), "1.00 ms");
  EXPECT_EQ(FormatLatency(12'400'000), "12.4 ms");
  EXPECT_EQ(FormatLatency(99'960'000), "100 ms");
  EXPECT_EQ(FormatLatency(1.2e9), "1.20 s");
  EXPECT_EQ(FormatLatency(3.6e12), "3,600 s");
}

TEST(FormatTest, SpansOfARun) {
  EXPECT_EQ(FormatSpan(30s), "30.0 s");
  EXPECT_EQ(FormatSpan(12'400ms), "12.4 s");
  EXPECT_EQ(FormatSpan(725s), "12 min 05 s");
  EXPECT_EQ(FormatSpan(2h + 5min), "2 h 05 min");
}

TEST(FormatTest, Sizes) {
  EXPECT_EQ(FormatBytes(512), "512 B");
  EXPECT_EQ(FormatBytes(1.1e6), "1.1 MB");
  EXPECT_EQ(FormatBytes(61e6), "61 MB");
  EXPECT_EQ(FormatBytes(-1.5e6), "-1.5 MB");
  EXPECT_EQ(FormatBinaryBytes(1946), "1.9 KiB");
}

TEST(FormatTest, SharesAreNeverRoundedToAllOrNothing) {
  EXPECT_EQ(FormatShare(1), "1.0000");
  EXPECT_EQ(FormatShare(0), "0.0000");
  EXPECT_EQ(FormatShare(0.999), "0.9990");
  EXPECT_EQ(FormatShare(0.99999), "0.99999");
  EXPECT_EQ(FormatShare(1e-6), "0.000001");
}

}  // namespace
}  // namespace stressbot
