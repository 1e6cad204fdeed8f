#pragma once
#include <chrono>
#include <string>

#include "ReferenceServer/ServerTotals.h"

namespace reference {

/// One line of what there is now, and of what passed since `before`:
/// "   10 s  sessions 1,000  players 1,000  rooms 20  in 1,000/s 0.1 MiB/s  out 50,000/s 2.9 MiB/s
/// database waits 0  chunks 12  memory 45 MiB". REQUIRES since_before > 0.
std::string FormatStatus(const ServerTotals& now, const ServerTotals& before,
                         std::chrono::duration<double> running,
                         std::chrono::duration<double> since_before);

/// What was served, for people; then one line "served key=value ..." for programs: sessions by how
/// they ended, packets by name, refusals. Of a server that has stopped.
std::string FormatReport(const ServerTotals& totals);

}  // namespace reference
