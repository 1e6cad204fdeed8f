#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace servercore::fuzz {

/// Takes a fuzzer's bytes apart from the front. What is not there reads as 0 or empty, so that
/// every input means something.
class FuzzInput {
 public:
  FuzzInput(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}

  bool empty() const { return rest_.empty(); }
  std::uint8_t TakeByte() {
    const auto byte = Take(1);
    return byte.empty() ? std::uint8_t{0} : byte.front();
  }
  std::span<const std::uint8_t> Take(std::size_t size) {
    const auto taken = rest_.first(std::min(size, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }
  std::span<const std::uint8_t> TakeRest() { return Take(rest_.size()); }

 private:
  std::span<const std::uint8_t> rest_;
};

inline std::string_view AsText(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace servercore::fuzz
