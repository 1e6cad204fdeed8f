#pragma once
#include <chrono>

namespace servercore {

/// TCP's keep-alive on accepted connections. A peer that vanished without a word (its power or its
/// cable is gone) is noticed after two minutes of silence, though nothing is sent to it: the next
/// read fails with timed_out. Without it a session that only listens would stay for ever.
inline constexpr std::chrono::seconds kKeepAliveIdle{60};
inline constexpr std::chrono::seconds kKeepAliveInterval{6};  ///< between probes
inline constexpr int kKeepAliveProbes = 10;                   ///< fixed on Windows

}  // namespace servercore
