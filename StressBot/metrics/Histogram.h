#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>

namespace stressbot {

/// Counts durations in log-linear buckets: exact to three significant digits, constant memory, and
/// merging loses nothing. The layout is that of HdrHistogram (Gil Tene): 2,048 buckets of 1 ns,
/// then 1,024 for each further power of two up to 2^42 ns (73 minutes); longer ones count there.
/// The bucket array is taken zeroed from the system, so that memory is used only where values fall.
/// Thread: one writer; no locks.
class Histogram {
 public:
  static constexpr int kSubBucketBits = 11;
  static constexpr int kValueBits = 42;
  static constexpr std::size_t kBuckets =
      (std::size_t{1} << kSubBucketBits) + static_cast<std::size_t>(kValueBits - kSubBucketBits) *
                                               (std::size_t{1} << (kSubBucketBits - 1));

  Histogram();
  Histogram(Histogram&&) noexcept;
  Histogram& operator=(Histogram&&) noexcept;
  ~Histogram();

  /// Negative values count as 0.
  void Record(std::int64_t value_ns) { RecordMany(value_ns, 1); }
  void RecordMany(std::int64_t value_ns, std::uint64_t count);
  /// A time-out: the true value is at least `age_ns`. Percentiles that reach it are lower bounds.
  void RecordAtLeast(std::int64_t age_ns);
  void Merge(const Histogram& other);
  void Clear();  ///< costs only the touched range

  std::uint64_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  std::int64_t min_ns() const;  ///< exact; 0 when empty, as all of these
  std::int64_t max_ns() const;  ///< exact
  double mean_ns() const;
  /// `percent` in 0..100, nearest rank; the highest value that falls into the same bucket, never
  /// above max.
  std::int64_t Percentile(double percent) const;
  /// True when a value recorded with RecordAtLeast lies at or below that percentile's rank, so that
  /// it prints "≥".
  bool IsLowerBound(double percent) const;

  static std::size_t BucketOf(std::int64_t value_ns);
  static std::int64_t LowestOf(std::size_t bucket);
  static std::int64_t HighestOf(std::size_t bucket);
  std::uint64_t CountAt(std::size_t bucket) const { return buckets_ ? buckets_[bucket] : 0; }

 private:
  struct FreeBuckets {
    void operator()(std::uint64_t* buckets) const noexcept;
  };
  std::unique_ptr<std::uint64_t[], FreeBuckets> buckets_;  ///< taken at the first record
  std::uint64_t count_ = 0;
  double sum_ns_ = 0;
  std::int64_t min_ns_ = 0;
  std::int64_t max_ns_ = 0;
  std::int64_t lower_bound_from_ns_ = 0;  ///< the least age recorded with RecordAtLeast
  std::uint64_t lower_bounds_ = 0;
};

}  // namespace stressbot
