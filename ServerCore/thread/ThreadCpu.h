#pragma once
#include <chrono>

namespace servercore {

/// Processor time that the calling thread has used so far.
std::chrono::nanoseconds ThreadCpuTime();

}  // namespace servercore
