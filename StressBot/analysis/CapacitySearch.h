#pragma once
#include <cstdint>
#include <optional>
#include <span>

/// How many the server can carry: a search over runs that are noisy. Pure: what to try next follows
/// from what was tried.
namespace stressbot {

struct ProbeResult {
  enum class Outcome : std::uint8_t {
    kHeld,
    kFailed,
    kLimited  ///< the generator gave in, so nothing is known of the server
  };

  std::uint64_t value = 0;
  Outcome outcome = Outcome::kHeld;
};

/// Whole numbers from..to, both included. REQUIRES 1 <= from <= to.
struct SearchRange {
  std::uint64_t from = 1;
  std::uint64_t to = 1;
};

/// The search ends when the greatest value that holds and the least that does not are no further
/// apart than this share of the former (or than 1).
inline constexpr double kKneeWidth = 0.05;
/// More probes than any search needs that is not all noise.
inline constexpr std::size_t kProbesMax = 60;

/// The value to try next; nothing when the search is over. It begins at `from`, doubles until a
/// value does not hold, halves the gap until it is narrow, and then tries both of its ends again:
/// each must show the same twice, or two times of three. What the end of the gap did only by chance
/// is so found out, and the search goes on from there.
std::optional<std::uint64_t> NextProbe(SearchRange range, std::span<const ProbeResult> probes);

struct Capacity {
  enum class Kind : std::uint8_t {
    kUnknown,    ///< nothing was tried
    kNeverHeld,  ///< not even `from`
    kFound,      ///< `value` holds and `next` does not
    kAtLeast,    ///< `value` holds; beyond it the generator gave in
    kAll         ///< `to` holds
  };

  Kind kind = Kind::kUnknown;
  std::uint64_t value = 0;  ///< the greatest that holds; 0: none
  std::uint64_t next = 0;   ///< the least that does not; 0: none
  /// The spread: every probe up to `sure` held, every one from `hopeless` on did not. 0: there is
  /// none such.
  std::uint64_t sure = 0;
  std::uint64_t hopeless = 0;
};

/// What is known so far, whether the search is over or not.
Capacity CapacityOf(SearchRange range, std::span<const ProbeResult> probes);

}  // namespace stressbot
