#include "StressBot/metrics/Suggestion.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace stressbot {

namespace {

/// Edit distance where swapping two neighbours counts as one, the most frequent slip of all
/// (optimal string alignment: Damerau's distance without edits inside a swapped pair).
std::size_t EditsBetween(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before.swap(above);
    above.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, row[j - 1] + 1, above[j] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row.back();
}

}  // namespace

std::string_view ClosestOf(std::string_view text, std::span<const std::string_view> candidates) {
  std::size_t fewest = std::max<std::size_t>(text.size() / 3, 1) + 1;
  std::string_view closest;
  for (const std::string_view candidate : candidates) {
    const std::size_t edits = EditsBetween(text, candidate);
    if (edits >= fewest) continue;
    fewest = edits;
    closest = candidate;
  }
  return closest;
}

std::string DidYouMean(std::string_view text, std::span<const std::string_view> candidates) {
  const std::string_view closest = ClosestOf(text, candidates);
  return closest.empty() ? "" : " Did you mean \"" + std::string(closest) + "\"?";
}

}  // namespace stressbot
