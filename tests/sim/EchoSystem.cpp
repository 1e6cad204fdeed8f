#include "tests/sim/EchoSystem.h"

#include <map>
#include <utility>

#include "tests/sim/EchoPacket.h"

namespace servercore::testing {

namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kRooms = 2;
constexpr std::size_t kClients = 6;
/// Far from the numbers of clients.
constexpr std::uint32_t kFirstReciter = 1'000'000;

}  // namespace

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
  void OnConnected() override { room_->Push(&EchoRoom::Enter, ref()); }
  void OnPacket(const PacketView& packet) override {
    EchoBody body;
    if (!ParseEchoPacket(packet, body)) return system_.Fault("the server read a broken packet");
    if (body.number != next_++) system_.Fault("the server read packets out of order");
    Send(MakeEchoPacket(shard().send_buffers(), framing(), kEcho, body, body.number % 30));
    room_->Push(&EchoRoom::Tell, body.sender, body.number);
    system_.CrowdNowAndThen(*room_);
    if (system_.server_hangs_up_ && system_.random_.Happens(0.01)) Disconnect(CloseKind::kOrderly);
  }
  void OnDisconnected(CloseReason, std::error_code) override {
    ++ended_;
    room_->Push(&EchoRoom::Leave, ref());
  }
  EchoSystem& system_;
  std::shared_ptr<EchoRoom> room_;
  std::uint32_t next_ = 0;
  int ended_ = 0;
};

/// Sends numbered packets, a few at a time, until it has had enough.
class EchoSystem::Client final : public PacketSession, private Timer {
 public:
  Client(EchoSystem& system, ClientService& service, std::uint32_t number)
      : PacketSession(service.session_options(), system.framing_),
        system_(system),
        service_(service),
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
      Send(MakeEchoPacket(shard().send_buffers(), framing(), kEcho, {number_, sent_++},
                          system_.random_.UpTo(30)));
    }
    if (left_ == 0) {
      Disconnect(system_.random_.Happens(0.3) ? CloseKind::kReset : CloseKind::kOrderly);
    } else if (IsOpen()) {
      shard().timers().Set(*this, now + std::chrono::microseconds(system_.random_.UpTo(20'000)));
    }
  }
  void OnPacket(const PacketView& packet) override {
    EchoBody body;
    if (!ParseEchoPacket(packet, body)) return system_.Fault("a client read a broken packet");
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
    shard().timers().Cancel(*this);
    const bool server_stays = !system_.server_hangs_up_ && !system_.stopping_;
    if (reason == CloseReason::kLocal && server_stays && next_echo_ != sent_) {
      system_.Fault("an orderly close lost echoes");
    }
    if (!system_.stopping_) system_.StartClient(service_);
  }
  EchoSystem& system_;
  ClientService& service_;
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

EchoSystem::Trouble EchoSystem::DrawTrouble(SimRandom& random) {
  return {.stalls = random.Happens(0.7),
          .slow_reader = random.Happens(0.5),
          .floods = random.Happens(0.25),
          .crowds = random.UpTo(1)};
}

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
          .attach_failure_probability = random.Happens(0.3) ? 0.1 : 0.0,
          .socket_buffer_bytes = one_of({64, 1000, 256 * 1024})};
}

EchoSystem::EchoSystem(std::uint64_t seed)
    : random_(seed),
      world_(DrawNetwork(seed)),
      server_group_(world_.AddProcess(1 + seed % 3)),
      client_group_(world_.AddProcess(2)),
      trouble_(DrawTrouble(random_)),
      server_(server_group_,
              [this](Shard&, const NetAddress&) { return std::make_unique<Connection>(*this); },
              {.session = {.queued_bytes_max = seed % 2 == 0 ? 1024U * 1024U : 8U * 1024U},
               .sessions_max = seed % 4 == 0 ? kClients - 1 : 1000}),
      clients_(client_group_.shard(0),
               {.session = {}, .connects_in_flight_max = 5, .on_waited = {}}),
      slow_client_(client_group_.shard(1), {}),
      server_hangs_up_(seed % 5 == 0) {
  for (std::uint32_t i = 0; i < kRooms; ++i) {
    const EchoRoomOptions options{.reciter = kFirstReciter + i,
                                  .tick = std::chrono::microseconds(1000 + random_.UpTo(20'000)),
                                  .empty_kept = std::chrono::microseconds(random_.UpTo(10'000)),
                                  .has_time = !trouble_.stalls};
    rooms_.push_back(
        std::make_shared<EchoRoom>(world_, server_group_, framing_, options,
                                   [this](std::string what) { Fault(std::move(what)); }));
  }
}

EchoSystem::~EchoSystem() = default;

void EchoSystem::StartClient(ClientService& service) {
  service.Connect(std::make_unique<Client>(*this, service, next_client_++), address_);
}

void EchoSystem::CrowdNowAndThen(EchoRoom& room) {
  if (trouble_.crowds == 0 || !random_.Happens(0.1)) return;
  // More than a slice of a queue; a flood makes the shard leave its sockets unread.
  const bool floods = std::exchange(trouble_.floods, false);
  room.PushMany(floods ? Shard::kWaitingMax + 1000 : 1100 + random_.UpTo(1000));
  --trouble_.crowds;
}

void EchoSystem::DisturbTheNetwork() {
  if (random_.Happens(0.2)) world_.network().ResetAll();
  if (random_.Happens(0.3)) {
    world_.network().Pause(address_);
  } else {
    world_.network().Resume(address_);
  }
  if (trouble_.stalls && random_.Happens(0.3)) world_.Spend(server_group_.shard(0), 10ms);
  if (trouble_.slow_reader && random_.Happens(0.5)) world_.Spend(client_group_.shard(1), 40ms);
}

void EchoSystem::Run() {
  address_ = server_.Start(NetAddress::Ipv4({10, 0, 0, 1}, 7777)).value();
  driver_ = std::make_unique<Driver>(*this);
  client_group_.shard(0).Post([this] {
    for (std::size_t i = 1; i < kClients; ++i) StartClient(clients_);
  });
  client_group_.shard(1).Post([this] { StartClient(slow_client_); });
  world_.RunFor(100ms);
  stopping_ = true;
  driver_.reset();
  world_.network().Resume(address_);
  server_.Stop();
  for (const auto& room : rooms_) room->ExpectNoMoreTimers();
  world_.Close();  // asserts that handles, messages, jobs and chunks are all gone
  CheckNothingIsLeft();
}

void EchoSystem::CheckNothingIsLeft() {
  if (alive_ != 0) Fault(std::to_string(alive_) + " sessions were leaked");
  if (server_.session_count() != 0) Fault("the server's service miscounts");
  for (const ClientService* service : {&clients_, &slow_client_}) {
    if (service->session_count() != 0) Fault("a client's service miscounts");
    if (service->connects_in_flight() != 0) Fault("the limit of connects in flight leaks");
  }
  for (const auto& room : rooms_) room->CheckNothingIsLeft();
}

simulation::SeedResult EchoSystem::Result() const {
  const ShardCounters core = server_group_.counters().shards;
  EchoRoom::Counts rooms;
  for (const auto& room : rooms_) {
    rooms.ticks += room->counts().ticks;
    rooms.closed += room->counts().closed;
    rooms.taken_over += room->counts().taken_over;
  }
  return {.faults = faults_,
          .trace_hash = world_.trace_hash(),
          .seen = {{"client connected", counts_.connected},
                   {"echo", counts_.echoes},
                   {"broadcast heard", counts_.broadcasts},
                   {"send copied for a slow reader", core.copied_sends},
                   {"read held back", core.held_reads},
                   {"attach failed", server_.failed_to_attach()},
                   {"room ticked", rooms.ticks},
                   {"empty room closed", rooms.closed},
                   {"room with many jobs taken over by another shard", rooms.taken_over}}};
}

}  // namespace servercore::testing

simulation::SeedResult simulation::RunEchoSeed(std::uint64_t seed) {
  servercore::testing::EchoSystem system(seed);
  system.Run();
  return system.Result();
}
