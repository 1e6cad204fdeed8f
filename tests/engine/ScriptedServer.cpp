#include "tests/engine/ScriptedServer.h"

#include <algorithm>

#include "ServerCore/Assert.h"
#include "StressBot/protocol/ProtocolFile.h"

namespace stressbot::testing {

using servercore::CloseReason;

namespace {

std::shared_ptr<const Protocol> LoadFromSource(const char* file) {
  Diagnostics errors;
  auto protocol = LoadProtocol(std::string(STRESSBOT_SOURCE_DIR "/") + file, errors);
  SC_ASSERT(protocol != nullptr);
  return protocol;
}

}  // namespace

std::shared_ptr<const Protocol> ChatProtocol() {
  static const auto kProtocol = LoadFromSource("scenarios/chat.protocol.json");
  return kProtocol;
}

std::shared_ptr<const Protocol> PackedProtocol() {
  static const auto kProtocol = LoadFromSource("tests/engine/data/packed.protocol.json");
  return kProtocol;
}

std::shared_ptr<const Protocol> CallsProtocol() {
  static const auto kProtocol = LoadFromSource("tests/engine/data/calls.protocol.json");
  return kProtocol;
}

class ScriptedServer::Later final : public servercore::Timer {
 public:
  Later(servercore::TimerQueue& timers, std::function<void()> work)
      : timers_(timers), work_(std::move(work)) {}
  ~Later() override { timers_.Cancel(*this); }

 private:
  void OnTimer(servercore::Clock::time_point) override { work_(); }
  servercore::TimerQueue& timers_;
  std::function<void()> work_;
};

ScriptedServer::ScriptedServer(servercore::SimWorld& world,
                               std::shared_ptr<const Protocol> protocol)
    : protocol_(std::move(protocol)),
      group_(world.AddProcess(1)),
      service_(group_,
               [this](servercore::Shard&, const servercore::NetAddress&) {
                 peers_.push_back(std::make_shared<PeerRecord>());
                 peers_.back()->number = peers_.size() - 1;
                 return std::make_unique<Peer>(*this, peers_.back());
               },
               {}) {
  address_ = service_.Start(servercore::NetAddress::Loopback(0)).value();
}

ScriptedServer::~ScriptedServer() = default;

void ScriptedServer::After(servercore::Clock::duration time, std::function<void()> work) {
  Later& later = *later_.emplace_back(std::make_unique<Later>(shard().timers(), std::move(work)));
  shard().timers().Set(later, shard().port().Now() + time);
}

namespace {

servercore::SendBuffer Encode(servercore::Shard& shard, const Protocol& protocol,
                              std::string_view packet, const Wire& payload, EnvelopeState& state,
                              std::uint32_t correlation) {
  const PacketIndex index = protocol.IndexOfName(packet);
  SC_ASSERT(index != kUnknownPacket);
  const std::size_t header = protocol.framing().header_bytes;
  const std::size_t bytes = header + payload.bytes().size() + protocol.trailer().size();
  const std::span<std::byte> room = shard.send_buffers().Open(bytes);
  std::ranges::copy(protocol.header(), room.begin());
  protocol.framing().Write(room, static_cast<std::uint32_t>(bytes), protocol.packet(index).id);
  std::transform(payload.bytes().begin(), payload.bytes().end(), room.data() + header,
                 [](char c) { return static_cast<std::byte>(c); });
  if (const Envelope* envelope = protocol.envelope())
    envelope->Seal(room.first(bytes), state, correlation);
  return shard.send_buffers().Close(bytes);
}

}  // namespace

void ScriptedServer::SendTo(servercore::SessionRef to, std::string_view packet,
                            const Wire& payload) {
  auto* peer = static_cast<Peer*>(shard().FindSession(to.id()));
  if (peer != nullptr) peer->SendPacket(packet, payload);
}

std::size_t ScriptedServer::Count(std::string_view packet) const {
  std::size_t count = 0;
  for (const auto& peer : peers_) {
    count +=
        static_cast<std::size_t>(std::count(peer->packets.begin(), peer->packets.end(), packet));
  }
  return count;
}

void ScriptedServer::Answer(Peer& peer, std::string_view packet, std::string_view text) {
  const std::uint64_t id = peer.record().number + 1;
  if (packet == "C_LOGIN") {
    peer.SendPacket("S_LOGIN", Wire().Number(1, 1).Message(2, Wire().Number(1, id).Text(2, text)));
  } else if (packet == "C_ENTER_GAME") {
    peer.SendPacket("S_ENTER_GAME", Wire().Number(1, 1).Number(2, 7).Message(
                                        3, Wire().Number(1, id).Text(2, peer.record().texts[0])));
  } else if (packet == "C_CHAT") {
    for (Peer* other : open_) other->SendPacket("S_CHAT", Wire().Number(1, id).Text(2, text));
  }
}

ScriptedServer::Peer::Peer(ScriptedServer& server, std::shared_ptr<PeerRecord> record)
    : PacketSession(server.service_.session_options(), server.protocol_->framing()),
      server_(server),
      record_(std::move(record)) {}

void ScriptedServer::Peer::SendPacket(std::string_view packet, const Wire& payload,
                                      std::uint32_t correlation) {
  if (Send(Encode(shard(), *server_.protocol_, packet, payload, envelope_state_, correlation)) ==
      servercore::SendResult::kQueued) {
    ++record_->sent;
  }
}

void ScriptedServer::Peer::SendBytes(std::string_view bytes) {
  Send(shard().send_buffers().Copy(std::as_bytes(std::span(bytes))));
}

void ScriptedServer::Peer::OnConnected() {
  record_->open = true;
  server_.open_.push_back(this);
  if (server_.on_connected) server_.on_connected(*this);
}

void ScriptedServer::Peer::OnPacket(const servercore::PacketView& packet) {
  std::uint32_t id = packet.id;
  std::span<const std::byte> payload = packet.payload;
  std::vector<std::byte> room(packet.bytes.size());
  if (const Envelope* envelope = server_.protocol_->envelope()) {
    const Envelope::Opened opened = envelope->Open(packet.bytes, room, envelope_state_);
    SC_ASSERT(opened.fault == Envelope::Fault::kNone);
    record_->correlations.push_back(envelope->CorrelationOf(opened.packet));
    id = framing().Read(opened.packet).id;
    payload = opened.packet.subspan(framing().header_bytes);
    payload = payload.first(payload.size() - envelope->trailer_bytes());
  }
  const std::string& name = server_.protocol_->packet(server_.protocol_->IndexOfId(id)).name;
  record_->packets.push_back(name);
  record_->texts.push_back(name == "C_ENTER_GAME" ? std::string() : TextIn(payload, 1));
  record_->times.push_back(shard().now());
  if (server_.on_packet && server_.on_packet(*this, name, record_->texts.back())) return;
  server_.Answer(*this, name, record_->texts.back());
}

void ScriptedServer::Peer::OnDisconnected(CloseReason reason, std::error_code) {
  record_->open = false;
  record_->reason = reason;
  std::erase(server_.open_, this);
}

}  // namespace stressbot::testing
