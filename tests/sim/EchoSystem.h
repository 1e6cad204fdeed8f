#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ServerCore/job/JobQueue.h"
#include "ServerCore/net/Listener.h"
#include "ServerCore/net/PacketSession.h"
#include "ServerCore/net/Service.h"
#include "ServerCore/sim/SimWorld.h"
#include "tests/sim/Seed.h"

namespace servercore::testing {

/// A small server and its clients in a world whose faults are drawn from the seed: a server of some
/// shards echoes each packet and tells it to everyone in the sender's room; clients come, send,
/// end in order or by reset, and come back; connections break, the server stalls.
class EchoSystem {
 public:
  explicit EchoSystem(std::uint64_t seed);
  ~EchoSystem();

  /// Runs, stops, closes, and notes whatever was not as it must be.
  void Run();
  const std::vector<std::string>& faults() const { return faults_; }
  std::uint64_t trace_hash() const { return world_.trace_hash(); }

  struct Counts {
    std::uint64_t connected = 0, ended = 0, echoes = 0, broadcasts = 0;
  };
  const Counts& counts() const { return counts_; }

 private:
  class Client;
  class Connection;
  class Room;
  class Driver;
  static SimOptions DrawNetwork(std::uint64_t seed);

  void Fault(std::string what) { faults_.push_back(std::move(what)); }
  void StartClient();
  void CheckNothingIsLeft();
  void DisturbTheNetwork();

  SimRandom random_;
  SimWorld world_;
  ShardGroup& server_group_;
  ShardGroup& client_group_;
  PacketFraming framing_;
  std::vector<std::shared_ptr<Room>> rooms_;
  ServerService server_;
  ClientService client_;
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
