#include "StressBot/analysis/RunTally.h"

#include <fmt/format.h>

#include <algorithm>

#include "StressBot/metrics/Format.h"
#include "StressBot/report/Utf8.h"

namespace stressbot {

namespace {

bool IsDigit(char letter) { return letter >= '0' && letter <= '9'; }

/// The text without its numbers; of a threshold without what it came to, for that has units; of a
/// death without what went on then.
std::string LikenessOf(const VerdictReason& reason) {
  std::string_view text = reason.text;
  if (reason.code == ExitCode::kThresholdFailed)
    return std::string(text.substr(0, text.find(" failed")));
  if (reason.code == ExitCode::kServerDied) text = text.substr(0, text.find(';'));
  std::string likeness;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!IsDigit(text[i])) {
      likeness += text[i];
    } else if (i == 0 || !IsDigit(text[i - 1])) {
      likeness += '#';
    }
  }
  return likeness;
}

std::string SeedsText(const std::vector<std::uint64_t>& seeds) {
  constexpr std::size_t kShown = 8;
  std::string text = seeds.size() == 1 ? "seed " : "seeds ";
  for (std::size_t i = 0; i < std::min(seeds.size(), kShown); ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(seeds[i]);
  }
  return seeds.size() > kShown ? text + " ..." : text;
}

}  // namespace

RunTally::Way& RunTally::WayOf(const VerdictReason& reason) {
  const std::string likeness = LikenessOf(reason);
  const auto found = std::find_if(ways_.begin(), ways_.end(), [&](const Way& way) {
    return way.code == reason.code && way.likeness == likeness;
  });
  if (found != ways_.end()) return *found;
  ways_.push_back({reason.code, likeness, reason.text, {}});
  return ways_.back();
}

void RunTally::Add(std::uint64_t seed, const Verdict& verdict) {
  ++runs_;
  if (!verdict.passed()) ++failed_;
  for (const VerdictReason& reason : verdict.reasons) {
    all_.reasons.push_back(reason);
    std::vector<std::uint64_t>& seeds = WayOf(reason).seeds;
    if (seeds.empty() || seeds.back() != seed) seeds.push_back(seed);
  }
}

std::string RunTally::Format() const {
  std::string text = fmt::format("{}   {} of {} runs passed   {} {}\n", ToPrintable(scenario_),
                                 FormatCount(runs_ - failed_), FormatCount(runs_),
                                 all_.passed() ? "PASS" : "FAIL", static_cast<int>(code()));
  std::vector<Way> ways = ways_;
  std::stable_sort(ways.begin(), ways.end(),
                   [](const Way& a, const Way& b) { return a.seeds.size() > b.seeds.size(); });
  for (const Way& way : ways) {
    text +=
        fmt::format("  {} of {}   {}  {}   {}\n", FormatCount(way.seeds.size()), FormatCount(runs_),
                    static_cast<int>(way.code), ToPrintable(way.text), SeedsText(way.seeds));
  }
  return text;
}

std::string NumberedStem(std::string_view stem, std::uint64_t number, std::uint64_t of) {
  const std::size_t digits = std::to_string(of).size();
  return fmt::format("{}-{:0{}}", stem, number, digits);
}

}  // namespace stressbot
