#pragma once
#include <cstddef>
#include <optional>

#include "StressBot/metrics/GaugeCurve.h"

namespace stressbot {

/// How fast a curve grows, and how certain that is.
///
/// The samples are cut into ten blocks of equal length, and the blocks' means are taken for
/// independent: what samples a second apart have in common (memory hardly moves within one)
/// averages out within a block. This is the method of batch means (Schmeiser, "Batch size effects
/// in the analysis of simulation output", Operations Research 30, 1982). Through the means goes the
/// line of Theil and Sen: its slope is the median of the slopes of all 45 pairs (Sen, "Estimates of
/// the regression coefficient based on Kendall's tau", JASA 63, 1968). Its interval of confidence
/// needs no distribution: from the 9th smallest to the 9th largest of the 45, which is certain
/// to 99.1 % (with that probability Kendall's S of ten values in random order is below 29).
///
/// Memory that is collected again and again is a saw, whose mean over a block depends on how many
/// teeth that cuts. So the blocks' least values are fitted too, and the interval is widened to hold
/// both intervals: what grows for certain grows on average and at its floor.
///
/// Then the interval holds 0 of one or two steps, a peak, a saw of two teeth or more, and a growth
/// that came to rest in the middle. A saw whose first tooth lasts as long as the measured part
/// looks like a leak, to anybody.
struct SlopeFit {
  static constexpr std::size_t kBlocks = 10;
  static constexpr std::size_t kRank = 9;  ///< from either end of the sorted slopes
  static constexpr std::size_t kSamplesMin = 30;

  struct Interval {
    double low = 0, high = 0;
  };
  double per_hour = 0;
  std::size_t samples = 0;
  std::optional<Interval> interval;  ///< per hour; nothing below kSamplesMin
};

/// Nothing unless there are values at two times.
std::optional<SlopeFit> FitSlope(const GaugeCurve& curve);

}  // namespace stressbot
