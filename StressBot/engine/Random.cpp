#include "StressBot/engine/Random.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace stressbot {

namespace {

constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15ULL;

std::uint64_t Mix(std::uint64_t x) {
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31U);
}

}  // namespace

Random::Random(std::initializer_list<std::uint64_t> key) : key_(kGolden) {
  for (const std::uint64_t part : key) key_ = Mix(key_ + part + kGolden);
}

std::uint64_t Random::Next() { return Mix(key_ + kGolden * ++counter_); }

double Random::NextUnit() { return static_cast<double>(Next() >> 11U) * 0x1.0p-53; }

double Random::Draw(const Distribution& distribution) {
  switch (distribution.kind) {
    case Distribution::Kind::kConstant:
      return distribution.a;
    case Distribution::Kind::kUniform:
      return distribution.a + (distribution.b - distribution.a) * NextUnit();
    case Distribution::Kind::kExponential:
      return -distribution.a * std::log1p(-NextUnit());
    case Distribution::Kind::kNormal: {  // Box and Muller, 1958
      const double radius = std::sqrt(-2.0 * std::log1p(-NextUnit()));
      return distribution.a +
             distribution.b * radius * std::cos(2.0 * std::numbers::pi * NextUnit());
    }
  }
  return distribution.a;
}

Nanoseconds Random::DrawDuration(const Distribution& distribution) {
  constexpr double kLongest = 9e18;  // what Nanoseconds can hold
  return Nanoseconds(static_cast<std::int64_t>(std::clamp(Draw(distribution), 0.0, kLongest)));
}

}  // namespace stressbot
