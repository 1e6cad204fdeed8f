#include "StressBot/metrics/Threshold.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "StressBot/metrics/BuiltinMetrics.h"
#include "StressBot/metrics/Format.h"
#include "StressBot/metrics/Suggestion.h"

namespace stressbot {

namespace {

using Aggregator = Threshold::Aggregator;
using Comparison = Threshold::Comparison;

struct NamedAggregator {
  std::string_view name;
  Aggregator aggregator;
};
constexpr std::array kTrendAggregators{
    NamedAggregator{"min", Aggregator::kMin},
    NamedAggregator{"avg", Aggregator::kAvg},
    NamedAggregator{"med", Aggregator::kMed},
    NamedAggregator{"p(N)", Aggregator::kPercentile},
    NamedAggregator{"max", Aggregator::kMax},
    NamedAggregator{"count", Aggregator::kCount},
    NamedAggregator{"slope(p(N))", Aggregator::kSlope},
};
constexpr std::array kCounterAggregators{NamedAggregator{"count", Aggregator::kCount},
                                         NamedAggregator{"rate", Aggregator::kRate}};
constexpr std::array kRateAggregators{NamedAggregator{"rate", Aggregator::kRate},
                                      NamedAggregator{"count", Aggregator::kCount}};
constexpr std::array kGaugeAggregators{
    NamedAggregator{"value", Aggregator::kValue}, NamedAggregator{"min", Aggregator::kMin},
    NamedAggregator{"max", Aggregator::kMax}, NamedAggregator{"slope", Aggregator::kSlope}};

std::span<const NamedAggregator> AggregatorsOf(MetricKind kind) {
  switch (kind) {
    case MetricKind::kTrend:
      return kTrendAggregators;
    case MetricKind::kCounter:
      return kCounterAggregators;
    case MetricKind::kRate:
      return kRateAggregators;
    case MetricKind::kGauge:
      break;
  }
  return kGaugeAggregators;
}

std::string_view NameOf(MetricKind kind) {
  constexpr std::array<std::string_view, 4> kNames{"trend", "counter", "rate", "gauge"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t from = text.find_first_not_of(kBlank);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(kBlank) - from + 1);
}

std::string Quoted(std::string_view text) {
  std::string quoted(1, '"');
  return quoted.append(text).append(1, '"');
}

/// The number at the start of `text`, which is cut off it; locale-free.
std::optional<double> TakeNumber(std::string_view& text) {
  double number = 0;
  const auto [end, failure] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (failure != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

/// p(99.9), and the frequent slip p99.
std::optional<double> PercentOf(std::string_view text) {
  if (!text.starts_with("p(") || !text.ends_with(')')) return std::nullopt;
  std::string_view inner = Trim(text.substr(2, text.size() - 3));
  const std::optional<double> percent = TakeNumber(inner);
  return inner.empty() ? percent : std::nullopt;
}

std::string UnknownAggregator(std::string_view text, MetricKind kind) {
  std::vector<std::string_view> names;
  std::string list;
  for (const NamedAggregator& entry : AggregatorsOf(kind)) {
    names.push_back(entry.name);
    list += (list.empty() ? "" : ", ") + std::string(entry.name);
  }
  std::string message = Quoted(text) + " cannot be asked of a " + std::string(NameOf(kind)) +
                        "; it has " + list + ".";
  std::string_view digits = text.starts_with('p') ? text.substr(1) : std::string_view();
  if (kind == MetricKind::kTrend && TakeNumber(digits) && digits.empty()) {
    return message + " Write p(" + std::string(text.substr(1)) + ").";
  }
  return message + DidYouMean(text, names);
}

/// slope(p(99)) of a trend. Only what the timeline keeps can be followed.
bool ParseTrendSlope(std::string_view text, Threshold& threshold, std::string& error) {
  const std::string_view inner =
      Trim(text.substr(6, text.size() - 6 - (text.ends_with(')') ? 1 : 0)));
  std::optional<double> percent = PercentOf(inner);
  if (inner == "med") percent = 50;
  if (inner == "max") percent = 100;
  const auto& kept = TrendPoint::kPercents;
  if (!percent || std::find(kept.begin(), kept.end(), *percent) == kept.end()) {
    error = Quoted(text) +
            " is no slope of a trend: write slope(p(99)), or med, p(95), p(99.9) or " +
            "max instead of p(99).";
    return false;
  }
  threshold.aggregator = Aggregator::kSlope;
  threshold.percent = *percent;
  return true;
}

bool ParseAggregator(std::string_view text, Threshold& threshold, std::string& error) {
  if (threshold.kind == MetricKind::kTrend && text.starts_with("slope("))
    return ParseTrendSlope(text, threshold, error);
  if (threshold.kind == MetricKind::kTrend && text.starts_with("p(")) {
    const std::optional<double> percent = PercentOf(text);
    if (!percent || *percent < 0 || *percent > 100) {
      error = Quoted(text) + " is no percentile: write p(N) with N from 0 to 100, as in p(99.9).";
      return false;
    }
    threshold.aggregator = Aggregator::kPercentile;
    threshold.percent = *percent;
    return true;
  }
  for (const NamedAggregator& entry : AggregatorsOf(threshold.kind)) {
    if (entry.name != text || entry.name.ends_with(')')) continue;
    threshold.aggregator = entry.aggregator;
    return true;
  }
  error = UnknownAggregator(text, threshold.kind);
  return false;
}

struct LimitUnit {
  std::string_view name;
  double size;
};
constexpr std::array kTimeUnits{LimitUnit{"", 1e6},   LimitUnit{"ns", 1},    LimitUnit{"us", 1e3},
                                LimitUnit{"µs", 1e3}, LimitUnit{"ms", 1e6},  LimitUnit{"s", 1e9},
                                LimitUnit{"m", 60e9}, LimitUnit{"h", 3600e9}};
constexpr std::array kByteUnits{LimitUnit{"", 1},          LimitUnit{"B", 1},
                                LimitUnit{"kB", 1e3},      LimitUnit{"MB", 1e6},
                                LimitUnit{"GB", 1e9},      LimitUnit{"KiB", 1024},
                                LimitUnit{"MiB", 1 << 20}, LimitUnit{"GiB", 1 << 30}};
constexpr std::array kNoUnits{LimitUnit{"", 1}};
/// Of a slope: how many of them an hour has.
constexpr std::array kRateUnits{LimitUnit{"s", 3600}, LimitUnit{"m", 60}, LimitUnit{"min", 60},
                                LimitUnit{"h", 1}};

std::span<const LimitUnit> UnitsOf(const Threshold& threshold) {
  if (threshold.InNanoseconds()) return kTimeUnits;
  if (threshold.in_bytes) return kByteUnits;
  return kNoUnits;
}

std::optional<double> SizeOf(std::string_view name, std::span<const LimitUnit> units) {
  for (const LimitUnit& unit : units) {
    if (unit.name == name) return unit.size;
  }
  return std::nullopt;
}

std::string UnknownUnit(std::string_view unit, const Threshold& threshold) {
  if (threshold.InNanoseconds())
    return Quoted(unit) + " is no unit of time; use ns, us, ms, s, m or h.";
  if (threshold.in_bytes)
    return Quoted(unit) + " is no unit of bytes; use B, kB, MB, GB, KiB, MiB or GiB.";
  return Quoted(unit) + " does not belong behind the limit: it is a plain number.";
}

/// "/h" at the end of a slope's limit, which is cut off; 1 for anything else.
std::optional<double> TakePerTime(std::string_view& unit, const Threshold& threshold) {
  if (threshold.aggregator != Aggregator::kSlope) return 1;
  const std::size_t slash = unit.rfind('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::optional<double> per_hour = SizeOf(Trim(unit.substr(slash + 1)), kRateUnits);
  unit = Trim(unit.substr(0, slash));
  return per_hour;
}

bool ParseLimit(std::string_view text, Threshold& threshold, std::string& error) {
  std::string_view rest = text;
  const std::optional<double> number = TakeNumber(rest);
  if (!number) {
    error = Quoted(text) + " is no number; a limit is a number such as " +
            (threshold.InNanoseconds() ? "50ms." : "0.99.");
    return false;
  }
  const bool is_share =
      threshold.kind == MetricKind::kRate && threshold.aggregator == Aggregator::kRate;
  if (is_share && (*number < 0 || *number > 1 || Trim(rest) == "%")) {
    error = Quoted(text) + " cannot be a limit of a rate, which lies between 0 and 1: write 0.99 " +
            "for 99 %.";
    return false;
  }
  std::string_view unit = Trim(rest);
  const std::optional<double> per_hour = TakePerTime(unit, threshold);
  if (!per_hour) {
    error = Quoted(text) + " does not say in which time: write a slope as " +
            (threshold.InNanoseconds() ? "5ms/h"
             : threshold.in_bytes      ? "1MB/h"
                                       : "10/h") +
            ", with s, min or h behind the slash.";
    return false;
  }
  const std::optional<double> size = SizeOf(unit, UnitsOf(threshold));
  if (!size) {
    error = UnknownUnit(unit, threshold);
    return false;
  }
  threshold.limit = *number * *size * *per_hour;
  return true;
}

/// A slope is never known exactly.
bool MayCompare(const Threshold& threshold, std::string& error) {
  const bool is_exact =
      threshold.comparison == Comparison::kEqual || threshold.comparison == Comparison::kNotEqual;
  if (threshold.aggregator != Aggregator::kSlope || !is_exact) return true;
  error = Quoted(threshold.expression) + " can never be known: compare a slope with < <= > or >=.";
  return false;
}

struct NamedComparison {
  std::string_view sign;
  Comparison comparison;
};
/// Longer signs first, so that "<=" is not read as "<".
constexpr std::array kComparisons{
    NamedComparison{"<=", Comparison::kLessEqual}, NamedComparison{">=", Comparison::kGreaterEqual},
    NamedComparison{"==", Comparison::kEqual},     NamedComparison{"!=", Comparison::kNotEqual},
    NamedComparison{"<", Comparison::kLess},       NamedComparison{">", Comparison::kGreater}};

Threshold DefaultOf(std::string_view metric, MetricKind kind, std::string_view expression) {
  std::string error;
  Threshold threshold = ParseThreshold({std::string(metric), {}}, kind, expression, error).value();
  threshold.is_default = true;
  return threshold;
}

}  // namespace

std::optional<MetricSelector> ParseMetricSelector(std::string_view text, std::string& error) {
  const std::string_view whole = Trim(text);
  const std::size_t brace = std::min(whole.find('{'), whole.size());
  MetricSelector selector{std::string(Trim(whole.substr(0, brace))), {}};
  if (selector.metric.empty()) {
    error = Quoted(text) + " names no metric; write it as request_duration or checks{step:login}.";
    return std::nullopt;
  }
  if (brace == whole.size()) return selector;
  if (!whole.ends_with('}')) {
    error = Quoted(text) + " does not end its tags with \"}\".";
    return std::nullopt;
  }
  std::string_view tags = whole.substr(brace + 1, whole.size() - brace - 2);
  while (!Trim(tags).empty()) {
    const std::size_t comma = std::min(tags.find(','), tags.size());
    const std::string_view tag = tags.substr(0, comma);
    const std::size_t colon = std::min(tag.find(':'), tag.size());
    const std::string_view name = Trim(tag.substr(0, colon));
    if (name.empty() || colon == tag.size()) {
      error =
          Quoted(Trim(tag)) + " is no tag; write name:value, as in request_duration{step:move}.";
      return std::nullopt;
    }
    selector.tags.emplace_back(name, Trim(tag.substr(colon + 1)));
    tags.remove_prefix(std::min(comma + 1, tags.size()));
  }
  return selector;
}

std::optional<Threshold> ParseThreshold(const MetricSelector& selector, MetricKind kind,
                                        std::string_view expression, std::string& error) {
  Threshold threshold;
  threshold.metric = selector.metric;
  threshold.tags = selector.tags;
  threshold.kind = kind;
  const BuiltinMetric* builtin = FindBuiltinMetric(selector.metric);
  threshold.in_bytes = kind == MetricKind::kGauge && builtin != nullptr && builtin->unit == "bytes";
  threshold.expression = Trim(expression);
  const std::string_view text = threshold.expression;
  const std::size_t sign_at = text.find_first_of("<>=!");
  for (const NamedComparison& entry : kComparisons) {
    if (sign_at == std::string_view::npos || !text.substr(sign_at).starts_with(entry.sign))
      continue;
    threshold.comparison = entry.comparison;
    const std::string_view limit = Trim(text.substr(sign_at + entry.sign.size()));
    if (!ParseAggregator(Trim(text.substr(0, sign_at)), threshold, error)) return std::nullopt;
    if (!ParseLimit(limit, threshold, error)) return std::nullopt;
    if (!MayCompare(threshold, error)) return std::nullopt;
    return threshold;
  }
  error = Quoted(text) + " compares nothing: write an aggregator, one of < <= > >= == != and a " +
          "limit, as in " + (kind == MetricKind::kTrend ? "p(99)<50ms." : "rate>0.99.");
  return std::nullopt;
}

std::string Describe(const Threshold& threshold) {
  if (!threshold.window) return threshold.expression;
  return threshold.expression + " in each " + FormatSpan(*threshold.window);
}

std::vector<Threshold> DefaultThresholds() {
  return {DefaultOf("checks", MetricKind::kRate, "rate==1"),
          DefaultOf("requests_failed", MetricKind::kRate, "rate==0"),
          DefaultOf("connects_failed", MetricKind::kRate, "rate==0"),
          DefaultOf("bots_dropped", MetricKind::kCounter, "count==0"),
          DefaultOf("load_delivered", MetricKind::kRate, "rate>0.995")};
}

}  // namespace stressbot
