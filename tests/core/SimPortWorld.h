#pragma once
#include "ServerCore/io/backends/SimNetwork.h"
#include "ServerCore/io/backends/SimPort.h"
#include "tests/core/PortHarness.h"

namespace servercore::testing {

class SimPortWorld final : public PortWorld {
 public:
  explicit SimPortWorld(SimOptions options = {})
      : network_(options), client_(network_), server_(network_) {}

  SimNetwork& network() { return network_; }
  SimPort& client() override { return client_; }
  SimPort& server() override { return server_; }
  bool GoOn() override {
    const auto next = network_.NextEventTime();
    if (next) network_.AdvanceTo(*next);
    return next.has_value();
  }

 private:
  SimNetwork network_;
  SimPort client_;
  SimPort server_;
};

}  // namespace servercore::testing
