#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "StressBot/metrics/RunMetrics.h"

namespace stressbot {

/// The series whose sum a line of a chart shows.
struct ChartSource {
  enum class Kind : std::uint8_t {
    kCounters,   ///< a second
    kFlow,       ///< the same for what flows: too short a stretch tells no rate
    kPassed,     ///< rates: how many passed, a second
    kNotPassed,  ///< rates: how many did not, a second
    kGauges,     ///< means of what was sampled
    kTrends      ///< the worst of their values
  };
  Kind kind = Kind::kCounters;
  std::vector<std::uint32_t> indexes;
  TrendPoint::Value value = TrendPoint::kP50;  ///< of kTrends
};

/// Of kCounters, kFlow, kPassed and kNotPassed: how many there were in that point.
std::uint64_t CountAt(const Timeline& timeline, const ChartSource& source, std::size_t point);

struct ChartSeries {
  std::string name;
  ChartSource source;
  std::optional<int> color{};  ///< a place in the palette; without it whoever draws chooses
};

/// Which charts a run has, apart from the latencies of its steps and the heat map: one list for
/// everything that draws. Lines without data are still in it.
struct ChartSpec {
  enum class Unit : std::uint8_t {
    kCount,
    kPerSecond,
    kBytes,
    kBytesPerSecond,
    kPercent,
    kLatency
  };
  enum class Kind : std::uint8_t { kLine, kArea, kStack, kLog };
  std::string id, title;
  Unit unit = Unit::kCount;
  Kind kind = Kind::kLine;
  std::vector<ChartSeries> lines{};
  std::string note{};           ///< what the names mean
  bool is_cause = false;        ///< tells why latencies are what they are: beside these
  bool is_secondary = false;    ///< who looks for the cause of a failure seldom needs it
  bool ends_with_load = false;  ///< afterwards the bots leave: a fall that is no news
};
std::vector<ChartSpec> ChartSpecs(const RunMetrics& metrics);

}  // namespace stressbot
