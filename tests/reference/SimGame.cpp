#include "tests/reference/SimGame.h"

#include <chrono>
#include <utility>

namespace reference {

using servercore::Task;

void SimClient::OnPacket(const servercore::PacketView& packet) {
  record_->packets.push_back(
      {packet.id,
       std::string(reinterpret_cast<const char*>(packet.payload.data()), packet.payload.size())});
  // A copy, since sending may bring the list more packets.
  if (on_packet_) on_packet_(*this, Packet(record_->packets.back()));
}

void SimClient::OnDisconnected(servercore::CloseReason reason, std::error_code) {
  record_->session = nullptr;
  record_->ended = true;
  record_->reason = reason;
}

SimGame::SimGame(std::uint64_t seed, ServerOptions options, std::size_t shards,
                 AccountDatabase database, std::size_t loads_waiting_max)
    : world_({.seed = seed}),
      server_group_(world_.AddProcess(shards)),
      database_group_(world_.AddProcess(1)),
      client_group_(world_.AddProcess(1)),
      accounts_(
          std::move(database),
          [this](Task task) { database_group_.shard(0).Post(std::move(task)); }, loads_waiting_max),
      game_(server_group_, accounts_, options),
      clients_(client_group_.shard(0), {}) {
  const auto address = game_.Start();
  EXPECT_TRUE(address);
  address_ = *address;
}

SimGame::~SimGame() {
  game_.Stop();
  world_.Close();
}

SimRecord SimGame::Connect(SimClient::OnPacketDo on_packet) {
  auto record = std::make_shared<SimClient::Record>();
  client_group_.shard(0).Post([this, record, on_packet = std::move(on_packet)] {
    clients_.Connect(
        std::make_unique<SimClient>(clients_.session_options(), framing_, record, on_packet),
        address_);
  });
  RunUntil([&] { return record->session != nullptr && record->session->IsOpen(); });
  return record;
}

void SimGame::Disconnect(const SimRecord& client, servercore::CloseKind kind) {
  client_group_.shard(0).Post([client, kind] {
    if (client->session != nullptr) client->session->Disconnect(kind);
  });
}

void SimGame::ForEachSession(const std::function<void(GameSession&)>& visit) {
  for (std::size_t i = 0; i < server_group_.size(); ++i) {
    server_group_.shard(i).Post([&shard = server_group_.shard(i), visit] {
      shard.ForEachSession(
          [&](servercore::Session& session) { visit(static_cast<GameSession&>(session)); });
    });
  }
}

void SimGame::RunUntil(const std::function<bool()>& done) {
  EXPECT_TRUE(world_.RunUntil(done, std::chrono::minutes(1)));
}

void SimGame::Stall(servercore::Clock::duration duration) {
  for (std::size_t i = 0; i < server_group_.size(); ++i) {
    world_.Spend(server_group_.shard(i), duration);
  }
}

void SimGame::StallDatabase(servercore::Clock::duration duration) {
  world_.Spend(database_group_.shard(0), duration);
}

ServerTotals SimGame::Totals() {
  ServerTotals totals;
  for (std::size_t i = 0; i < server_group_.size(); ++i) game_.AddShard(i, totals);
  game_.AddShared(totals);
  return totals;
}

}  // namespace reference
