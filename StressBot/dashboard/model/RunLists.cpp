#include "StressBot/dashboard/model/RunLists.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace stressbot {

namespace {

char SmallLetter(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

/// What is compared in all columns but the name's; NaN: there is none.
double SortKey(const StepRow& row, const StepSort& sort) {
  switch (sort.by) {
    case StepSort::By::kRun:
    case StepSort::By::kName:
      return 0;
    case StepSort::By::kCount:
      return static_cast<double>(row.count);
    case StepSort::By::kRate:
      return row.per_s;
    case StepSort::By::kLatency:
      return sort.latency < row.latencies_ns.size() ? row.latencies_ns[sort.latency]
                                                    : plot::kNoValue;
    case StepSort::By::kFromSent:
      return row.from_sent_p99_ns;
    case StepSort::By::kOmitted:
      return static_cast<double>(row.omitted);
  }
  return 0;
}

}  // namespace

std::vector<std::size_t> SortSteps(const std::vector<StepRow>& steps, const StepSort& sort) {
  std::vector<std::size_t> order(steps.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto comes_before = [&](std::size_t a, std::size_t b) {
    if (sort.by == StepSort::By::kName)
      return sort.descending ? steps[b].name < steps[a].name : steps[a].name < steps[b].name;
    const double left = SortKey(steps[a], sort);
    const double right = SortKey(steps[b], sort);
    if (std::isnan(left) || std::isnan(right)) return !std::isnan(left) && std::isnan(right);
    return sort.descending ? right < left : left < right;
  };
  std::stable_sort(order.begin(), order.end(), comes_before);
  return order;
}

bool ContainsText(std::string_view text, std::string_view part) {
  const auto same = [](char a, char b) { return SmallLetter(a) == SmallLetter(b); };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end() ||
         part.empty();
}

std::vector<std::size_t> FilterMarks(const std::vector<plot::Mark>& marks,
                                     const MarkFilter& filter) {
  const auto is_wanted = [&filter](plot::Mark::Kind kind) {
    switch (kind) {
      case plot::Mark::Kind::kFailure:
        return filter.failures;
      case plot::Mark::Kind::kServerLine:
        return filter.server_lines;
      case plot::Mark::Kind::kEvent:
      case plot::Mark::Kind::kChosen:
        break;
    }
    return filter.events;
  };
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    if (is_wanted(marks[i].kind) && ContainsText(marks[i].text, filter.text)) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&marks](std::size_t a, std::size_t b) {
    return marks[a].at_s < marks[b].at_s;
  });
  return order;
}

std::vector<std::size_t> FilterLines(const std::vector<ServerLine>& lines, std::string_view part) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (ContainsText(lines[i].text, part)) order.push_back(i);
  }
  return order;
}

std::optional<std::size_t> FindMark(const std::vector<plot::Mark>& marks,
                                    const ChosenMark& chosen) {
  for (std::size_t i = 0; i < marks.size(); ++i) {
    if (chosen.Is(marks[i])) return i;
  }
  return std::nullopt;
}

}  // namespace stressbot
