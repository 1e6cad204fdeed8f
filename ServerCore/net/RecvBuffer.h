#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>

#include "ServerCore/Assert.h"

namespace servercore {

/// The received part of one packet that is not complete yet. Owns memory only meanwhile: whole
/// packets are read and handed out in the shard's block and never come here.
class RecvBuffer {
 public:
  bool empty() const { return size_ == 0; }
  bool full() const { return size_ == wanted_; }
  std::uint32_t missing() const { return wanted_ - size_; }
  std::span<const std::byte> bytes() const { return {data_.get(), size_}; }
  std::byte* write_cursor() { return data_.get() + size_; }
  void Advance(std::uint32_t bytes) {
    SC_ASSERT(bytes <= missing());
    size_ += bytes;
  }

  /// Begins (or goes on with) a packet that needs `wanted` bytes in all.
  /// REQUIRES wanted > bytes held.
  void Want(std::uint32_t wanted) {
    SC_ASSERT(wanted > size_);
    auto larger = std::make_unique_for_overwrite<std::byte[]>(wanted);
    if (size_ > 0) std::memcpy(larger.get(), data_.get(), size_);
    data_ = std::move(larger);
    wanted_ = wanted;
  }
  /// Copies as much as is missing and returns what is left of `from`.
  std::span<const std::byte> Fill(std::span<const std::byte> from) {
    const std::size_t taken = std::min<std::size_t>(missing(), from.size());
    if (taken > 0) std::memcpy(write_cursor(), from.data(), taken);
    size_ += static_cast<std::uint32_t>(taken);
    return from.subspan(taken);
  }
  void Clear() {
    data_.reset();
    size_ = wanted_ = 0;
  }

 private:
  std::unique_ptr<std::byte[]> data_;
  std::uint32_t size_ = 0;
  std::uint32_t wanted_ = 0;
};

}  // namespace servercore
