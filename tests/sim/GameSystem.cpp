#include "tests/sim/GameSystem.h"

#include <chrono>
#include <numeric>

#include "ServerCore/Assert.h"
#include "StressBot/scenario/ScenarioFile.h"

namespace simulation {

using namespace std::chrono_literals;
using reference::ServerTotals;
using servercore::CloseReason;
using servercore::NetAddress;
using servercore::SimOptions;
using servercore::SimRandom;

namespace {

const NetAddress kServer = NetAddress::Ipv4({10, 0, 0, 1}, 0);
const std::vector<NetAddress> kBotHosts{NetAddress::Ipv4({10, 0, 1, 1}, 0),
                                        NetAddress::Ipv4({10, 0, 1, 2}, 0)};

/// Of simulated time, far beyond every time-out: bots that still run then will never end.
constexpr auto kRunMax = 60s;
/// Beyond the drain times of both sides.
constexpr auto kAfterwards = 5s;

template <typename T>
T OneOf(SimRandom& random, std::initializer_list<T> values) {
  return values.begin()[random.UpTo(values.size() - 1)];
}

std::chrono::milliseconds Between(SimRandom& random, std::uint64_t least, std::uint64_t most) {
  return std::chrono::milliseconds(least + random.UpTo(most - least));
}

stressbot::Distribution Uniform(std::chrono::nanoseconds least, std::chrono::nanoseconds most) {
  return {stressbot::Distribution::Kind::kUniform, static_cast<double>(least.count()),
          static_cast<double>(most.count())};
}

const stressbot::Program& ShippedProgram() {
  static const std::shared_ptr<const stressbot::Program> kProgram = [] {
    stressbot::Diagnostics errors;
    const auto scenario = stressbot::LoadScenario(
        STRESSBOT_SOURCE_DIR "/scenarios/login_enter_chat.json", {}, errors);
    SC_ASSERT(scenario);
    return scenario->program;
  }();
  return *kProgram;
}

}  // namespace

SimOptions GameSystem::DrawNetwork(SimRandom& random) {
  SimOptions options;
  options.seed = random.Next();
  options.latency_min = OneOf(random, {0us, 50us, 1000us});
  options.latency_max = OneOf(random, {1000us, 3000us, 20'000us});
  options.read_bytes_max = OneOf<std::size_t>(random, {0, 0, 0, 3, 100});
  options.send_bytes_max = OneOf<std::size_t>(random, {0, 0, 5, 64});
  options.short_read_probability = 0.2;
  options.short_send_probability = 0.2;
  options.spurious_readable_probability = 0.1;
  options.connect_refused_probability = OneOf(random, {0.0, 0.05});
  options.accept_failure_probability = OneOf(random, {0.0, 0.05});
  options.socket_buffer_bytes = OneOf<std::size_t>(random, {64, 300, 300, 256 * 1024});
  return options;
}

reference::ServerOptions GameSystem::DrawServer() {
  reference::ServerOptions options;
  options.listen = kServer.WithPort(7777);
  options.shards = server_group_.size();
  options.room_size = OneOf<std::size_t>(random_, {2, 5, 50});
  options.sessions_max = OneOf<std::size_t>(random_, {4, 1000, 1000});
  options.queued_bytes_max = OneOf<std::size_t>(random_, {100, 200, 300, 1024 * 1024});
  options.idle_timeout = OneOf(random_, {0ms, 60ms, 120ms});
  return options;
}

stressbot::Program GameSystem::DrawProgram() {
  stressbot::Program program = ShippedProgram();
  program.seed = random_.Next();
  program.servers.front().address = address_;
  stressbot::Group& group = program.groups.front();
  const auto bots = static_cast<std::uint32_t>(4 + random_.UpTo(6));
  group.stages = {{Between(random_, 0, 300), bots}, {Between(random_, 300, 1000), bots}};
  group.graceful_stop = Between(random_, 0, 500);
  group.retry.after = 20ms;
  group.retry.max = 200ms;
  group.churn->lifetime = Uniform(100ms, 2s);
  group.churn->reset_share = OneOf(random_, {0.0, 0.3});
  group.churn->away = Uniform(0ms, 200ms);
  for (auto& repeat : group.flow.repeats) repeat.every = Between(random_, 20, 150);
  for (auto& connect : group.flow.connects) connect.timeout = OneOf(random_, {200ms, 5000ms});
  for (auto& request : group.flow.requests) request.timeout = OneOf(random_, {200ms, 5000ms});
  return program;
}

GameSystem::GameSystem(std::uint64_t seed)
    : random_(seed),
      world_(DrawNetwork(random_)),
      server_group_(world_.AddProcess(1 + random_.UpTo(2))),
      bot_group_(world_.AddProcess(1 + random_.UpTo(2))),
      database_group_(world_.AddProcess(1)),
      trouble_{.reset_share = OneOf(random_, {0.0, 0.0, 0.2, 1.0}),
               .pauses = random_.Happens(0.5),
               .stalls = random_.Happens(0.5)},
      accounts_(reference::AccountDatabase::InMemory(),
                [&shard = database_group_.shard(0)](servercore::Task task) {
                  shard.Post(std::move(task));
                }),
      game_(server_group_, accounts_, DrawServer()),
      address_(game_.Start().value()),
      program_(DrawProgram()),
      metrics_(program_, bot_group_.size(), catalog_),
      totals_(catalog_),
      run_(bot_group_, program_, catalog_, metrics_,
           {.source_addresses = kBotHosts, .connects_in_flight_max = 1 + random_.UpTo(3)}) {
  world_.network().SetTap([this](GameWire::EndId reader, std::span<const std::byte> bytes) {
    wire_.OnRead(reader, bytes);
  });
  if (random_.Happens(0.5)) ChargeCpu(server_group_);
  if (random_.Happens(0.5)) ChargeCpu(bot_group_);
  world_.SetCpu(database_group_.shard(0),
                {.per_turn = OneOf(random_, {0ms, 5ms, 50ms}), .per_event = 0ms});
}

void GameSystem::ChargeCpu(servercore::ShardGroup& group) {
  for (std::size_t i = 0; i < group.size(); ++i) {
    world_.SetCpu(group.shard(i), {.per_turn = std::chrono::microseconds(random_.UpTo(100)),
                                   .per_event = std::chrono::microseconds(random_.UpTo(20))});
  }
}

SeedResult GameSystem::Run() {
  RunBots();
  world_.RunFor(kAfterwards);
  ServerTotals server;
  for (std::size_t i = 0; i < server_group_.size(); ++i) game_.AddShard(i, server);
  game_.AddShared(server);
  game_.Stop();
  world_.Close();  // asserts that handles, events, messages, jobs and chunks are all gone
  world_.RunFor(kAfterwards);

  CheckBots();
  CheckServer(server);
  CheckBothCountTheSame(server);
  CheckTimersAreGone(server_group_);
  CheckTimersAreGone(bot_group_);
  SeedResult result{.faults = wire_.faults(), .trace_hash = world_.trace_hash(), .seen = {}};
  result.faults.insert(result.faults.end(), faults_.begin(), faults_.end());
  TellWhatHappened(server, result);
  return result;
}

void GameSystem::RunBots() {
  run_.Start();
  const auto until = world_.Now() + kRunMax;
  const auto finished = [this] { return run_.Finished(); };
  while (!world_.RunUntil(finished, Between(random_, 0, 100)) && world_.Now() < until) {
    CheckNothingIsStuck(server_group_);
    CheckNothingIsStuck(bot_group_);
    Disturb();
    TakeMetrics();
  }
  ResumeAll();
  if (!run_.Finished()) {
    Fault("the bots do not end");
    run_.RequestStop(0ns);
    SC_ASSERT(world_.RunUntil(finished, kRunMax));
  }
  TakeMetrics();
}

void GameSystem::Disturb() {
  if (random_.Happens(0.3)) ResumeAll();
  if (random_.Happens(0.1)) world_.network().ResetSome(trouble_.reset_share);
  if (trouble_.pauses && random_.Happens(0.2)) {
    paused_.push_back(OneOf(random_, {kServer, kBotHosts.front(), kBotHosts.back()}));
    world_.network().Pause(paused_.back());
  }
  if (trouble_.stalls && random_.Happens(0.2)) {
    servercore::ShardGroup& group = random_.Happens(0.5) ? server_group_ : bot_group_;
    world_.Spend(group.shard(random_.UpTo(group.size() - 1)), Between(random_, 1, 400));
  }
}

void GameSystem::ResumeAll() {
  for (const NetAddress& host : paused_) world_.network().Resume(host);
  paused_.clear();
}

void GameSystem::TakeMetrics() {
  while (auto interval = run_.TakeInterval()) {
    totals_.Add(*interval);
    run_.GiveBack(std::move(interval->frame));
  }
}

void GameSystem::Expect(bool holds, const std::string& what) {
  if (!holds) Fault(what);
}

void GameSystem::ExpectEqual(std::uint64_t a, std::uint64_t b, const std::string& what) {
  if (a != b) Fault(what + ": " + std::to_string(a) + " and " + std::to_string(b));
}

std::uint64_t GameSystem::Count(std::string_view metric, const stressbot::Tags& tags) const {
  return stressbot::Select(catalog_, totals_.whole(), metric, tags).count;
}

/// What the bots say must agree with itself.
void GameSystem::CheckBots() {
  const auto failed = stressbot::Select(catalog_, totals_.whole(), "requests_failed", {}).rate;
  ExpectEqual(Count("requests"), failed.total + Count("requests_abandoned"),
              "each request has one end");
  ExpectEqual(Count("packets_sent"), Count("session_packets_sent"),
              "packets sent, and sent by sessions that ended");
  ExpectEqual(Count("packets_received"), Count("session_packets_received"),
              "packets received, and received by sessions that ended");
  ExpectEqual(Count("packets_invalid"), 0, "invalid packets");
}

/// Every bot has gone, so the server must know of nobody.
void GameSystem::CheckServer(const ServerTotals& server) {
  ExpectEqual(server.open.sessions, 0, "sessions that the server keeps, and bots");
  ExpectEqual(server.players, 0, "players that the server keeps");
  ExpectEqual(server.rooms, 0, "rooms that the server keeps");
  const auto& endings = server.ended.endings;
  ExpectEqual(std::accumulate(endings.begin(), endings.end(), std::uint64_t{0}), server.accepted,
              "sessions that ended, and were accepted");
  ExpectEqual(server.ended.ended_in_order.sessions + server.ended.ended_otherwise.sessions,
              server.accepted, "sessions with counts, and accepted");
  // A bot that was reset may be back before the server knows that it went: then it takes its name
  // over, and what the server still reads of the old connection is refused. Nothing else is.
  const auto& refusals = server.ended.refusals;
  if (server.ended.refused(reference::Refusal::kTakenOver) == 0) {
    ExpectEqual(std::accumulate(refusals.begin(), refusals.end(), std::uint64_t{0}), 0, "refusals");
  }
  ExpectEqual(server.accounts.waiting + server.accounts.failed + server.accounts.refused, 0,
              "accounts that wait or failed");
}

void GameSystem::CheckBothCountTheSame(const ServerTotals& server) {
  Expect(Count("sessions_ended") <= server.accepted + server.refused_full,
         "bots were connected that the server never saw");
  Expect(server.packets_received() <= Count("packets_sent"), "the server read what no bot sent");
  Expect(Count("packets_received") <= server.packets_sent(),
         "bots read what the server never sent");

  // A connection may end in order for one side and not for the other only if it broke, or if
  // somebody lost patience, on its last way.
  const auto timeouts = Count("sessions_ended", {{"how", "timeout"}}) +
                        server.ended.ended(CloseReason::kDrainTimeout) +
                        server.ended.ended(CloseReason::kIdle);
  both_ends_agree_ = trouble_.reset_share == 0 && timeouts == 0;
  if (!both_ends_agree_) return;
  const stressbot::Tags in_order{{"how", "orderly"}};
  const auto& at_server = server.ended.ended_in_order;
  ExpectEqual(Count("sessions_ended", in_order), at_server.sessions,
              "sessions that ended in order for bots and server");
  ExpectEqual(Count("session_packets_sent", in_order), reference::Sum(at_server.received),
              "sent by bots and received by the server, in order");
  ExpectEqual(Count("session_packets_received", in_order), reference::Sum(at_server.sent),
              "received by bots and sent by the server, in order");
}

void GameSystem::CheckNothingIsStuck(servercore::ShardGroup& group) {
  for (std::size_t i = 0; i < group.size(); ++i) {
    group.shard(i).ForEachSession([this](const servercore::Session& session) {
      Expect(!session.IsStuck(), "bytes are queued that nobody sends");
    });
  }
}

void GameSystem::CheckTimersAreGone(servercore::ShardGroup& group) {
  for (std::size_t i = 0; i < group.size(); ++i) {
    ExpectEqual(group.shard(i).timers().size(), 0, "timers that are left on a shard");
  }
}

void GameSystem::TellWhatHappened(const ServerTotals& server, SeedResult& to) const {
  const auto& ended = server.ended;
  to.seen = {
      {"chats heard", wire_.chats_heard()},
      {"ended in order", ended.ended_in_order.sessions},
      {"reset", ended.ended(CloseReason::kPeerReset)},
      {"reader too slow", ended.ended(CloseReason::kQueueFull)},
      {"idle", ended.ended(CloseReason::kIdle)},
      {"beyond sessions_max", server.refused_full},
      {"accepting paused", server.accept_pauses},
      {"send for a session that was gone", server.core.shards.stale_sends},
      {"request abandoned", Count("requests_abandoned")},
      {"counts agree at both ends", both_ends_agree_ ? ended.ended_in_order.sessions : 0},
  };
}

SeedResult RunGameSeed(std::uint64_t seed) { return GameSystem(seed).Run(); }

}  // namespace simulation
