#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "StressBot/dashboard/model/RunView.h"

/// What tables of a run show, and in which order. All results are places in what was given.
namespace stressbot {

/// Columns of the table of steps; `latency` is a place in kLatencyColumns.
struct StepSort {
  enum class By : std::uint8_t { kRun, kName, kCount, kRate, kLatency, kFromSent, kOmitted };
  By by = By::kRun;  ///< kRun: as they come
  std::size_t latency = 0;
  bool descending = false;
  friend bool operator==(const StepSort&, const StepSort&) = default;
};
/// Rows that have no such value come last, in whichever direction. Equal ones keep their order.
std::vector<std::size_t> SortSteps(const std::vector<StepRow>& steps, const StepSort& sort);

/// Whether `part` occurs in it; capital or small, for ASCII. An empty part occurs everywhere.
bool ContainsText(std::string_view text, std::string_view part);

struct MarkFilter {
  std::string text{};
  bool events = true, failures = true, server_lines = false;
  friend bool operator==(const MarkFilter&, const MarkFilter&) = default;
};
/// In order of time.
std::vector<std::size_t> FilterMarks(const std::vector<plot::Mark>& marks,
                                     const MarkFilter& filter);
std::vector<std::size_t> FilterLines(const std::vector<ServerLine>& lines, std::string_view part);

/// A mark that was chosen. Its place is another in the next view, when there are more events.
struct ChosenMark {
  double at_s = 0;
  std::string text;
  friend bool operator==(const ChosenMark&, const ChosenMark&) = default;
  bool Is(const plot::Mark& mark) const { return mark.at_s == at_s && mark.text == text; }
};
std::optional<std::size_t> FindMark(const std::vector<plot::Mark>& marks, const ChosenMark& chosen);

}  // namespace stressbot
