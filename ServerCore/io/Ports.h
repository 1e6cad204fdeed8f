#pragma once
#include <memory>

#include "ServerCore/io/CompletionPort.h"

namespace servercore {

/// The port of the system this program was built for: IocpPort on Windows, EpollPort on Linux.
/// Throws std::system_error when the system has none left for it: a start-up failure,
/// before any I/O. The port belongs to the thread that first waits on it.
std::unique_ptr<CompletionPort> MakeSystemPort();

}  // namespace servercore
