#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "ReferenceServer/defects/Defect.h"
#include "ServerCore/net/NetAddress.h"

namespace reference {

/// What the packets of clients and server look like.
enum class WireProtocol : std::uint8_t {
  kProtobuf,  ///< proto/Protocol.proto
  kPacked     ///< ReferenceServer/packed/PackedPackets.h: login, enter game, chat
};

struct ServerOptions {
  servercore::NetAddress listen = servercore::NetAddress::Loopback(7777);  ///< port 0: any free one
  std::string db = ":memory:";  ///< the accounts' file; by default they go with the process
  WireProtocol protocol = WireProtocol::kProtobuf;
  std::size_t shards = 1;  ///< threads
  std::size_t room_size = 50;
  std::size_t sessions_max = 100'000;
  std::size_t queued_bytes_max = 1024 * 1024;  ///< a session's; beyond it the client is dropped
  std::chrono::milliseconds idle_timeout{0};   ///< 0: no limit
  /// S_PING unanswered for so long drops the client; 0: none is sent
  std::chrono::milliseconds heartbeat_timeout{0};
  Defect defect = Defect::kNone;  ///< broken on purpose
  bool quiet = false;             ///< no status lines
};

/// Descriptors that are not sessions: standard streams, listener, and per shard its port.
std::size_t OwnDescriptors(std::size_t shards);

/// Reads the command line. Ends the process after --help and after a mistake, which it explains.
/// Raises the descriptor limit, because the number of sessions depends on it.
ServerOptions ParseOptionsOrExit(int argc, const char* const* argv);

}  // namespace reference
