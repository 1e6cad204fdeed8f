#include "tests/core/CoreHarness.h"

#include <cstring>
#include <utility>

#include "ServerCore/Assert.h"

namespace servercore::testing {

namespace {

class SimulatedWorld final : public World {
 public:
  explicit SimulatedWorld(SimOptions network) : world(network) {}
  ShardGroup& AddProcess(std::size_t shards) override { return world.AddProcess(shards); }
  bool RunUntil(const std::function<bool()>& done) override {
    return world.RunUntil(done, std::chrono::minutes(1));
  }
  void Close() override { world.Close(); }

  SimWorld world;
};

class RealWorld final : public World {
 public:
  ShardGroup& AddProcess(std::size_t shards) override {
    return *groups_.emplace_back(std::make_unique<ShardGroup>(ShardGroup::MakePorts(shards)));
  }
  bool RunUntil(const std::function<bool()>& done) override {
    // A hang ends the test; nothing is judged by it.
    const Clock::time_point end = Clock::now() + std::chrono::seconds(60);
    while (!done()) {
      if (Clock::now() > end) return false;
      for (const auto& group : groups_) {
        for (std::size_t i = 0; i < group->size(); ++i) {
          group->shard(i).Turn(Clock::now() + std::chrono::microseconds(200));
        }
      }
    }
    return true;
  }
  void Close() override {
    for (const auto& group : groups_) group->CloseSessions(CloseKind::kOrderly);
    SC_ASSERT(RunUntil([this] {
      for (const auto& group : groups_) {
        if (!group->IsIdle()) return false;
      }
      return true;
    }));
    for (const auto& group : groups_) {
      for (std::size_t i = 0; i < group->size(); ++i) group->shard(i).send_buffers().Drop();
      SC_ASSERT(group->send_buffers().chunks_in_use() == 0);
    }
  }

 private:
  std::vector<std::unique_ptr<ShardGroup>> groups_;
};

}  // namespace

std::unique_ptr<World> MakeWorld(WorldKind kind, SimOptions network) {
  if (kind == WorldKind::kReal) return std::make_unique<RealWorld>();
  return std::make_unique<SimulatedWorld>(network);
}

ProbeSession::ProbeSession(const SessionOptions& options, const PacketFraming& framing,
                           RecordPtr record, Hooks hooks)
    : PacketSession(options, framing), record_(std::move(record)), hooks_(std::move(hooks)) {
  record_->session = this;
}

SendResult ProbeSession::SendText(std::string_view text, std::uint32_t id) {
  const std::size_t bytes = framing().header_bytes + text.size();
  const std::span<std::byte> room = shard().send_buffers().Open(bytes);
  framing().Write(room, static_cast<std::uint32_t>(bytes), id);
  if (!text.empty()) std::memcpy(room.data() + framing().header_bytes, text.data(), text.size());
  return Send(shard().send_buffers().Close(bytes));
}

SendResult ProbeSession::SendBytes(std::string_view bytes) {
  return Send(BufferOf(shard(), bytes));
}

void ProbeSession::OnConnected() {
  ++record_->connected;
  if (hooks_.connected) hooks_.connected(*this);
}

void ProbeSession::OnPacket(const PacketView& packet) {
  record_->packets.push_back(TextOf(packet.payload));
  record_->ids.push_back(packet.id);
  if (hooks_.packet) hooks_.packet(*this, packet);
}

void ProbeSession::OnSent(Clock::time_point) {
  ++record_->sent;
  if (hooks_.sent) hooks_.sent(*this);
}

void ProbeSession::OnDisconnected(CloseReason reason, std::error_code error) {
  ++record_->ended;
  record_->reason = reason;
  record_->error = error;
  if (hooks_.disconnected) hooks_.disconnected(*this);
}

Pair::Pair(WorldKind kind, PairOptions options)
    : options_(std::move(options)),
      world_(MakeWorld(kind, options_.network)),
      server_group_(world_->AddProcess(options_.server_shards)),
      client_group_(world_->AddProcess(1)),
      server_(
          server_group_,
          [this](Shard&, const NetAddress&) {
            accepted_.push_back(std::make_shared<Record>());
            return std::make_unique<ProbeSession>(server_.session_options(), options_.framing,
                                                  accepted_.back(), options_.on_server);
          },
          options_.server),
      client_(client_group_.shard(0), options_.client) {
  address_ = server_.Start(NetAddress::Loopback(0)).value();
}

Pair::~Pair() {
  StopListening();
  world_->Close();
}

RecordPtr Pair::Connect(Hooks hooks) { return ConnectTo(address_, std::move(hooks)); }

RecordPtr Pair::ConnectTo(const NetAddress& to, Hooks hooks) {
  auto record = std::make_shared<Record>();
  client_.Connect(std::make_unique<ProbeSession>(client_.session_options(), options_.framing,
                                                 record, std::move(hooks)),
                  to);
  return record;
}

std::pair<RecordPtr, RecordPtr> Pair::Establish(Hooks hooks) {
  const std::size_t before = accepted_.size();
  RecordPtr client = Connect(std::move(hooks));
  SC_ASSERT(RunUntil([&] {
    return client->connected == 1 && accepted_.size() > before && accepted_.back()->connected == 1;
  }));
  return {client, accepted_.back()};
}

void Pair::StopListening() { server_.Stop(); }

SimWorld& Pair::sim() { return dynamic_cast<SimulatedWorld&>(*world_).world; }

std::string Packet(std::string_view payload, std::uint16_t id) {
  const PacketHeader header{static_cast<std::uint16_t>(payload.size() + sizeof(PacketHeader)), id};
  std::string bytes(sizeof header, '\0');
  std::memcpy(bytes.data(), &header, sizeof header);
  return bytes.append(payload);
}

SendBuffer BufferOf(Shard& shard, std::string_view bytes) {
  return shard.send_buffers().Copy(std::as_bytes(std::span(bytes)));
}

std::string TextOf(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace servercore::testing
