#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "StressBot/analysis/Figures.h"

namespace stressbot {

/// Where a value is expected when nothing changed.
struct Interval {
  double low = 0;
  double high = 0;
};

/// A figure in all runs that are compared.
struct ComparedFigure {
  enum class Change : std::uint8_t { kSame, kBetter, kWorse, kUnknown };

  std::string name;
  FigureUnit unit = FigureUnit::kCount;
  bool higher_is_better = false;
  std::vector<double> old_values;   ///< of the runs that have it
  double old_mean = 0;              ///< 0 without any
  std::optional<double> new_value;  ///< nothing: NEW does not have it
  bool old_is_lower_bound = false, new_is_lower_bound = false;
  Interval expected;  ///< what lies outside is a change
  Change change = Change::kSame;

  /// Zero in all runs: nothing to show to a person.
  bool IsIdle() const;
};

struct Comparison {
  std::string scenario;
  std::vector<std::string> old_files;
  std::string new_file;
  std::vector<ComparedFigure> figures;  ///< those that got worse come first, then better ones
  /// Beside the figures: the runs before passed and NEW did not. A sentence; empty: it is not so.
  std::string verdict_change;
  std::vector<std::string> remarks;  ///< what makes the comparison weaker; sentences

  bool IsWorse() const;
  std::size_t CountOf(ComparedFigure::Change change) const;
};

struct ComparisonOptions {
  /// Changes up to this share of the old value are noise. Not given: 10 % for a single old run,
  /// nothing for several.
  std::optional<double> tolerance;
};

/// A run and the name of its file.
struct NamedRun {
  std::string file;
  const RunResult* run = nullptr;
};

/// Why the runs cannot be compared, a sentence each; empty: they can. All must be runs of the same
/// scenario under the same load that say something about the server.
std::vector<std::string> WhyNotComparable(const std::vector<NamedRun>& old_runs,
                                          const NamedRun& new_run);

/// Judges each figure of NEW. A change is what lies beyond the noise:
/// - of one old run, the tolerance;
/// - of n >= 2, the prediction interval for one more observation of a normal distribution, mean +-
///   t(n - 1) * s * sqrt(1 + 1/n) (Hahn and Meeker, Statistical Intervals, 1991, 4.7), of latencies
///   that of their logarithms, since they are skewed and differ by factors; one-sided, and the 5 %
///   of false alarms are shared out to all figures that vary (Bonferroni), so that of twenty
///   comparisons of a server with itself about one is wrong; the tolerance too, if given;
/// - and never less than the figure's own floor.
/// REQUIRES at least one old run, all comparable.
Comparison Compare(const std::vector<NamedRun>& old_runs, const NamedRun& new_run,
                   const ComparisonOptions& options);

/// What Compare expects of a figure (its unit, old_values and old_mean). `tail`: the probability of
/// a false alarm, for two or more old values that differ.
Interval ExpectedOf(const ComparedFigure& figure, double floor, double tail,
                    const ComparisonOptions& options);

}  // namespace stressbot
