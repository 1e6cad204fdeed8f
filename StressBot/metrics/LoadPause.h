#pragma once
#include <chrono>

namespace stressbot {

/// When the load stood still by hand, since the start of the run.
struct LoadPause {
  std::chrono::nanoseconds from{}, to{};
};

}  // namespace stressbot
