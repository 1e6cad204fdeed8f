#pragma once
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>

#include "ServerCore/io/Ports.h"
#include "tests/core/PortHarness.h"
#include "tests/core/SimPortWorld.h"

namespace servercore::testing {

/// Two ports of the system this test was built for.
class SystemPortWorld final : public PortWorld {
 public:
  CompletionPort& client() override { return *client_; }
  CompletionPort& server() override { return *server_; }
  bool GoOn() override { return client_->Now() < give_up_at_; }

 private:
  std::unique_ptr<CompletionPort> client_ = MakeSystemPort();
  std::unique_ptr<CompletionPort> server_ = MakeSystemPort();
  const Clock::time_point give_up_at_ = client_->Now() + std::chrono::seconds(10);
};

/// A port to hold to the contract.
struct World {
  std::string name;
  std::unique_ptr<PortWorld> (*make)();
};

/// Everything legal that a system does rarely, done often.
inline std::unique_ptr<PortWorld> MakeHostileSim() {
  return std::make_unique<SimPortWorld>(SimOptions{.seed = 7,
                                                   .read_bytes_max = 3,
                                                   .send_bytes_max = 7,
                                                   .short_read_probability = 0.5,
                                                   .short_send_probability = 0.5,
                                                   .spurious_readable_probability = 0.3,
                                                   .socket_buffer_bytes = 4096});
}

inline const std::array<World, 3> kWorlds{{
    {"System", [] { return std::unique_ptr<PortWorld>(new SystemPortWorld); }},
    {"Sim", [] { return std::unique_ptr<PortWorld>(new SimPortWorld); }},
    {"HostileSim", &MakeHostileSim},
}};

/// Every test of it runs on every port.
class PortContract : public ::testing::TestWithParam<World> {
 protected:
  PortHarness io{GetParam().make()};
};

inline std::string NameOf(const ::testing::TestParamInfo<World>& world) { return world.param.name; }

}  // namespace servercore::testing
