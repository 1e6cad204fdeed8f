#pragma once
#include <gtest/gtest.h>

#include <chrono>
#include <memory>

#include "ReferenceServer/GameServer.h"
#include "tests/reference/TestClient.h"

namespace reference {

/// A server with two shards on a free port and clients for it.
class ReferenceServerTest : public testing::Test {
 protected:
  ~ReferenceServerTest() override { clients_.reset(); }

  void StartServer(ServerOptions options = {}) {
    options.listen = servercore::NetAddress::Loopback(0);
    options.shards = 2;
    server_ = std::make_unique<GameServer>(options, AccountDatabase::InMemory());
    const auto address = server_->Start();
    ASSERT_TRUE(address) << address.error().message();
    clients_ = std::make_unique<TestClients>(*address);
  }

  TestClient Connect() { return clients_->Connect(); }

  /// Asks the server until its counters say so.
  template <typename Condition>
  void WaitUntil(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!condition(server_->Totals())) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "the server did not get there";
    }
  }
  std::uint64_t Refused(Refusal refusal) { return server_->Totals().ended.refused(refusal); }

  std::unique_ptr<GameServer> server_;
  std::unique_ptr<TestClients> clients_;
};

}  // namespace reference
