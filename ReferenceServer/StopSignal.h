#pragma once

namespace reference {

/// From now on the first Ctrl-C or SIGTERM only sets StopRequested(); the next one ends the process
/// at once.
void CatchStopSignals();
bool StopRequested();

}  // namespace reference
