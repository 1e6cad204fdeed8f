#include "StressBot/analysis/Comparison.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "StressBot/analysis/StudentT.h"

namespace stressbot {

namespace {

using Change = ComparedFigure::Change;

constexpr double kToleranceOfOne = 0.1;
constexpr double kFalseAlarms = 0.05;
constexpr std::size_t kEnoughRuns = 5;

double MeanOf(const std::vector<double>& values) {
  if (values.empty()) return 0;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Of a sample: divided by n - 1.
double DeviationOf(const std::vector<double>& values) {
  const double mean = MeanOf(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

bool Varies(const std::vector<double>& values) {
  const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
  return values.size() > 1 && *least < *greatest;
}

/// A figure while it is collected: the floor is the mean of those of the old runs.
struct Collected {
  ComparedFigure figure;
  double floors = 0;
};

Collected& PlaceOf(std::vector<Collected>& list, const Figure& figure) {
  const auto found = std::find_if(list.begin(), list.end(), [&figure](const Collected& other) {
    return other.figure.name == figure.name;
  });
  if (found != list.end()) return *found;
  list.emplace_back();
  list.back().figure.name = figure.name;
  list.back().figure.unit = figure.unit;
  list.back().figure.higher_is_better = figure.higher_is_better;
  return list.back();
}

std::vector<Collected> Collect(const std::vector<NamedRun>& old_runs, const NamedRun& new_run) {
  std::vector<Collected> list;
  for (const NamedRun& old_run : old_runs) {
    for (const Figure& figure : FiguresOf(*old_run.run)) {
      Collected& place = PlaceOf(list, figure);
      place.figure.old_values.push_back(figure.value);
      place.figure.old_is_lower_bound |= figure.is_lower_bound;
      place.floors += figure.floor;
    }
  }
  for (const Figure& figure : FiguresOf(*new_run.run)) {
    Collected& place = PlaceOf(list, figure);
    place.figure.new_value = figure.value;
    place.figure.new_is_lower_bound = figure.is_lower_bound;
  }
  for (Collected& place : list) place.figure.old_mean = MeanOf(place.figure.old_values);
  return list;
}

/// A value that is at least so much is no proof of less than another.
Change ChangeOf(const ComparedFigure& figure) {
  const bool is_higher = *figure.new_value > figure.expected.high;
  if (!is_higher && *figure.new_value >= figure.expected.low) return Change::kSame;
  if (is_higher == figure.higher_is_better) {
    return figure.new_is_lower_bound ? Change::kUnknown : Change::kBetter;
  }
  return figure.old_is_lower_bound ? Change::kUnknown : Change::kWorse;
}

/// "99: Threshold ...": the reason that decided.
std::string DecidingReason(const Verdict& verdict) {
  for (const VerdictReason& reason : verdict.reasons) {
    if (reason.code == verdict.code())
      return std::to_string(static_cast<int>(reason.code)) + ": " + reason.text;
  }
  return {};
}

std::string VerdictChange(const std::vector<NamedRun>& old_runs, const NamedRun& new_run) {
  const bool all_passed = std::all_of(old_runs.begin(), old_runs.end(), [](const NamedRun& run) {
    return run.run->verdict.passed();
  });
  if (!all_passed || new_run.run->verdict.passed()) return {};
  return "The old runs passed, and " + new_run.file + " did not. " +
         DecidingReason(new_run.run->verdict);
}

std::vector<std::string> RemarksOn(const std::vector<NamedRun>& old_runs, const NamedRun& new_run) {
  std::vector<std::string> remarks;
  const MachineReport& machine = new_run.run->machine;
  const auto is_another = [&machine](const NamedRun& run) {
    return run.run->machine.cores != machine.cores || run.run->machine.system != machine.system;
  };
  if (std::any_of(old_runs.begin(), old_runs.end(), is_another)) {
    remarks.emplace_back("The runs are of different machines: so may be the change.");
  }
  if (old_runs.size() > 1 && old_runs.size() < kEnoughRuns) {
    remarks.push_back("Of " + std::to_string(old_runs.size()) +
                      " old runs the noise is hardly known; five or more find smaller changes.");
  }
  return remarks;
}

/// Options that change the load, as they were given. Where the server is and what was drawn may
/// differ.
std::vector<std::pair<std::string, std::string>> LoadOptionsOf(const RunResult& run) {
  constexpr std::array kOthers{"--target", "--map-target", "--seed"};
  std::vector<std::pair<std::string, std::string>> options;
  for (const auto& option : run.options) {
    if (std::find(kOthers.begin(), kOthers.end(), option.first) == kOthers.end())
      options.push_back(option);
  }
  std::sort(options.begin(), options.end());
  return options;
}

std::string ListOf(const std::vector<std::pair<std::string, std::string>>& options) {
  std::string text;
  for (const auto& [name, value] : options) {
    text += (text.empty() ? "" : " ") + name + " " + value;
  }
  return text.empty() ? "none" : text;
}

/// Empty: this run alone says something about its server.
std::string WhyUseless(const RunResult& run, bool is_old) {
  if (run.changed_by_hand)
    return "somebody changed the load while it ran, so that no other run is like it";
  const ExitCode code = run.verdict.code();
  switch (code) {
    case ExitCode::kGeneratorLimited:
      return "its generator was the bottleneck (120), so its numbers say little about the server: "
             "run fewer bots, or with more cores";
    case ExitCode::kInterrupted:
    case ExitCode::kAborted:
    case ExitCode::kConfiguration:
    case ExitCode::kCouldNotBegin:
    case ExitCode::kInternalError:
      return "it is no whole run (" + DecidingReason(run.verdict) + ")";
    case ExitCode::kServerDied:
    case ExitCode::kNothingWorked:
      if (is_old) return "it can be no measure (" + DecidingReason(run.verdict) + ")";
      break;
    default:
      break;
  }
  return run.metrics == nullptr ? "it measured nothing" : "";
}

std::string WhyOfAnotherLoad(const NamedRun& old_run, const NamedRun& new_run) {
  const RunResult& was = *old_run.run;
  const RunResult& is = *new_run.run;
  const std::string both = old_run.file + " and " + new_run.file;
  if (was.scenario != is.scenario) {
    return both + " are of different scenarios: " + was.scenario + " and " + is.scenario + ".";
  }
  if (was.scenario_hash != is.scenario_hash) {
    return both + " are of different texts of the scenario " + is.scenario +
           ": run the old server with the new scenario to compare.";
  }
  const auto old_options = LoadOptionsOf(was);
  const auto new_options = LoadOptionsOf(is);
  if (old_options != new_options) {
    return both + " had different options: " + ListOf(old_options) + ", and " +
           ListOf(new_options) + ".";
  }
  if (was.bots_max != is.bots_max || was.planned_duration != is.planned_duration) {
    return both + " had different loads, though their options are the same.";
  }
  return {};
}

}  // namespace

bool ComparedFigure::IsIdle() const {
  const auto is_zero = [](double value) { return std::abs(value) <= 0; };
  return std::all_of(old_values.begin(), old_values.end(), is_zero) &&
         is_zero(new_value.value_or(0));
}

bool Comparison::IsWorse() const { return !verdict_change.empty() || CountOf(Change::kWorse) > 0; }

std::size_t Comparison::CountOf(ComparedFigure::Change change) const {
  return static_cast<std::size_t>(
      std::count_if(figures.begin(), figures.end(),
                    [change](const ComparedFigure& figure) { return figure.change == change; }));
}

std::vector<std::string> WhyNotComparable(const std::vector<NamedRun>& old_runs,
                                          const NamedRun& new_run) {
  std::vector<std::string> reasons;
  const auto add = [&reasons](const NamedRun& run, bool is_old) {
    const std::string why = WhyUseless(*run.run, is_old);
    if (!why.empty()) reasons.push_back(run.file + " cannot be compared: " + why + ".");
  };
  for (const NamedRun& old_run : old_runs) add(old_run, true);
  add(new_run, false);
  for (const NamedRun& old_run : old_runs) {
    std::string why = WhyOfAnotherLoad(old_run, new_run);
    if (!why.empty()) reasons.push_back(std::move(why));
  }
  return reasons;
}

Interval ExpectedOf(const ComparedFigure& figure, double floor, double tail,
                    const ComparisonOptions& options) {
  const std::size_t count = figure.old_values.size();
  const double mean = figure.old_mean;
  const double tolerance = options.tolerance.value_or(count < 2 ? kToleranceOfOne : 0);
  const double least = std::max(floor, tolerance * std::abs(mean));
  Interval expected{mean - least, mean + least};
  if (!Varies(figure.old_values)) return expected;
  std::vector<double> values = figure.old_values;
  const bool is_latency = figure.unit == FigureUnit::kNanoseconds;
  if (is_latency) {
    for (double& value : values) value = std::log(std::max(value, 1.0));
  }
  const double half = StudentTQuantile(tail, static_cast<int>(count) - 1) * DeviationOf(values) *
                      std::sqrt(1 + 1 / static_cast<double>(count));
  Interval seen{MeanOf(values) - half, MeanOf(values) + half};
  if (is_latency) seen = {std::exp(seen.low), std::exp(seen.high)};
  return {std::min(expected.low, seen.low), std::max(expected.high, seen.high)};
}

Comparison Compare(const std::vector<NamedRun>& old_runs, const NamedRun& new_run,
                   const ComparisonOptions& options) {
  Comparison comparison;
  comparison.scenario = new_run.run->scenario;
  for (const NamedRun& old_run : old_runs) comparison.old_files.push_back(old_run.file);
  comparison.new_file = new_run.file;
  comparison.verdict_change = VerdictChange(old_runs, new_run);
  comparison.remarks = RemarksOn(old_runs, new_run);

  std::vector<Collected> list = Collect(old_runs, new_run);
  const auto varying = std::count_if(list.begin(), list.end(), [](const Collected& place) {
    return Varies(place.figure.old_values);
  });
  const double tail = kFalseAlarms / static_cast<double>(std::max<std::ptrdiff_t>(varying, 1));
  for (Collected& place : list) {
    ComparedFigure& figure = place.figure;
    const std::size_t count = figure.old_values.size();
    if (!figure.new_value || count < old_runs.size()) {
      figure.change = Change::kUnknown;
    } else {
      figure.expected =
          ExpectedOf(figure, place.floors / static_cast<double>(count), tail, options);
      figure.change = ChangeOf(figure);
    }
    comparison.figures.push_back(std::move(figure));
  }
  const auto place = [](const ComparedFigure& figure) {
    return figure.change == Change::kWorse ? 0 : figure.change == Change::kBetter ? 1 : 2;
  };
  std::stable_sort(comparison.figures.begin(), comparison.figures.end(),
                   [&](const auto& a, const auto& b) { return place(a) < place(b); });
  return comparison;
}

}  // namespace stressbot
