#include "StressBot/report/JsonValues.h"

#include <array>
#include <cmath>
#include <limits>

#include "StressBot/report/Utf8.h"

namespace stressbot {

namespace {

constexpr double kNanosecondsPerMillisecond = 1e6;
constexpr std::array kKindNames{"trend", "counter", "rate", "gauge"};

}  // namespace

double MillisecondsOf(double ns) { return ns / kNanosecondsPerMillisecond; }
double MillisecondsOf(std::int64_t ns) { return MillisecondsOf(static_cast<double>(ns)); }
double SecondsOf(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

double NanosecondsOf(double milliseconds) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const double near = milliseconds * kNanosecondsPerMillisecond;
  // The product may be a hair off, so that it would be written differently.
  for (const double ns : {std::round(near), near, std::nextafter(near, -kInfinity),
                          std::nextafter(near, kInfinity)}) {
    if (!(MillisecondsOf(ns) < milliseconds) && !(MillisecondsOf(ns) > milliseconds)) return ns;
  }
  return near;
}

nlohmann::ordered_json TagsJson(const Tags& tags) {
  auto json = nlohmann::ordered_json::object();
  for (const auto& [name, value] : tags) json[ToValidUtf8(name)] = ToValidUtf8(value);
  return json;
}

const char* NameOf(MetricKind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }

bool KindOf(std::string_view name, MetricKind& kind) {
  for (std::size_t i = 0; i < kKindNames.size(); ++i) {
    if (name != kKindNames[i]) continue;
    kind = static_cast<MetricKind>(i);
    return true;
  }
  return false;
}

}  // namespace stressbot
