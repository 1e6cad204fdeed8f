#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ServerCore/net/Listener.h"
#include "ServerCore/net/PacketSession.h"
#include "ServerCore/net/Service.h"
#include "ServerCore/sim/SimWorld.h"
#include "ServerCore/thread/ShardGroup.h"

/// One server and one client process, on real sockets or simulated, all turns on the test's thread.
namespace servercore::testing {

enum class WorldKind : std::uint8_t { kSimulated, kReal };
inline std::string NameOf(WorldKind kind) {
  return kind == WorldKind::kSimulated ? "Simulated" : "Real";
}

/// Processes whose turns the test takes.
class World {
 public:
  virtual ~World() = default;
  virtual ShardGroup& AddProcess(std::size_t shards) = 0;
  virtual bool RunUntil(const std::function<bool()>& done) = 0;
  virtual void Close() = 0;
};
std::unique_ptr<World> MakeWorld(WorldKind kind, SimOptions network = {});

class ProbeSession;

/// What a session lived through. Outlives it.
struct Record {
  ProbeSession* session = nullptr;  ///< while it lives
  int connected = 0;
  int sent = 0;
  int ended = 0;
  std::vector<std::string> packets;  ///< payloads, in order
  std::vector<std::uint32_t> ids;
  std::string raw;  ///< all bytes, when it does not cut packets
  PacketError bad = PacketError::kNone;
  CloseReason reason = CloseReason::kNone;
  std::error_code error;
};
using RecordPtr = std::shared_ptr<Record>;

struct Hooks {
  std::function<void(ProbeSession&)> connected{};
  std::function<void(ProbeSession&, const PacketView&)> packet{};
  std::function<void(ProbeSession&)> sent{};
  std::function<void(ProbeSession&)> disconnected{};
};

class ProbeSession final : public PacketSession {
 public:
  ProbeSession(const SessionOptions& options, const PacketFraming& framing, RecordPtr record,
               Hooks hooks = {});
  ~ProbeSession() override { record_->session = nullptr; }

  Record& record() { return *record_; }
  SendResult SendText(std::string_view text, std::uint32_t id = 1);
  SendResult SendBytes(std::string_view bytes);

 private:
  void OnConnected() override;
  void OnPacket(const PacketView& packet) override;
  void OnBadPacket(PacketError error) override { record_->bad = error; }
  void OnSent(Clock::time_point sent_at) override;
  void OnDisconnected(CloseReason reason, std::error_code error) override;

  RecordPtr record_;
  Hooks hooks_;
};

/// Keeps all bytes as they came.
class RawSession final : public Session {
 public:
  RawSession(const SessionOptions& options, RecordPtr record)
      : Session(options), record_(std::move(record)) {}

 private:
  RecvProgress OnRecv(std::span<const std::byte> bytes) override {
    record_->raw.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {bytes.size(), 0};
  }
  void OnDisconnected(CloseReason reason, std::error_code) override {
    ++record_->ended;
    record_->reason = reason;
  }
  RecordPtr record_;
};

struct PairOptions {
  SimOptions network{};
  PacketFraming framing{};
  ServerServiceOptions server{};
  ClientServiceOptions client{};
  Hooks on_server{};
  std::size_t server_shards = 1;
};

/// A listening server and a client. Its end closes all and asserts that every count is zero.
class Pair {
 public:
  explicit Pair(WorldKind kind, PairOptions options = {});
  ~Pair();

  /// A new connection to the server; `record.session` is it, while it lives.
  RecordPtr Connect(Hooks hooks = {});
  RecordPtr ConnectTo(const NetAddress& to, Hooks hooks = {});
  /// Connects, and waits until the server has it too. First the client's record, then the server's.
  std::pair<RecordPtr, RecordPtr> Establish(Hooks hooks = {});
  bool RunUntil(const std::function<bool()>& done) { return world_->RunUntil(done); }
  void StopListening();

  SimWorld& sim();  ///< REQUIRES a simulated one
  ShardGroup& server_group() { return server_group_; }
  ShardGroup& client_group() { return client_group_; }
  Shard& client_shard() { return client_group_.shard(0); }
  ServerService& server() { return server_; }
  ClientService& client() { return client_; }
  const NetAddress& address() const { return address_; }
  std::vector<RecordPtr>& accepted() { return accepted_; }
  const PacketFraming& framing() const { return options_.framing; }

 private:
  const PairOptions options_;
  std::unique_ptr<World> world_;
  ShardGroup& server_group_;
  ShardGroup& client_group_;
  std::vector<RecordPtr> accepted_;
  ServerService server_;
  ClientService client_;
  NetAddress address_;
};

/// A packet in the default framing.
std::string Packet(std::string_view payload, std::uint16_t id = 1);
SendBuffer BufferOf(Shard& shard, std::string_view bytes);
std::string TextOf(std::span<const std::byte> bytes);

}  // namespace servercore::testing
