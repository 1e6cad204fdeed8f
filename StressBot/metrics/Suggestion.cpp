#include "StressBot/metrics/Suggestion.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace stressbot {

namespace {

/// Levenshtein's distance: insertions, deletions and replacements, one row at a time.
std::size_t EditsBetween(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
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
