#include "StressBot/metrics/Histogram.h"

#include <cmath>
#include <cstdlib>
#include <new>
#include <utility>

namespace stressbot {

void Histogram::FreeBuckets::operator()(std::uint64_t* buckets) const noexcept {
  std::free(buckets);
}

Histogram::Histogram(Histogram&& other) noexcept { *this = std::move(other); }

Histogram& Histogram::operator=(Histogram&& other) noexcept {
  if (this == &other) return *this;
  buckets_ = std::move(other.buckets_);
  count_ = other.count_;
  sum_ns_ = other.sum_ns_;
  min_ns_ = other.min_ns_;
  max_ns_ = other.max_ns_;
  lower_bound_from_ns_ = other.lower_bound_from_ns_;
  lower_bounds_ = other.lower_bounds_;
  other.ForgetValues();
  return *this;
}

void Histogram::TakeBuckets() {
  // calloc gives fresh pages of the system unwritten: 264 KiB are reserved, few are used.
  buckets_.reset(static_cast<std::uint64_t*>(std::calloc(kBuckets, sizeof(std::uint64_t))));
  if (!buckets_) throw std::bad_alloc();
}

void Histogram::ForgetValues() {
  count_ = 0;
  sum_ns_ = 0;
  min_ns_ = kNone;
  max_ns_ = 0;
  lower_bound_from_ns_ = kNone;
  lower_bounds_ = 0;
}

void Histogram::RecordAtLeast(std::int64_t age_ns) {
  Record(age_ns);
  lower_bound_from_ns_ = std::min(lower_bound_from_ns_, std::max<std::int64_t>(age_ns, 0));
  ++lower_bounds_;
}

void Histogram::Merge(const Histogram& other) {
  if (other.empty()) return;
  if (!buckets_) TakeBuckets();
  const std::size_t last = BucketOf(other.max_ns_);
  for (std::size_t bucket = BucketOf(other.min_ns_); bucket <= last; ++bucket) {
    // Reading an untouched page is free; writing to it would make it real.
    if (other.buckets_[bucket] != 0) buckets_[bucket] += other.buckets_[bucket];
  }
  count_ += other.count_;
  sum_ns_ += other.sum_ns_;
  min_ns_ = std::min(min_ns_, other.min_ns_);
  max_ns_ = std::max(max_ns_, other.max_ns_);
  lower_bound_from_ns_ = std::min(lower_bound_from_ns_, other.lower_bound_from_ns_);
  lower_bounds_ += other.lower_bounds_;
}

void Histogram::Clear() {
  if (empty()) return;
  const std::size_t last = BucketOf(max_ns_);
  for (std::size_t bucket = BucketOf(min_ns_); bucket <= last; ++bucket) {
    if (buckets_[bucket] != 0) buckets_[bucket] = 0;
  }
  ForgetValues();
}

std::optional<Histogram> Histogram::Restore(std::span<const BucketCount> buckets,
                                            const Totals& totals) {
  Histogram histogram;
  if (buckets.empty()) return histogram;
  const bool totals_fit = totals.min_ns >= 0 && totals.min_ns <= totals.max_ns &&
                          buckets.front().bucket == BucketOf(totals.min_ns) &&
                          buckets.back().bucket == BucketOf(totals.max_ns) &&
                          std::isfinite(totals.sum_ns) && totals.sum_ns >= 0;
  if (!totals_fit) return std::nullopt;
  histogram.TakeBuckets();
  std::size_t next = 0;
  for (const BucketCount& entry : buckets) {
    const bool overflows =
        entry.count > std::numeric_limits<std::uint64_t>::max() - histogram.count_;
    if (entry.bucket < next || entry.bucket >= kBuckets) return std::nullopt;
    if (entry.count == 0 || overflows) return std::nullopt;
    histogram.buckets_[entry.bucket] = entry.count;
    histogram.count_ += entry.count;
    next = entry.bucket + 1;
  }
  histogram.sum_ns_ = totals.sum_ns;
  histogram.min_ns_ = totals.min_ns;
  histogram.max_ns_ = totals.max_ns;
  histogram.lower_bounds_ = totals.lower_bounds;
  if (totals.lower_bounds == 0) return histogram;
  histogram.lower_bound_from_ns_ = totals.lower_bound_from_ns;
  const bool bound_fits = totals.lower_bounds <= histogram.count_ &&
                          totals.lower_bound_from_ns >= totals.min_ns &&
                          totals.lower_bound_from_ns <= totals.max_ns;
  return bound_fits ? std::optional(std::move(histogram)) : std::nullopt;
}

Histogram::Totals Histogram::totals() const {
  return {sum_ns_, min_ns(), max_ns_, lower_bounds_, lower_bounds_ > 0 ? lower_bound_from_ns_ : 0};
}

double Histogram::mean_ns() const { return empty() ? 0 : sum_ns_ / static_cast<double>(count_); }

std::size_t Histogram::BucketAtRank(double percent) const {
  const double exact = std::clamp(percent, 0.0, 100.0) / 100 * static_cast<double>(count_);
  // 99.9 % of 1,000 must be rank 999 even where the product comes out a hair above it.
  const auto ceiling = static_cast<std::uint64_t>(std::ceil(exact * (1 - 1e-12)));
  const std::uint64_t rank = std::clamp<std::uint64_t>(ceiling, 1, count_);
  std::size_t bucket = BucketOf(min_ns_);
  for (std::uint64_t seen = buckets_[bucket]; seen < rank; seen += buckets_[bucket]) ++bucket;
  return bucket;
}

std::int64_t Histogram::Percentile(double percent) const {
  return empty() ? 0 : std::min(HighestOf(BucketAtRank(percent)), max_ns_);
}

bool Histogram::IsLowerBound(double percent) const {
  return lower_bounds_ > 0 && BucketAtRank(percent) >= BucketOf(lower_bound_from_ns_);
}

std::int64_t Histogram::LowestOf(std::size_t bucket) {
  constexpr std::size_t kHalf = std::size_t{1} << (kSubBucketBits - 1);
  if (bucket < 2 * kHalf) return static_cast<std::int64_t>(bucket);
  const std::size_t shift = bucket / kHalf - 1;
  return static_cast<std::int64_t>((bucket - shift * kHalf) << shift);
}

std::int64_t Histogram::HighestOf(std::size_t bucket) {
  if (bucket + 1 >= kBuckets) return std::numeric_limits<std::int64_t>::max();
  return LowestOf(bucket + 1) - 1;
}

}  // namespace stressbot
