#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ServerCore/net/PacketSession.h"
#include "ServerCore/net/Service.h"
#include "ServerCore/sim/SimWorld.h"
#include "ServerCore/thread/Timer.h"
#include "StressBot/protocol/Protocol.h"
#include "tests/engine/Wire.h"

namespace stressbot::testing {

/// The protocol of scenarios/chat.protocol.json.
std::shared_ptr<const Protocol> ChatProtocol();
/// A login in packed structs with the ids of the chat's.
std::shared_ptr<const Protocol> PackedProtocol();
/// The chat's packets, with a sequence that is verified and a correlation of one byte in the header
/// and a CRC behind the scrambled payload.
std::shared_ptr<const Protocol> CallsProtocol();

/// What the server saw of one connection. Outlives it.
struct PeerRecord {
  std::size_t number = 0;            ///< in order of acceptance, from 0
  std::vector<std::string> packets;  ///< names, in order
  std::vector<std::string> texts;    ///< of each packet: its first field, if that is a text
  std::vector<servercore::Clock::time_point> times;  ///< when each was read
  std::vector<std::uint32_t> correlations;           ///< of each, where the protocol has such
  std::uint64_t sent = 0;
  bool open = false;
  servercore::CloseReason reason = servercore::CloseReason::kNone;
};

/// A chat server that answers as it is told: by default it lets everybody log in and enter, and
/// sends each chat to all.
class ScriptedServer {
 public:
  class Peer;
  /// True when it took the packet; else the default answers.
  using OnPacket = std::function<bool(Peer&, std::string_view packet, std::string_view text)>;
  using OnConnected = std::function<void(Peer&)>;

  explicit ScriptedServer(servercore::SimWorld& world,
                          std::shared_ptr<const Protocol> protocol = ChatProtocol());
  ~ScriptedServer();

  const servercore::NetAddress& address() const { return address_; }
  servercore::Shard& shard() { return group_.shard(0); }
  void StopListening() { service_.Stop(); }

  /// Runs `work` after so much time on the server's shard.
  void After(servercore::Clock::duration time, std::function<void()> work);
  void SendTo(servercore::SessionRef to, std::string_view packet, const Wire& payload);
  const std::vector<std::shared_ptr<PeerRecord>>& peers() const { return peers_; }
  const PeerRecord& peer(std::size_t number) const { return *peers_.at(number); }
  std::vector<Peer*>& open() { return open_; }
  std::size_t Count(std::string_view packet) const;  ///< received, from all

  OnPacket on_packet;
  OnConnected on_connected;

 private:
  class Later;
  friend class Peer;
  void Answer(Peer& peer, std::string_view packet, std::string_view text);

  std::shared_ptr<const Protocol> protocol_;
  servercore::ShardGroup& group_;
  std::vector<std::shared_ptr<PeerRecord>> peers_;
  std::vector<Peer*> open_;
  std::vector<std::unique_ptr<Later>> later_;
  servercore::ServerService service_;
  servercore::NetAddress address_;
};

class ScriptedServer::Peer final : public servercore::PacketSession {
 public:
  Peer(ScriptedServer& server, std::shared_ptr<PeerRecord> record);

  void SendPacket(std::string_view packet, const Wire& payload = {}, std::uint32_t correlation = 0);
  void SendBytes(std::string_view bytes);
  PeerRecord& record() { return *record_; }

 private:
  void OnConnected() override;
  void OnPacket(const servercore::PacketView& packet) override;
  void OnDisconnected(servercore::CloseReason reason, std::error_code error) override;

  ScriptedServer& server_;
  std::shared_ptr<PeerRecord> record_;
  EnvelopeState envelope_state_;
};

}  // namespace stressbot::testing
