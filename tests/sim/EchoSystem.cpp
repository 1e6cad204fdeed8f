#include "tests/sim/EchoSystem.h"

#include <algorithm>
#include <cstring>
#include <map>

namespace servercore::testing {

namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kEcho = 1;
constexpr std::uint32_t kBroadcast = 2;
constexpr std::size_t kRooms = 2;
constexpr std::size_t kClients = 6;

/// What a packet carries: who sent it, its number there, and filling that must stay as it was.
struct Body {
  std::uint32_t sender = 0;
  std::uint32_t number = 0;
};

SendBuffer MakePacket(SendBufferPool& pool, const PacketFraming& framing, std::uint32_t id,
                      Body body, std::size_t filling) {
  const std::size_t bytes = framing.header_bytes + sizeof body + filling;
  const std::span<std::byte> room = pool.Open(bytes);
  framing.Write(room, static_cast<std::uint32_t>(bytes), id);
  std::memcpy(room.data() + framing.header_bytes, &body, sizeof body);
  std::memset(room.data() + framing.header_bytes + sizeof body, static_cast<int>(body.number % 256),
              filling);
  return pool.Close(bytes);
}

bool Parse(const PacketView& packet, Body& body) {
  if (packet.payload.size() < sizeof body) return false;
  std::memcpy(&body, packet.payload.data(), sizeof body);
  return std::ranges::all_of(packet.payload.subspan(sizeof body), [&](std::byte filling) {
    return filling == static_cast<std::byte>(body.number % 256);
  });
}

}  // namespace

/// Tells each packet to all who are in it, by shard, as a room of a game server does.
class EchoSystem::Room final : public JobQueue {
 public:
  explicit Room(EchoSystem& system)
      : JobQueue(system.server_group_.global_queue()),
        system_(system),
        members_(system.server_group_.size()) {}

  void Enter(SessionRef who) { Change(who, true); }
  void Leave(SessionRef who) { Change(who, false); }
  void Tell(std::uint32_t sender, std::uint32_t number) {
    const SendBuffer buffer = MakePacket(Shard::Current()->send_buffers(), system_.framing_,
                                         kBroadcast, {sender, number}, number % 20);
    for (std::size_t i = 0; i < members_.size(); ++i) {
      if (members_[i]) system_.server_group_.shard(i).PostBroadcast(members_[i], buffer);
    }
  }
  bool empty() const {
    return std::ranges::all_of(members_, [](const auto& list) { return !list || list->empty(); });
  }

 private:
  void Change(SessionRef who, bool enters) {
    SessionList& list = members_[who.shard()->index()];
    auto changed = list ? std::make_shared<std::vector<SessionId>>(*list)
                        : std::make_shared<std::vector<SessionId>>();
    if (enters) {
      changed->push_back(who.id());
    } else {
      std::erase(*changed, who.id());
    }
    list = std::move(changed);
  }
  EchoSystem& system_;
  std::vector<SessionList> members_;
};

/// The server's side of a connection.
class EchoSystem::Connection final : public PacketSession {
 public:
  explicit Connection(EchoSystem& system)
      : PacketSession(system.server_.session_options(), system.framing_),
        system_(system),
        room_(system.rooms_[system.random_.UpTo(kRooms - 1)]) {
    ++system_.alive_;
  }
  ~Connection() override {
    --system_.alive_;
    if (ended_ != 1) system_.Fault("a connection ended " + std::to_string(ended_) + " times");
  }

 private:
  void OnConnected() override { room_->Push(&Room::Enter, ref()); }
  void OnPacket(const PacketView& packet) override {
    Body body;
    if (!Parse(packet, body)) return system_.Fault("the server read a broken packet");
    if (body.number != next_++) system_.Fault("the server read packets out of order");
    Send(MakePacket(shard().send_buffers(), framing(), kEcho, body, body.number % 30));
    room_->Push(&Room::Tell, body.sender, body.number);
    if (system_.server_hangs_up_ && system_.random_.Happens(0.01)) Disconnect(CloseKind::kOrderly);
  }
  void OnDisconnected(CloseReason, std::error_code) override {
    ++ended_;
    room_->Push(&Room::Leave, ref());
  }
  EchoSystem& system_;
  std::shared_ptr<Room> room_;
  std::uint32_t next_ = 0;
  int ended_ = 0;
};

/// Sends numbered packets, a few at a time, until it has had enough.
class EchoSystem::Client final : public PacketSession, private Timer {
 public:
  Client(EchoSystem& system, std::uint32_t number)
      : PacketSession(system.client_.session_options(), system.framing_),
        system_(system),
        number_(number),
        left_(static_cast<std::uint32_t>(system.random_.UpTo(30))) {
    ++system_.alive_;
  }
  ~Client() override {
    --system_.alive_;
    if (ended_ != 1) system_.Fault("a client ended " + std::to_string(ended_) + " times");
  }

 private:
  void OnConnected() override {
    ++system_.counts_.connected;
    OnTimer(shard().now());
  }
  void OnTimer(Clock::time_point now) override {
    for (std::uint64_t burst = system_.random_.UpTo(4); burst > 0 && left_ > 0; --burst, --left_) {
      Send(MakePacket(shard().send_buffers(), framing(), kEcho, {number_, sent_++},
                      system_.random_.UpTo(30)));
    }
    if (left_ == 0) {
      Disconnect(system_.random_.Happens(0.3) ? CloseKind::kReset : CloseKind::kOrderly);
    } else if (IsOpen()) {
      shard().timers().Set(*this, now + std::chrono::microseconds(system_.random_.UpTo(20'000)));
    }
  }
  void OnPacket(const PacketView& packet) override {
    Body body;
    if (!Parse(packet, body)) return system_.Fault("a client read a broken packet");
    if (packet.id == kEcho) {
      ++system_.counts_.echoes;
      if (body.sender != number_ || body.number != next_echo_++) {
        system_.Fault("an echo was lost, doubled or out of order");
      }
      return;
    }
    ++system_.counts_.broadcasts;
    const auto [heard, first] = heard_.try_emplace(body.sender, body.number);
    if (!first && body.number != ++heard->second) {
      system_.Fault("a broadcast was lost, doubled or out of order");
    }
  }
  void OnDisconnected(CloseReason reason, std::error_code) override {
    ++ended_;
    ++system_.counts_.ended;
    shard().timers().Cancel(*this);
    const bool server_stays = !system_.server_hangs_up_ && !system_.stopping_;
    if (reason == CloseReason::kLocal && server_stays && next_echo_ != sent_) {
      system_.Fault("an orderly close lost echoes");
    }
    if (!system_.stopping_) system_.StartClient();
  }
  EchoSystem& system_;
  const std::uint32_t number_;
  std::uint32_t left_;
  std::uint32_t sent_ = 0;
  std::uint32_t next_echo_ = 0;
  std::map<std::uint32_t, std::uint32_t> heard_;  ///< by sender, the last number
  int ended_ = 0;
};

/// Breaks connections and holds the server back, now and then.
class EchoSystem::Driver final : public Timer {
 public:
  explicit Driver(EchoSystem& system) : system_(system) { Wait(); }
  ~Driver() override { timers().Cancel(*this); }

 private:
  TimerQueue& timers() { return system_.client_group_.shard(0).timers(); }
  void Wait() {
    const std::chrono::milliseconds pause(system_.random_.UpTo(100));
    timers().Set(*this, system_.world_.Now() + pause);
  }
  void OnTimer(Clock::time_point) override {
    system_.DisturbTheNetwork();
    Wait();
  }
  EchoSystem& system_;
};

SimOptions EchoSystem::DrawNetwork(std::uint64_t seed) {
  SimRandom random(seed * 977);
  const auto one_of = [&](std::initializer_list<std::size_t> values) {
    return values.begin()[random.UpTo(values.size() - 1)];
  };
  return {.seed = seed,
          .latency_min = std::chrono::microseconds(one_of({0, 50, 1000})),
          .latency_max = std::chrono::microseconds(one_of({1000, 3000, 20'000})),
          .read_bytes_max = one_of({0, 0, 1, 7, 100}),
          .send_bytes_max = one_of({0, 0, 3, 64}),
          .short_read_probability = 0.3,
          .short_send_probability = 0.3,
          .spurious_readable_probability = 0.1,
          .connect_refused_probability = 0.05,
          .accept_failure_probability = 0.05,
          .socket_buffer_bytes = one_of({64, 1000, 256 * 1024})};
}

EchoSystem::EchoSystem(std::uint64_t seed)
    : random_(seed),
      world_(DrawNetwork(seed)),
      server_group_(world_.AddProcess(1 + seed % 3)),
      client_group_(world_.AddProcess(1)),
      server_(server_group_,
              [this](Shard&, const NetAddress&) { return std::make_unique<Connection>(*this); },
              {.session = {.queued_bytes_max = seed % 2 == 0 ? 1024U * 1024U : 8U * 1024U},
               .sessions_max = seed % 4 == 0 ? kClients - 1 : 1000}),
      client_(client_group_.shard(0),
              {.session = {}, .connects_in_flight_max = 5, .on_waited = {}}),
      server_hangs_up_(seed % 5 == 0) {
  for (std::size_t i = 0; i < kRooms; ++i) rooms_.push_back(std::make_shared<Room>(*this));
}

EchoSystem::~EchoSystem() = default;

void EchoSystem::StartClient() {
  client_.Connect(std::make_unique<Client>(*this, next_client_++), address_);
}

void EchoSystem::DisturbTheNetwork() {
  if (random_.Happens(0.2)) world_.network().ResetAll();
  if (random_.Happens(0.3)) {
    world_.network().Pause(address_);
  } else {
    world_.network().Resume(address_);
  }
  if (random_.Happens(0.3)) world_.Spend(server_group_.shard(0), 10ms);
}

void EchoSystem::Run() {
  address_ = server_.Start(NetAddress::Ipv4({10, 0, 0, 1}, 7777)).value();
  driver_ = std::make_unique<Driver>(*this);
  client_group_.shard(0).Post([this] {
    for (std::size_t i = 0; i < kClients; ++i) StartClient();
  });
  world_.RunFor(100ms);
  stopping_ = true;
  driver_.reset();
  world_.network().Resume(address_);
  server_.Stop();
  world_.Close();  // asserts that handles, messages, jobs and chunks are all gone
  CheckNothingIsLeft();
}

void EchoSystem::CheckNothingIsLeft() {
  if (alive_ != 0) Fault(std::to_string(alive_) + " sessions were leaked");
  if (server_.session_count() + client_.session_count() != 0) Fault("a service miscounts");
  if (client_.connects_in_flight() != 0) Fault("the limit of connects in flight leaks");
  for (const auto& room : rooms_) {
    if (!room->empty()) Fault("a room kept a member");
  }
}

}  // namespace servercore::testing

simulation::SeedResult simulation::RunEchoSeed(std::uint64_t seed) {
  servercore::testing::EchoSystem system(seed);
  system.Run();
  const auto& counts = system.counts();
  return {.faults = system.faults(),
          .trace_hash = system.trace_hash(),
          .seen = {{"client connected", counts.connected},
                   {"echo", counts.echoes},
                   {"broadcast heard", counts.broadcasts}}};
}
