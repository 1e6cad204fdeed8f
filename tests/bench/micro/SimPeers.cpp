#include "tests/bench/micro/SimPeers.h"

#include "ServerCore/Assert.h"

namespace bench {

using servercore::NetAddress;

SimPeers::SimPeers()
    : server_group_(world_.AddProcess(1)),
      client_group_(world_.AddProcess(1)),
      server_(server_group_,
              [this](servercore::Shard&, const NetAddress&) {
                auto session =
                    std::make_unique<CountingSession>(server_.session_options(), framing_);
                accepted_.push_back(session.get());
                return session;
              },
              {}),
      client_(client_group_.shard(0), {}) {
  const auto address = server_.Start(NetAddress::Ipv4({10, 0, 0, 1}, 7777));
  SC_ASSERT(address);
  address_ = *address;
}

SimPeers::~SimPeers() {
  server_.Stop();
  world_.Close();
}

void SimPeers::Connect(std::size_t count) {
  const std::size_t before = accepted_.size();
  for (std::size_t i = 0; i < count; ++i) {
    client_.Connect(std::make_unique<CountingSession>(client_.session_options(), framing_),
                    address_);
  }
  const bool connected =
      world_.RunUntil([&] { return accepted_.size() == before + count; }, std::chrono::minutes(1));
  SC_ASSERT(connected);
  world_.RunFor(std::chrono::milliseconds(1));
}

}  // namespace bench
