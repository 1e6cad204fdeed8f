#pragma once
#include <array>
#include <cstdint>
#include <optional>

#include "StressBot/engine/Program.h"

namespace stressbot {

/// Follows a flow in the order of its steps and knows which connections are open, as far as that is
/// certain. Where it is not (parallel branches, a connect that may fail), it never complains.
class ConnectionOrder {
 public:
  /// False: the connection is open already.
  bool Connect(std::uint8_t server, bool may_fail);
  /// False: the connection is closed.
  bool Use(std::uint8_t server);
  bool Disconnect(std::uint8_t server);

  /// From here on nothing is certain about that connection.
  void Forget(std::uint8_t server) { at(server).state = State::kUnknown; }
  /// Takes over what `other` knows of that connection.
  void Adopt(const ConnectionOrder& other, std::uint8_t server) {
    at(server).state = other.connections_[server].state;
    Note(server, other.connections_[server].first);
  }

  /// Either this or `other` was the way here: what both agree upon stays certain.
  void Join(const ConnectionOrder& other);

  /// A pass of a repeat begins; `before` is given back to EndPass.
  ConnectionOrder BeginPass();
  /// Connections with which a second pass could not begin as the first one did.
  struct Mistake {
    std::uint8_t server = 0;
    bool is_open =
        false;  ///< it is left open, and the pass begins with a connect; else the reverse
  };
  std::optional<Mistake> EndPass(const ConnectionOrder& before);

 private:
  enum class State : std::uint8_t { kClosed, kOpen, kUnknown };
  enum class First : std::uint8_t { kNothing, kConnect, kUse };
  struct Connection {
    State state = State::kClosed;
    First first = First::kNothing;  ///< in this pass
  };
  Connection& at(std::uint8_t server) { return connections_[server]; }
  void Note(std::uint8_t server, First action);

  std::array<Connection, kConnectionsMax> connections_{};
};

}  // namespace stressbot
