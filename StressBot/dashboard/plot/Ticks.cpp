#include "StressBot/dashboard/plot/Ticks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>

#include "StressBot/metrics/Format.h"

namespace stressbot::plot {

namespace {

constexpr double kNearly = 1e-9;  ///< what sums of doubles may be off, as a share of a step

struct Prefix {
  double size;
  std::string_view name;
};
constexpr std::array kLatencies{Prefix{1, " ns"}, Prefix{1e3, " us"}, Prefix{1e6, " ms"},
                                Prefix{1e9, " s"}};
constexpr std::array kBytes{Prefix{1, " B"}, Prefix{1e3, " kB"}, Prefix{1e6, " MB"},
                            Prefix{1e9, " GB"}, Prefix{1e12, " TB"}};
constexpr std::array kCounts{Prefix{1, ""}, Prefix{1e3, " k"}, Prefix{1e6, " M"},
                             Prefix{1e9, " G"}};
constexpr std::array kPlain{Prefix{1, ""}};

std::span<const Prefix> PrefixesOf(Unit unit) {
  switch (unit) {
    case Unit::kNanoseconds:
      return kLatencies;
    case Unit::kBytes:
    case Unit::kBytesPerSecond:
      return kBytes;
    case Unit::kPerSecond:
    case Unit::kCount:
      return kCounts;
    case Unit::kPercent:
      return kPlain;
  }
  return kPlain;
}

std::string_view EndingOf(Unit unit) {
  switch (unit) {
    case Unit::kBytesPerSecond:
    case Unit::kPerSecond:
      return "/s";
    case Unit::kPercent:
      return " %";
    case Unit::kNanoseconds:
    case Unit::kBytes:
    case Unit::kCount:
      return "";
  }
  return "";
}

/// How many decimals tell multiples of `step` apart.
int DecimalsOf(double step) {
  constexpr double kMost = 12;
  return static_cast<int>(std::clamp(std::ceil(-std::log10(step) - kNearly), 0.0, kMost));
}

std::string WithoutZeros(std::string text) {
  if (text.find('.') == std::string::npos) return text;
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

/// With as many decimals as tell it from its neighbours, and no more.
std::string TickText(Unit unit, double value, double step) {
  const std::span<const Prefix> prefixes = PrefixesOf(unit);
  const bool is_count = unit == Unit::kCount || unit == Unit::kPerSecond;
  const Prefix* fitting = &prefixes.front();
  for (const Prefix& prefix : prefixes) {
    // "5,000" is shorter than "5 k" is clear; from 10 k on it is not.
    const double from = is_count && prefix.size > 1 && prefix.size < 1e6 ? 1e4 : prefix.size;
    if (std::abs(value) >= from * (1 - kNearly)) fitting = &prefix;
  }
  std::string text =
      WithoutZeros(FormatNumber(value / fitting->size, DecimalsOf(step / fitting->size)));
  if (!(std::abs(value) > 0) && unit != Unit::kPercent) return text;  // "0" needs no unit
  return text.append(fitting->name).append(EndingOf(unit));
}

/// All multiples of `step` in the range. They are counted, not added up: errors would add up too.
std::vector<double> MultiplesIn(AxisRange range, double step) {
  std::vector<double> values;
  const double first = std::ceil(range.low / step - kNearly);
  const double last = std::floor(range.high / step + kNearly);
  for (double i = first; i <= last; ++i) values.push_back(i * step + 0.0);
  return values;
}

double TimeStep(double least) {
  constexpr std::array<double, 18> kSteps{1,   2,   5,    10,   15,   30,    60,    120,   300,
                                          600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400};
  if (least < kSteps.front()) return RoundUpTo125(least);
  for (const double step : kSteps) {
    if (step >= least * (1 - kNearly)) return step;
  }
  return kSteps.back() * RoundUpTo125(least / kSteps.back());
}

}  // namespace

double RoundUpTo125(double value) {
  const double power = std::pow(10.0, std::floor(std::log10(value)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= value * (1 - kNearly)) return factor * power;
  }
  return 10 * power;
}

double RoundDownTo125(double value) {
  const double power = std::pow(10.0, std::floor(std::log10(value) + kNearly));
  for (const double factor : {5.0, 2.0}) {
    if (factor * power <= value * (1 + kNearly)) return factor * power;
  }
  return power;
}

std::vector<Tick> LinearTicks(Unit unit, AxisRange range, std::size_t most) {
  std::vector<Tick> ticks;
  if (!(range.high > range.low) || most == 0) return ticks;
  double step = RoundUpTo125((range.high - range.low) / static_cast<double>(most));
  if (IsWhole(unit)) step = std::max(step, 1.0);
  for (const double value : MultiplesIn(range, step))
    ticks.push_back({value, TickText(unit, value, step)});
  return ticks;
}

std::vector<Tick> LogTicks(Unit unit, AxisRange range, double length_px, double apart_px) {
  std::vector<Tick> ticks;
  if (!(range.high > range.low)) return ticks;
  const double decades = std::log10(range.high / range.low);
  const double px_per_decade = length_px / decades;
  const bool has_room = px_per_decade * std::log10(2.0) >= apart_px;
  const auto room = [&](double a, double b) { return px_per_decade * std::log10(b / a); };
  const auto first = static_cast<int>(std::floor(std::log10(range.low) + kNearly));
  const auto last = static_cast<int>(std::floor(std::log10(range.high) + kNearly));
  for (int power = first; power <= last; ++power) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double value = factor * std::pow(10.0, power);
      if (factor > 1 && !has_room) break;
      if (value < range.low * (1 - kNearly) || value > range.high * (1 + kNearly)) continue;
      if (!ticks.empty() && room(ticks.back().value, value) < apart_px * (1 - kNearly)) continue;
      ticks.push_back({value, TickText(unit, value, value)});
    }
  }
  // How high the axis goes can always be read.
  while (!ticks.empty() && room(ticks.back().value, range.high) < apart_px * (1 - kNearly))
    ticks.pop_back();
  ticks.push_back({range.high, TickText(unit, range.high, range.high / 100)});
  return ticks;
}

std::vector<Tick> TimeTicks(AxisRange range_s, std::size_t most) {
  std::vector<Tick> ticks;
  if (!(range_s.high > range_s.low) || most == 0) return ticks;
  const double step = TimeStep((range_s.high - range_s.low) / static_cast<double>(most));
  for (const double value : MultiplesIn(range_s, step))
    ticks.push_back({value, MomentText(value, DecimalsOf(step))});
  return ticks;
}

std::string MomentText(double seconds, int decimals) {
  const double unit = std::pow(10.0, decimals);
  const auto parts = static_cast<std::int64_t>(std::llround(std::abs(seconds) * unit));
  const auto parts_per_s = static_cast<std::int64_t>(unit);
  const std::int64_t whole = parts / parts_per_s;
  const auto padded = [](std::int64_t number, std::size_t digits) {
    std::string text = std::to_string(number);
    return text.size() < digits ? std::string(digits - text.size(), '0') + text : text;
  };
  std::string text = seconds < 0 && parts > 0 ? "-" : "";
  if (whole >= 3600)
    text += std::to_string(whole / 3600) + ":" + padded(whole / 60 % 60, 2);
  else
    text += std::to_string(whole / 60);
  text += ":" + padded(whole % 60, 2);
  if (decimals > 0) text += "." + padded(parts % parts_per_s, static_cast<std::size_t>(decimals));
  return text;
}

std::string ValueText(Unit unit, double value) {
  if (!std::isfinite(value)) return "-";
  const bool is_whole = !(std::abs(value - std::round(value)) > 0.005);
  const int decimals = is_whole || std::abs(value) >= 100 ? 0 : std::abs(value) < 10 ? 2 : 1;
  switch (unit) {
    case Unit::kNanoseconds:
      return FormatLatency(value);
    case Unit::kBytes:
      return FormatBytes(value);
    case Unit::kBytesPerSecond:
      return FormatBytes(value) + "/s";
    case Unit::kPerSecond:
      return FormatNumber(value, decimals) + " /s";
    case Unit::kCount:
      return FormatNumber(value, decimals);
    case Unit::kPercent:
      return FormatNumber(value, 1) + " %";
  }
  return {};
}

}  // namespace stressbot::plot
