#include "StressBot/analysis/CapacitySearch.h"

#include <algorithm>
#include <map>

namespace stressbot {

namespace {

/// What all probes of one value showed.
struct Votes {
  std::size_t held = 0, failed = 0, limited = 0;

  std::size_t count() const { return held + failed + limited; }
  bool Holds() const { return held > failed + limited; }
  bool IsTie() const { return held == failed + limited; }
};

using VotesByValue = std::map<std::uint64_t, Votes>;

VotesByValue CountVotes(std::span<const ProbeResult> probes) {
  VotesByValue votes;
  for (const ProbeResult& probe : probes) {
    Votes& of_value = votes[probe.value];
    switch (probe.outcome) {
      case ProbeResult::Outcome::kHeld:
        ++of_value.held;
        break;
      case ProbeResult::Outcome::kFailed:
        ++of_value.failed;
        break;
      case ProbeResult::Outcome::kLimited:
        ++of_value.limited;
        break;
    }
  }
  return votes;
}

/// The least value that does not hold, and the greatest below it that does.
struct Knee {
  std::optional<std::uint64_t> holds, fails;
};

Knee KneeOf(const VotesByValue& votes) {
  Knee knee;
  for (const auto& [value, of_value] : votes) {
    if (!of_value.Holds()) {
      knee.fails = value;
      break;
    }
    knee.holds = value;
  }
  return knee;
}

constexpr std::size_t kVotes = 2;

std::optional<std::uint64_t> UnlessSure(const VotesByValue& votes, std::uint64_t value) {
  return votes.at(value).count() < kVotes ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> NextProbe(SearchRange range, std::span<const ProbeResult> probes) {
  if (probes.empty()) return range.from;
  if (probes.size() >= kProbesMax) return std::nullopt;
  const VotesByValue votes = CountVotes(probes);
  for (const auto& [value, of_value] : votes) {
    if (of_value.IsTie()) return value;
  }
  const Knee knee = KneeOf(votes);
  if (!knee.holds) return UnlessSure(votes, *knee.fails);
  const std::uint64_t holds = *knee.holds;
  if (!knee.fails) {
    if (holds >= range.to) return UnlessSure(votes, holds);
    return holds > range.to / 2 ? range.to : 2 * holds;
  }
  const std::uint64_t gap = *knee.fails - holds;
  const auto narrow = static_cast<std::uint64_t>(kKneeWidth * static_cast<double>(holds));
  if (gap > std::max<std::uint64_t>(narrow, 1)) return holds + gap / 2;
  const auto again = UnlessSure(votes, holds);
  return again ? again : UnlessSure(votes, *knee.fails);
}

Capacity CapacityOf(SearchRange range, std::span<const ProbeResult> probes) {
  Capacity capacity;
  if (probes.empty()) return capacity;
  const VotesByValue votes = CountVotes(probes);
  for (const auto& [value, of_value] : votes) {
    if (of_value.failed + of_value.limited > 0) break;
    capacity.sure = value;
  }
  for (auto place = votes.rbegin(); place != votes.rend() && place->second.held == 0; ++place) {
    capacity.hopeless = place->first;
  }
  const Knee knee = KneeOf(votes);
  capacity.value = knee.holds.value_or(0);
  capacity.next = knee.fails.value_or(0);
  if (knee.fails && votes.at(*knee.fails).limited > votes.at(*knee.fails).failed) {
    capacity.kind = Capacity::Kind::kAtLeast;
  } else if (!knee.holds) {
    capacity.kind = Capacity::Kind::kNeverHeld;
  } else if (knee.fails) {
    capacity.kind = Capacity::Kind::kFound;
  } else {
    capacity.kind = capacity.value >= range.to ? Capacity::Kind::kAll : Capacity::Kind::kAtLeast;
  }
  return capacity;
}

}  // namespace stressbot
