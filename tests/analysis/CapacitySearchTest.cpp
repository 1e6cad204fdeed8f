#include "StressBot/analysis/CapacitySearch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <vector>

namespace stressbot {
namespace {

using testing::ElementsAre;
using Outcome = ProbeResult::Outcome;
using Kind = Capacity::Kind;

/// What a server (and a generator) do at a value; the number of the probe makes noise.
using World = std::function<Outcome(std::uint64_t value, std::size_t probe)>;

class Search {
 public:
  Search(SearchRange range, const World& world) : range_(range) {
    while (const auto value = NextProbe(range, probes_)) {
      probes_.push_back({*value, world(*value, probes_.size())});
    }
  }
  Capacity Result() const { return CapacityOf(range_, probes_); }
  std::vector<std::uint64_t> Tried() const {
    std::vector<std::uint64_t> values;
    for (const ProbeResult& probe : probes_) values.push_back(probe.value);
    return values;
  }

 private:
  SearchRange range_;
  std::vector<ProbeResult> probes_;
};

World UpTo(std::uint64_t most, Outcome beyond = Outcome::kFailed) {
  return [=](std::uint64_t value, std::size_t) { return value <= most ? Outcome::kHeld : beyond; };
}

TEST(CapacitySearchTest, DoublesHalvesAndTriesTheKneeAgain) {
  const Search search({500, 20'000}, UpTo(4'400));
  EXPECT_THAT(search.Tried(), ElementsAre(500, 1'000, 2'000, 4'000, 8'000, 6'000, 5'000, 4'500,
                                          4'250, 4'375, 4'375, 4'500));
  const Capacity found = search.Result();
  EXPECT_EQ(found.kind, Kind::kFound);
  EXPECT_EQ(found.value, 4'375U);
  EXPECT_EQ(found.next, 4'500U);
  EXPECT_EQ(found.sure, 4'375U);
  EXPECT_EQ(found.hopeless, 4'500U);
}

TEST(CapacitySearchTest, SmallNumbersAreFoundExactly) {
  for (std::uint64_t most = 1; most < 20; ++most) {
    const Capacity found = Search({1, 20}, UpTo(most)).Result();
    EXPECT_EQ(found.kind, Kind::kFound);
    EXPECT_EQ(found.value, most);
    EXPECT_EQ(found.next, most + 1);
  }
}

TEST(CapacitySearchTest, EveryMonotoneServerIsFoundWithinTheKneesWidth) {
  for (std::uint64_t most = 100; most < 50'000; most += 371) {
    const Search search({100, 50'000}, UpTo(most));
    const Capacity found = search.Result();
    EXPECT_EQ(found.kind, Kind::kFound) << most;
    EXPECT_LE(found.value, most);
    EXPECT_GT(found.next, most);
    EXPECT_LE(static_cast<double>(found.next - found.value),
              kKneeWidth * static_cast<double>(found.value))
        << most;
    EXPECT_LT(search.Tried().size(), 20U);
  }
}

TEST(CapacitySearchTest, ThatItNeverHoldsIsTriedTwice) {
  const Search search({500, 20'000}, UpTo(0));
  EXPECT_THAT(search.Tried(), ElementsAre(500, 500));
  EXPECT_EQ(search.Result().kind, Kind::kNeverHeld);
  EXPECT_EQ(search.Result().value, 0U);
  EXPECT_EQ(search.Result().next, 500U);
}

TEST(CapacitySearchTest, ThatAllHoldIsTriedTwice) {
  const Search search({500, 3'000}, UpTo(9'999));
  EXPECT_THAT(search.Tried(), ElementsAre(500, 1'000, 2'000, 3'000, 3'000));
  EXPECT_EQ(search.Result().kind, Kind::kAll);
  EXPECT_EQ(search.Result().value, 3'000U);
  EXPECT_EQ(search.Result().hopeless, 0U);
  EXPECT_THAT(Search({7, 7}, UpTo(7)).Tried(), ElementsAre(7, 7));
}

TEST(CapacitySearchTest, AGeneratorThatGivesInLeavesAtLeast) {
  const Capacity found = Search({500, 20'000}, UpTo(3'000, Outcome::kLimited)).Result();
  EXPECT_EQ(found.kind, Kind::kAtLeast);
  EXPECT_EQ(found.value, 3'000U);
  EXPECT_EQ(found.next, 3'125U);
  const Capacity never = Search({500, 20'000}, UpTo(0, Outcome::kLimited)).Result();
  EXPECT_EQ(never.kind, Kind::kAtLeast);
  EXPECT_EQ(never.value, 0U);
}

TEST(CapacitySearchTest, AServerThatFailsBeforeTheGeneratorGivesInIsFound) {
  const Capacity found = Search({500, 20'000}, [](std::uint64_t value, std::size_t) {
                           return value <= 3'000   ? Outcome::kHeld
                                  : value <= 5'000 ? Outcome::kFailed
                                                   : Outcome::kLimited;
                         }).Result();
  EXPECT_EQ(found.kind, Kind::kFound);
  EXPECT_EQ(found.value, 3'000U);
}

TEST(CapacitySearchTest, AFailureByChanceIsFoundOut) {
  // The fourth probe (of 4,000) fails by chance: the search comes back to it and goes on.
  const Search search({500, 20'000}, [](std::uint64_t value, std::size_t probe) {
    return probe == 3 ? Outcome::kFailed : UpTo(4'400)(value, probe);
  });
  const Capacity found = search.Result();
  EXPECT_EQ(found.kind, Kind::kFound);
  EXPECT_EQ(found.value, 4'375U);
  EXPECT_EQ(found.next, 4'500U);
  EXPECT_LT(found.sure, 4'000U);  // the spread tells of it
  EXPECT_EQ(found.hopeless, 4'500U);
}

TEST(CapacitySearchTest, AFirstProbeThatFailsByChanceEndsNothing) {
  const Search search({500, 20'000}, [](std::uint64_t value, std::size_t probe) {
    return probe == 0 ? Outcome::kFailed : UpTo(4'400)(value, probe);
  });
  EXPECT_EQ(search.Result().value, 4'375U);
}

TEST(CapacitySearchTest, NoiseAroundTheKneeIsTheSpread) {
  // Between 4,000 and 5,000 every other probe fails.
  const Capacity found = Search({500, 20'000}, [](std::uint64_t value, std::size_t probe) {
                           if (value < 4'000) return Outcome::kHeld;
                           if (value > 5'000) return Outcome::kFailed;
                           return probe % 2 == 0 ? Outcome::kHeld : Outcome::kFailed;
                         }).Result();
  EXPECT_EQ(found.kind, Kind::kFound);
  EXPECT_GE(found.value, 3'500U);
  EXPECT_LE(found.value, 5'000U);
  EXPECT_LE(found.sure, found.value);
  EXPECT_GE(found.hopeless, found.next);
}

TEST(CapacitySearchTest, ItEndsWhateverItIsTold) {
  std::uint64_t state = 1;
  for (int round = 0; round < 300; ++round) {
    const Search search({1, 100'000}, [&state](std::uint64_t, std::size_t) {
      state = state * 6364136223846793005U + 1442695040888963407U;
      return static_cast<Outcome>((state >> 33U) % 3);
    });
    EXPECT_LE(search.Tried().size(), kProbesMax);
  }
}

TEST(CapacitySearchTest, WhatIsKnownSoFar) {
  const std::vector<ProbeResult> probes{{500, Outcome::kHeld}, {1'000, Outcome::kHeld}};
  EXPECT_EQ(CapacityOf({500, 20'000}, probes).kind, Kind::kAtLeast);
  EXPECT_EQ(CapacityOf({500, 20'000}, probes).value, 1'000U);
  EXPECT_EQ(CapacityOf({500, 20'000}, {}).kind, Kind::kUnknown);
}

}  // namespace
}  // namespace stressbot
