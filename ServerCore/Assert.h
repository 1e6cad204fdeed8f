#pragma once

namespace servercore {
/// Prints the failed condition with its place to standard error and aborts the process.
[[noreturn]] void AssertFailed(const char* condition, const char* file, int line) noexcept;
}  // namespace servercore

/// Guards against our own mistakes, in every build. A peer's mistakes are values, never asserts.
#define SC_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : ::servercore::AssertFailed(#condition, __FILE__, __LINE__))
