#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "StressBot/metrics/MetricsCatalog.h"

/// What a server tells of itself in Prometheus' text format, and which of it is wanted.
namespace stressbot {

struct Exposition {
  struct Sample {
    std::string name;
    Tags labels;
    double value = 0;  ///< may be infinite or no number
  };
  std::vector<Sample> samples;
  std::map<std::string, std::string> types;  ///< by name: counter, gauge, histogram ...
};
/// Reads the text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats), and what
/// OpenMetrics adds behind a value. As Prometheus does, it refuses the whole text for one line that
/// it cannot read: `error` names that line.
std::optional<Exposition> ReadExposition(std::string_view text, std::string& error);

/// NAME or NAME{label="value",...}: all series of that name that have these labels, summed.
struct SeriesSelector {
  std::string text;  ///< as it was written
  std::string name;
  Tags labels;

  /// A counter by its name: its growth a second is what says something.
  bool is_counter() const { return name.ends_with("_total"); }
};
/// One or more, with commas between. Nothing, and a sentence in `error`, when they cannot be read.
std::optional<std::vector<SeriesSelector>> ParseSeriesSelectors(std::string_view text,
                                                                std::string& error);

/// The sum of what a selector finds; nothing when that is no series, or none with a finite value.
std::optional<double> ValueOf(const Exposition& exposition, const SeriesSelector& selector);
/// Empty when there is such a name, be it only in a comment: a series with labels may come later.
/// Otherwise a sentence with a suggestion.
std::string WhyUnknown(const Exposition& exposition, const SeriesSelector& selector);

}  // namespace stressbot
