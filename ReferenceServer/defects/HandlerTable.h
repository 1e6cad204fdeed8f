#pragma once
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <iterator>
#include <optional>

#include "ServerCore/net/PacketSession.h"

namespace reference {
class GameSession;
}

namespace reference::defects {

/// Handlers by packet id, one short: an array of UINT16_MAX has no place for the id UINT16_MAX.
/// Whoever sends that id has the server jump to where the number behind the table says.
/// Thread: any.
class HandlerTable {
 public:
  /// Returns the id of the message that was handled; nullopt when it is invalid.
  using Handler = std::optional<std::uint32_t> (*)(GameSession&, const servercore::PacketView&);

  /// One handler for all: it looks at the id itself.
  explicit HandlerTable(Handler handler) {
    std::fill(std::begin(handlers_), std::end(handlers_), handler);
  }

  std::optional<std::uint32_t> Call(GameSession& session, const servercore::PacketView& packet) {
    ++calls_;
    return handlers_[packet.id](session, packet);
  }

 private:
  Handler handlers_[UINT16_MAX];  // NOLINT: the mistake, as it was made
  std::atomic<std::uint64_t> calls_{0};
};

}  // namespace reference::defects
