#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ServerCore/net/Listener.h"
#include "ServerCore/net/PacketSession.h"
#include "ServerCore/net/Service.h"
#include "ServerCore/sim/SimWorld.h"
#include "tests/sim/EchoRoom.h"
#include "tests/sim/Seed.h"

namespace servercore::testing {

/// A small server and its clients in a world whose faults are drawn from the seed: a server of some
/// shards echoes each packet and tells it to everyone in the sender's room; clients come, send,
/// end in order or by reset, and come back; connections break, the server stalls, a reader is slow,
/// rooms have timers and more jobs than a slice.
class EchoSystem {
 public:
  explicit EchoSystem(std::uint64_t seed);
  ~EchoSystem();

  /// Runs, stops, closes, and notes whatever was not as it must be.
  void Run();
  simulation::SeedResult Result() const;

 private:
  struct Counts {
    std::uint64_t connected = 0, echoes = 0, broadcasts = 0;
  };
  /// What the seed decides, beside the network.
  struct Trouble {
    bool stalls = false;       ///< the server's shards have no time, now and then
    bool slow_reader = false;  ///< one client's process has none, for longer
    bool floods = false;       ///< one of the crowds is so large that reads are held back
    std::uint64_t crowds = 0;  ///< how many times a room gets many jobs at once
  };
  class Client;
  class Connection;
  class Driver;
  static Trouble DrawTrouble(SimRandom& random);
  static SimOptions DrawNetwork(std::uint64_t seed);

  void Fault(std::string what) { faults_.push_back(std::move(what)); }
  void StartClient(ClientService& service);
  void CrowdNowAndThen(EchoRoom& room);
  void CheckNothingIsLeft();
  void DisturbTheNetwork();

  SimRandom random_;
  SimWorld world_;
  ShardGroup& server_group_;
  ShardGroup& client_group_;
  Trouble trouble_;
  PacketFraming framing_;
  std::vector<std::shared_ptr<EchoRoom>> rooms_;
  ServerService server_;
  ClientService clients_;
  ClientService slow_client_;  ///< one, on a shard of its own
  NetAddress address_;
  std::unique_ptr<Driver> driver_;
  const bool server_hangs_up_;  ///< now and then, in order
  bool stopping_ = false;
  std::uint32_t next_client_ = 0;
  std::uint64_t alive_ = 0;  ///< sessions of both sides that exist
  Counts counts_;
  std::vector<std::string> faults_;
};

}  // namespace servercore::testing
