#pragma once
#include <system_error>
#include <utility>
#include <variant>

#include "ServerCore/Assert.h"

namespace servercore {

/// A value or the reason why there is none. The only way an expected failure of the core is told;
/// exceptions never cross the I/O path.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}     // NOLINT
  Result(std::error_code error) : content_(std::in_place_index<1>, error) {}  // NOLINT

  explicit operator bool() const { return content_.index() == 0; }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  T& value() {
    SC_ASSERT(content_.index() == 0);
    return std::get<0>(content_);
  }
  const T& value() const {
    SC_ASSERT(content_.index() == 0);
    return std::get<0>(content_);
  }
  std::error_code error() const {
    return content_.index() == 1 ? std::get<1>(content_) : std::error_code{};
  }

 private:
  std::variant<T, std::error_code> content_;
};

}  // namespace servercore
