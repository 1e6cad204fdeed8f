#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>

namespace stressbot {

/// Counts durations in log-linear buckets: exact to three significant digits, constant memory, and
/// merging loses nothing. The layout is that of HdrHistogram (Gil Tene): 2,048 buckets of 1 ns,
/// then 1,024 for each further power of two up to 2^42 ns (73 minutes); longer ones count in the
/// last bucket. The bucket array is taken zeroed from the system at the first record, so that
/// memory is used only where values fall.
/// Thread: one writer; no locks.
class Histogram {
 public:
  static constexpr int kSubBucketBits = 11;
  static constexpr int kValueBits = 42;
  static constexpr std::size_t kBuckets =
      (std::size_t{1} << kSubBucketBits) + static_cast<std::size_t>(kValueBits - kSubBucketBits) *
                                               (std::size_t{1} << (kSubBucketBits - 1));

  /// What stands beside the buckets when a histogram is kept in a file.
  struct Totals {
    double sum_ns = 0;
    std::int64_t min_ns = 0, max_ns = 0;
    std::uint64_t lower_bounds = 0;
    std::int64_t lower_bound_from_ns = 0;  ///< without meaning when lower_bounds is 0
  };
  struct BucketCount {
    std::size_t bucket = 0;
    std::uint64_t count = 0;
  };

  Histogram() = default;
  /// The histogram of which these were kept; nothing when they cannot be of one. No buckets: an
  /// empty one.
  static std::optional<Histogram> Restore(std::span<const BucketCount> buckets,
                                          const Totals& totals);
  Histogram(Histogram&& other) noexcept;
  Histogram& operator=(Histogram&& other) noexcept;
  ~Histogram() = default;

  /// Negative values count as 0. Inline, since it runs once for each reply.
  void Record(std::int64_t value_ns) { RecordMany(value_ns, 1); }
  void RecordMany(std::int64_t value_ns, std::uint64_t count);
  /// A time-out: the true value is at least `age_ns`. Percentiles that reach it are lower bounds.
  void RecordAtLeast(std::int64_t age_ns);
  void Merge(const Histogram& other);
  void Clear();  ///< costs only the touched range; keeps the array

  std::uint64_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  /// How many values were recorded with RecordAtLeast.
  std::uint64_t lower_bounds() const { return lower_bounds_; }
  std::int64_t min_ns() const { return count_ == 0 ? 0 : min_ns_; }  ///< exact; 0 when empty
  std::int64_t max_ns() const { return max_ns_; }                    ///< exact; 0 when empty
  double mean_ns() const;                                            ///< exact; 0 when empty
  Totals totals() const;
  /// `percent` in 0..100, nearest rank; the highest value that falls into the same bucket, never
  /// above max. 0 when empty.
  std::int64_t Percentile(double percent) const;
  /// True when a value recorded with RecordAtLeast lies at or below that percentile's rank (or in
  /// the same bucket), so that it prints "≥".
  bool IsLowerBound(double percent) const;

  static constexpr std::size_t BucketOf(std::int64_t value_ns);
  static std::int64_t LowestOf(std::size_t bucket);
  /// The last bucket has no upper end.
  static std::int64_t HighestOf(std::size_t bucket);
  std::uint64_t CountAt(std::size_t bucket) const { return buckets_ ? buckets_[bucket] : 0; }
  /// Calls `visit(bucket, count)` for each bucket that has some, from the lowest.
  template <typename Visit>
  void ForEachBucket(Visit&& visit) const {
    if (empty()) return;
    const std::size_t last = BucketOf(max_ns_);
    for (std::size_t bucket = BucketOf(min_ns_); bucket <= last; ++bucket) {
      if (buckets_[bucket] != 0) visit(bucket, buckets_[bucket]);
    }
  }

 private:
  static constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();

  struct FreeBuckets {
    void operator()(std::uint64_t* buckets) const noexcept;
  };

  void TakeBuckets();
  std::size_t BucketAtRank(double percent) const;
  void ForgetValues();

  std::unique_ptr<std::uint64_t[], FreeBuckets> buckets_;
  std::uint64_t count_ = 0;
  double sum_ns_ = 0;
  std::int64_t min_ns_ = kNone;
  std::int64_t max_ns_ = 0;
  std::int64_t lower_bound_from_ns_ = kNone;  ///< the least age recorded with RecordAtLeast
  std::uint64_t lower_bounds_ = 0;
};

constexpr std::size_t Histogram::BucketOf(std::int64_t value_ns) {
  constexpr std::uint64_t kLargest = (std::uint64_t{1} << kValueBits) - 1;
  const std::uint64_t value =
      std::min(static_cast<std::uint64_t>(std::max<std::int64_t>(value_ns, 0)), kLargest);
  const int shift = std::max(0, static_cast<int>(std::bit_width(value)) - kSubBucketBits);
  // Above the first 2,048 only the upper half of the sub-buckets is used, so each shift adds half.
  return (static_cast<std::size_t>(shift) << (kSubBucketBits - 1)) +
         static_cast<std::size_t>(value >> shift);
}

inline void Histogram::RecordMany(std::int64_t value_ns, std::uint64_t count) {
  if (count == 0) return;
  if (!buckets_) TakeBuckets();
  const std::int64_t value = std::max<std::int64_t>(value_ns, 0);
  buckets_[BucketOf(value)] += count;
  count_ += count;
  sum_ns_ += static_cast<double>(value) * static_cast<double>(count);
  min_ns_ = std::min(min_ns_, value);
  max_ns_ = std::max(max_ns_, value);
}

}  // namespace stressbot
