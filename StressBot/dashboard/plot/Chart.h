#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

/// What plots show. A model rebuilds it when a new interval has come; drawing only reads it. All
/// times are seconds since the start of the run.
namespace stressbot::plot {

/// In what the values of a chart are told.
enum class Unit : std::uint8_t {
  kNanoseconds,
  kBytes,
  kBytesPerSecond,
  kPerSecond,
  kCount,
  kPercent,
};
/// There is no half of it.
constexpr bool IsWhole(Unit unit) { return unit == Unit::kCount || unit == Unit::kBytes; }
enum class Scale : std::uint8_t { kLinear, kLog };

/// A place in the palette, which is that of the HTML report. None is red: that is for what failed.
enum class Color : std::uint8_t {
  kBlue,
  kOrange,
  kGreen,
  kIndigo,
  kViolet,
  kTeal,
  kOlive,
  kPink,
  kGrey,
  kBrown,
};
inline constexpr std::size_t kColors = 10;

inline constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();

/// The stretches of time that values belong to, in order, shared by all charts. They touch or leave
/// gaps. A value is drawn in the middle of its own.
struct Points {
  std::vector<double> from_s, to_s;

  std::size_t size() const { return from_s.size(); }
  bool empty() const { return from_s.empty(); }
  double MiddleOf(std::size_t i) const { return (from_s[i] + to_s[i]) / 2; }
};

/// A series. Each list is as long as the points, or shorter when the series ended before them.
struct Line {
  std::string name;
  Color color = Color::kBlue;
  std::vector<double> values;     ///< kNoValue where it has none; the line breaks there
  std::vector<double> low, high;  ///< empty, or the extremes of points made of several samples
  std::vector<bool> at_least;     ///< empty, or where the value is a lower bound, told with "≥"
};

/// A threshold: a level across the whole chart.
struct Limit {
  std::string name;
  double value = 0;
  bool passed = true;
};

/// Something that happened.
struct Mark {
  enum class Kind : std::uint8_t { kEvent, kFailure, kServerLine, kChosen };
  double at_s = 0;
  std::string text;
  Kind kind = Kind::kEvent;
};

/// A stretch that is tinted behind the lines.
struct Band {
  enum class Kind : std::uint8_t {
    kUnmeasured,  ///< warm-up and stop
    kPaused,
    kIncident,  ///< something is stuck
    kSilent,    ///< not one reply came; charts of latencies say so, for there is nothing to draw
  };
  double from_s = 0, to_s = 0;
  Kind kind = Kind::kUnmeasured;
};

struct Chart {
  std::string id, title;
  Unit unit = Unit::kCount;
  Scale scale = Scale::kLinear;
  std::vector<Line> lines;
  std::vector<Limit> limits;
  std::string note;   ///< one quiet line beside the title, or empty
  std::string empty;  ///< what it says without lines; empty: PlotTexts::no_data
};

/// How many values fell where: time against latency, which has rows.
struct Heat {
  struct Cell {
    std::uint32_t row = 0;  ///< from edges_ns[row] to edges_ns[row + 1]
    std::uint64_t count = 0;
  };
  std::string id, title;
  std::vector<double> edges_ns;            ///< ascending, one more than there are rows
  std::vector<std::vector<Cell>> columns;  ///< by point, only cells that have some
};

/// What plots say by themselves, in the language of the interface.
struct PlotTexts {
  std::string no_data = "no data yet";
  std::string no_replies = "no replies";
  std::string failed = "failed";
  std::string all_hidden = "all lines are hidden: click a name to show it";
  std::string legend_hint = "click: hide or show\nright click: only this one";
  std::string count_in_cell = "requests in a cell";  ///< legend of a heat map
  std::string requests = "requests";                 ///< "512 requests"
};

}  // namespace stressbot::plot
