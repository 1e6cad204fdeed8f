#pragma once
#include <chrono>
#include <cstdint>

namespace stressbot {

using Nanoseconds = std::chrono::nanoseconds;

/// A number drawn at use. Durations are in ns.
struct Distribution {
  enum class Kind : std::uint8_t { kConstant, kUniform, kExponential, kNormal };
  Kind kind = Kind::kConstant;
  double a = 0;  ///< constant; uniform: least; exponential, normal: mean
  double b = 0;  ///< uniform: most; normal: standard deviation
};

}  // namespace stressbot
