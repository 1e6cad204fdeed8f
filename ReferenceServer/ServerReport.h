#pragma once
#include <chrono>
#include <string>

#include "ReferenceServer/ServerTotals.h"

namespace reference {

/// "   10 s  sessions 1,000  players 1,000  rooms 20  in 1,000/s  out 50,000/s", rates since
/// `before`.
std::string FormatStatus(const ServerTotals& now, const ServerTotals& before,
                         std::chrono::duration<double> running,
                         std::chrono::duration<double> since_before);

/// What was served, for people; then one line "served key=value ..." for programs: sessions by how
/// they ended, packets by name, refusals. Of a server that has stopped.
std::string FormatReport(const ServerTotals& totals);

}  // namespace reference
