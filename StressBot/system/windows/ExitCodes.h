#pragma once
#include <windows.h>

#include "StressBot/system/ProcessEnd.h"

namespace stressbot {

/// The exit code that we give to a process that we end by force: one that nobody else gives, since
/// nothing but the code tells how a process ended.
inline constexpr DWORD kKilledCode = 0xDEAD;

/// What an exit code says: Windows tells a crash by the exception's number in place of the code.
ProcessEnd EndOf(DWORD exit_code);

}  // namespace stressbot
