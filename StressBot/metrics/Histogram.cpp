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
