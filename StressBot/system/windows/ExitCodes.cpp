#include "StressBot/system/windows/ExitCodes.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace stressbot {

namespace {

struct KnownCode {
  DWORD code;
  const char* name;
};

/// From ntstatus.h: those that a game server dies of.
constexpr std::array<KnownCode, 18> kKnownCodes{{
    {0x40000015, "abort"},
    {0x80000003, "breakpoint, or a failed assertion"},
    {0xC0000005, "access violation"},
    {0xC0000006, "in-page error"},
    {0xC0000017, "no memory left"},
    {0xC000001D, "illegal instruction"},
    {0xC0000025, "noncontinuable exception"},
    {0xC000008C, "array bounds exceeded"},
    {0xC000008E, "floating point division by zero"},
    {0xC0000094, "integer division by zero"},
    {0xC0000096, "privileged instruction"},
    {0xC00000FD, "stack overflow"},
    {0xC0000135, "a DLL was not found"},
    {0xC0000139, "a function was not found in a DLL"},
    {0xC0000142, "a DLL could not be initialized"},
    {0xC0000374, "heap corruption"},
    {0xC0000409, "fail fast: abort, or a stack buffer overrun"},
    {0xE06D7363, "C++ exception that nobody caught"},
}};

bool IsException(DWORD code) {
  constexpr DWORD kSeverityAndFacility = 0xFFFF0000;
  constexpr DWORD kErrorOfSystem = 0xC0000000;
  return (code & kSeverityAndFacility) == kErrorOfSystem;
}

}  // namespace

ProcessEnd EndOf(DWORD exit_code) {
  constexpr DWORD kControlBreak = 0xC000013A;  // STATUS_CONTROL_C_EXIT, of both keys
  using Way = ProcessEnd::Way;
  if (exit_code == kKilledCode)
    return {.way = Way::kCrashed, .cause = "killed (TerminateJobObject)"};
  if (exit_code == kControlBreak) {
    return {.way = Way::kAsked, .cause = "ended by Ctrl-C or Ctrl-Break (0xC000013A)"};
  }
  const auto known = std::find_if(kKnownCodes.begin(), kKnownCodes.end(),
                                  [=](const KnownCode& one) { return one.code == exit_code; });
  if (known == kKnownCodes.end() && !IsException(exit_code)) {
    return {.exit_code = static_cast<int>(exit_code)};
  }
  std::array<char, 16> number{};
  std::snprintf(number.data(), number.size(), "0x%08lX", exit_code);
  return {
      .way = Way::kCrashed,
      .cause = "crashed: " + std::string(known == kKnownCodes.end() ? "exception" : known->name) +
               " (" + number.data() + ")"};
}

}  // namespace stressbot
