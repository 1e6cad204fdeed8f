#include "StressBot/engine/EngineMetrics.h"

#include <algorithm>
#include <string>

namespace stressbot {

namespace {

/// Registers one series for each of `names`, consecutively, and returns the first.
template <typename Names>
CounterId CountersFor(MetricsCatalog& catalog, std::string_view metric, const Tags& tags,
                      std::string_view tag, const Names& names) {
  CounterId first;
  bool is_first = true;
  for (const auto& name : names) {
    Tags with = tags;
    with.emplace_back(tag, name);
    const CounterId id = catalog.Counter(metric, std::move(with));
    if (is_first) first = id;
    is_first = false;
  }
  return first;
}

Tags With(Tags tags, std::initializer_list<std::pair<std::string, std::string>> more) {
  tags.insert(tags.end(), more);
  return tags;
}

std::vector<RateId> RegisterChecks(MetricsCatalog& catalog, const std::string& group,
                                   const std::string& step, const std::vector<Check>& checks) {
  std::vector<RateId> ids;
  ids.reserve(checks.size());
  for (const Check& check : checks) {
    ids.push_back(
        catalog.Rate("checks", {{"group", group}, {"step", step}, {"check", check.name}}));
  }
  return ids;
}

/// One for those that succeed, and one for each reason behind it.
RateId RegisterFailures(MetricsCatalog& catalog, const Tags& tags) {
  constexpr std::array<const char*, kRequestFailures> kReasons{
      "timeout", "fail-on", "lost", "undecodable", "missing", "not-sent"};
  const RateId first = catalog.Rate("requests_failed", tags);
  for (const char* reason : kReasons) {
    catalog.Rate("requests_failed", With(tags, {{"reason", reason}}));
  }
  return first;
}

StepMetrics RegisterRequest(MetricsCatalog& catalog, const std::string& group,
                            const RequestStep& step, const Server& server) {
  const Tags tags{{"group", group},
                  {"flow", step.flow},
                  {"step", step.name},
                  {"packet", server.protocol->packet(step.send.packet).name},
                  {"server", server.name}};
  if (!step.alias.empty()) catalog.Alias(step.alias, "request_duration", {{"step", step.name}});
  StepMetrics metrics;
  metrics.duration = catalog.Trend("request_duration", tags);
  metrics.service_time = catalog.Trend("request_service_time", tags);
  metrics.requests = catalog.Counter("requests", tags);
  metrics.failed = RegisterFailures(catalog, tags);
  metrics.abandoned = catalog.Counter("requests_abandoned", tags);
  metrics.omitted = catalog.Counter("requests_omitted", tags);
  for (std::size_t part = 0; part < step.Parts(); ++part) {
    const auto checks = RegisterChecks(catalog, group, step.name, step.Part(part).checks);
    metrics.checks.insert(metrics.checks.end(), checks.begin(), checks.end());
  }
  return metrics;
}

RateId RegisterFailed(MetricsCatalog& catalog, const std::string& group, const std::string& flow,
                      const std::string& step, const Server& server, PacketIndex packet) {
  return RegisterFailures(catalog, {{"group", group},
                                    {"flow", flow},
                                    {"step", step},
                                    {"packet", server.protocol->packet(packet).name},
                                    {"server", server.name}});
}

StepMetrics RegisterExpect(MetricsCatalog& catalog, const std::string& group,
                           const ExpectStep& step, const Server& server) {
  StepMetrics metrics;
  metrics.failed = RegisterFailed(catalog, group, step.flow, step.name, server, step.expect.packet);
  metrics.checks = RegisterChecks(catalog, group, step.name, step.expect.checks);
  return metrics;
}

HostileMetrics RegisterHostile(MetricsCatalog& catalog, const std::string& group,
                               const HostileStep& step, const Server& server) {
  constexpr std::array<const char*, kHostileOutcomes> kOutcomes{"closed", "ignored", "replied"};
  const Tags tags{{"group", group}, {"step", step.name}};
  HostileMetrics metrics;
  metrics.failed =
      RegisterFailures(catalog, With(tags, {{"flow", step.flow}, {"server", server.name}}));
  if (step.expected == 0) return metrics;
  metrics.check = catalog.Rate("checks", With(tags, {{"check", step.check}}));
  for (std::size_t i = 0; i < kHostileOutcomes; ++i) {
    metrics.outcomes[i] = catalog.Counter(
        "hostile_outcomes", With(tags, {{"server", server.name}, {"outcome", kOutcomes[i]}}));
  }
  return metrics;
}

void RegisterEndings(MetricsCatalog& catalog, const Tags& tags, ServerMetrics& metrics) {
  struct Named {
    const char *by, *how;
  };
  constexpr std::array<Named, kEndings> kNamed{{{"us", "orderly"},
                                                {"us", "reset"},
                                                {"us", "timeout"},
                                                {"server", "orderly"},
                                                {"server", "reset"},
                                                {"none", "timeout"}}};
  constexpr std::array<const char*, kEndReasons> kReasons{
      "-", "end", "failure", "cut", "stop", "step", "bad-packet", "queue-full"};
  for (std::size_t i = 0; i < kEndings; ++i) {
    const auto is_by_us = std::string_view(kNamed[i].by) == "us";
    for (std::size_t reason = 0; reason < kEndReasons; ++reason) {
      // An ending by the server has no reason that we know, except that it does not read.
      const auto kind = static_cast<EndReason>(reason);
      const bool has_own = is_by_us ? kind != EndReason::kNone && kind != EndReason::kQueueFull
                                    : kind == EndReason::kQueueFull && i + 1 == kEndings;
      metrics.ended[i][reason] = catalog.Counter(
          "sessions_ended", With(tags, {{"by", kNamed[i].by},
                                        {"how", kNamed[i].how},
                                        {"reason", has_own ? kReasons[reason] : "-"}}));
    }
  }
  constexpr std::array<const char*, kEndingClasses> kClasses{"orderly", "reset", "other"};
  for (std::size_t i = 0; i < kEndingClasses; ++i) {
    const Tags with = With(tags, {{"how", kClasses[i]}});
    metrics.session_packets_sent[i] = catalog.Counter("session_packets_sent", with);
    metrics.session_packets_received[i] = catalog.Counter("session_packets_received", with);
  }
}

constexpr std::array<const char*, kDropKinds> kDropKindNames{"closed", "reset", "timeout"};

/// The names of the steps that can be waiting for a server, in the order of Bot::StepNumberOf.
std::vector<std::string> WaitingSteps(const FlowProgram& flow) {
  std::vector<std::string> steps{"-"};
  for (const RequestStep& step : flow.requests) steps.push_back(step.name);
  for (const ExpectStep& step : flow.expects) steps.push_back(step.name);
  for (const HostileStep& step : flow.hostiles) steps.push_back(step.name);
  return steps;
}

/// For each kind the series of each step.
std::array<std::vector<CounterId>, kDropKinds> RegisterDrops(MetricsCatalog& catalog,
                                                             const Tags& tags,
                                                             const FlowProgram& flow) {
  const std::vector<std::string> steps = WaitingSteps(flow);
  std::array<std::vector<CounterId>, kDropKinds> dropped;
  for (std::size_t kind = 0; kind < kDropKinds; ++kind) {
    for (const std::string& step : steps) {
      dropped[kind].push_back(catalog.Counter(
          "bots_dropped", With(tags, {{"how", kDropKindNames[kind]}, {"step", step}})));
    }
  }
  return dropped;
}

bool ExcusesAnything(const Program& program) {
  return std::any_of(program.events.begin(), program.events.end(),
                     [](const Event& event) { return event.excuses > Nanoseconds::zero(); });
}

void RegisterExcused(MetricsCatalog& catalog, const Tags& tags, ServerMetrics& metrics) {
  for (std::size_t kind = 0; kind < kDropKinds; ++kind) {
    metrics.drops_excused[kind] =
        catalog.Counter("drops_excused", With(tags, {{"how", kDropKindNames[kind]}}));
  }
  metrics.connects_excused = catalog.Counter("connects_excused", tags);
}

ServerMetrics RegisterServer(MetricsCatalog& catalog, const std::string& group,
                             const Server& server, const FlowProgram& flow) {
  const Tags tags{{"group", group}, {"server", server.name}};
  std::vector<std::string> packets;
  for (const PacketType& packet : server.protocol->packets()) packets.push_back(packet.name);
  ServerMetrics metrics;
  metrics.connect_duration = catalog.Trend("connect_duration", tags);
  metrics.recovery_duration = catalog.Trend("recovery_duration", tags);
  metrics.connected = catalog.Rate("connects_failed", tags);
  constexpr std::array<const char*, kConnectFailures> kReasons{"refused", "timeout", "target",
                                                               "local", "other"};
  for (std::size_t i = 0; i < kConnectFailures; ++i) {
    metrics.connects_failed[i] =
        catalog.Rate("connects_failed", With(tags, {{"reason", kReasons[i]}}));
  }
  metrics.packets_sent = CountersFor(catalog, "packets_sent", tags, "packet", packets);
  metrics.packets_received = CountersFor(catalog, "packets_received", tags, "packet", packets);
  metrics.packets_unhandled = CountersFor(catalog, "packets_unhandled", tags, "packet", packets);
  metrics.data_sent = catalog.Counter("data_sent", tags);
  metrics.data_received = catalog.Counter("data_received", tags);
  packets.insert(packets.begin(), "-");  // see OfPacket
  metrics.packets_late = CountersFor(catalog, "packets_late", tags, "packet", packets);
  metrics.packets_invalid = CountersFor(catalog, "packets_invalid", tags, "packet", packets);
  metrics.dropped = RegisterDrops(catalog, tags, flow);
  RegisterEndings(catalog, tags, metrics);
  return metrics;
}

std::vector<FanOutMetrics> RegisterFanOuts(MetricsCatalog& catalog, const Program& program,
                                           const Group& group) {
  std::vector<FanOutMetrics> metrics;
  if (group.flow.fanout_rule == kNone16) return metrics;
  for (const FanOut& fanout : program.fanouts) {
    const Tags tags{{"group", group.name}, {"step", fanout.step}};
    metrics.push_back({catalog.Trend("fanout_delay", tags), catalog.Rate("fanout_delivered", tags),
                       catalog.Counter("fanout_unjudged", tags)});
  }
  return metrics;
}

bool RequestsAnything(const Program& program) {
  return std::any_of(program.groups.begin(), program.groups.end(), [](const Group& group) {
    return !group.flow.requests.empty() || !group.flow.expects.empty();
  });
}

GroupMetrics RegisterGroup(MetricsCatalog& catalog, const Program& program, const Group& group) {
  constexpr std::array<const char*, kBotStates> kStateNames{"dormant", "connecting", "active",
                                                            "ending", "away"};
  const FlowProgram& flow = group.flow;
  GroupMetrics metrics;
  for (const RequestStep& step : flow.requests) {
    metrics.requests.push_back(
        RegisterRequest(catalog, group.name, step, program.servers[step.send.server]));
  }
  for (const ExpectStep& step : flow.expects) {
    metrics.expects.push_back(
        RegisterExpect(catalog, group.name, step, program.servers[step.expect.server]));
  }
  for (const SendStep& step : flow.sends) {
    metrics.sends_failed.push_back(RegisterFailed(catalog, group.name, step.flow, step.name,
                                                  program.servers[step.send.server],
                                                  step.send.packet));
  }
  for (const ListenStep& step : flow.listens) {
    metrics.listens_failed.push_back(RegisterFailed(catalog, group.name, step.flow, step.name,
                                                    program.servers[step.incoming.server],
                                                    step.incoming.packet));
  }
  for (const HostileStep& step : flow.hostiles) {
    metrics.hostiles.push_back(
        RegisterHostile(catalog, group.name, step, program.servers[step.server]));
  }
  for (const RendezvousStep& step : flow.rendezvous) {
    metrics.rendezvous_failed.push_back(RegisterFailures(
        catalog, {{"group", group.name}, {"flow", step.flow}, {"step", step.name}}));
  }
  metrics.sends_are_samples = !RequestsAnything(program);
  metrics.fanouts = RegisterFanOuts(catalog, program, group);
  for (const Server& server : program.servers) {
    metrics.servers.push_back(RegisterServer(catalog, group.name, server, flow));
    if (ExcusesAnything(program)) {
      RegisterExcused(catalog, {{"group", group.name}, {"server", server.name}},
                      metrics.servers.back());
    }
  }
  const Tags tags{{"group", group.name}};
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    metrics.iterations[i] = catalog.Counter(
        "iterations", With(tags, {{"flow", flow.name}, {"outcome", kOutcomeNames[i]}}));
  }
  metrics.iteration_duration =
      catalog.Trend("iteration_duration", With(tags, {{"flow", flow.name}}));
  metrics.load_delivered = catalog.Rate("load_delivered", tags);
  if (group.arrivals || group.iterations > 0)
    metrics.dropped_iterations = catalog.Counter("dropped_iterations", tags);
  for (std::size_t i = 0; i < kBotStates; ++i) {
    if (static_cast<BotState>(i) == BotState::kActive) continue;
    metrics.bots[i] = catalog.Gauge("bots", With(tags, {{"state", kStateNames[i]}}));
  }
  std::vector<std::string> steps = WaitingSteps(flow);
  for (const RendezvousStep& step : flow.rendezvous) steps.push_back(step.name);
  for (const std::string& step : steps) {
    metrics.bots_in_step.push_back(
        catalog.Gauge("bots", With(tags, {{"state", "active"}, {"step", step}})));
  }
  for (const RequestStep& step : flow.requests) {
    metrics.bots_silent.push_back(catalog.Gauge("bots_silent", With(tags, {{"step", step.name}})));
  }
  return metrics;
}

}  // namespace

WatchedServerMetrics::WatchedServerMetrics(const std::string& server, MetricsCatalog& catalog) {
  const Tags tags{{"server", server}};
  up = catalog.Gauge("server_up", tags);
  cpu = catalog.Gauge("server_cpu", tags);
  memory = catalog.Gauge("server_memory", tags);
  handles = catalog.Gauge("server_handles", tags);
  threads = catalog.Gauge("server_threads", tags);
}

EngineMetrics::EngineMetrics(const Program& program, std::size_t shards, MetricsCatalog& catalog) {
  for (const Group& group : program.groups)
    groups.push_back(RegisterGroup(catalog, program, group));
  for (std::size_t i = 0; i < shards; ++i) {
    const Tags tags{{"shard", std::to_string(i)}};
    lateness.push_back(catalog.Trend("generator_lateness", tags));
    generator_cpu.push_back(catalog.Gauge("generator_cpu", tags));
  }
  generator_memory = catalog.Gauge("generator_memory", {});
  for (const Server& server : program.servers) servers.emplace_back(server.name, catalog);
}

}  // namespace stressbot
