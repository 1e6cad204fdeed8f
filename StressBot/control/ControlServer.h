#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "ServerCore/net/NetAddress.h"

namespace stressbot {

class RunControl;

/// Where the control interface listens, and who may use it.
struct ControlPoint {
  servercore::NetAddress address;
  /// Each request must show it. Empty: it need not; for loopback only.
  std::string token;
};

/// RunControl over HTTP: docs/CONTROL.md has the paths. Requests are answered on threads of its
/// own. Without a token only programs of this machine are let in, and no page of a browser: a
/// request must be addressed to a loopback name and come from no other origin.
class ControlServer {
 public:
  /// Listens when it returns. Null, and a sentence in `error`, when it cannot. `control` outlives
  /// it.
  static std::unique_ptr<ControlServer> Start(const ControlPoint& point, RunControl& control,
                                              std::string& error);
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;
  /// Waits for requests under way, 2 s at most each.
  ~ControlServer();

  const servercore::NetAddress& address() const;  ///< with the port, if 0 was asked for

 private:
  struct State;
  explicit ControlServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace stressbot
