#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "StressBot/metrics/BuiltinMetrics.h"
#include "tests/engine/SimRun.h"

/// Every built-in metric is filled by some run, with the tags that documents promise.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;

/// Those that a simulated run of these few cannot fill, and what shows that they are filled.
const std::map<std::string_view, std::string_view>& FilledElsewhere() {
  static const std::map<std::string_view, std::string_view> elsewhere{
      {"generator_cpu", "simulated shards use no measurable time: e2e Reports"},
      {"generator_memory", "set by the program: e2e Reports"},
      {"server_up", "a process that the program watches: e2e Reports"},
      {"server_cpu", "as server_up"},
      {"server_memory", "as server_up"},
      {"server_handles", "as server_up"},
      {"server_threads", "as server_up"},
      {"scraped", "an endpoint that the program asks: ScraperTest, e2e Scrape"},
      {"scrapes_failed", "as scraped"},
      {"connects_failed", "its reasons: ConnectionTest"},
      {"dropped_iterations", "arrivals without a free bot"},
      {"hostile_outcomes", "a hostile step: HostileTest"},
      {"fanout_delay", "an audience"},
      {"fanout_delivered", "an audience"},
      {"fanout_unjudged", "an audience"},
      {"drops_excused", "an event that excuses: EventTest"},
      {"connects_excused", "an event that excuses: EventTest"},
  };
  return elsewhere;
}

/// Metrics that had data so far, and the tags that their series had.
class Filled {
 public:
  void Add(const SimRun& run) {
    const MetricsCatalog& catalog = run.catalog();
    const Timeline& timeline = run.metrics().timeline();
    const auto add = [this](const std::vector<Series>& all, auto&& has_data) {
      for (std::uint32_t i = 0; i < all.size(); ++i) {
        if (!has_data(i)) continue;
        for (const auto& [name, value] : all[i].tags) tags_[all[i].metric].insert(name);
      }
    };
    add(catalog.trends(), [&](auto i) { return !timeline.trend(TrendId{i}).empty(); });
    add(catalog.counters(), [&](auto i) { return !timeline.counter(CounterId{i}).empty(); });
    add(catalog.rates(), [&](auto i) { return !timeline.rate(RateId{i}).empty(); });
    add(catalog.gauges(), [&](auto i) { return !timeline.gauge(GaugeId{i}).empty(); });
  }
  /// With a blank between, in the order of the alphabet.
  std::string TagsOf(std::string_view metric) const {
    const auto found = tags_.find(std::string(metric));
    std::string text;
    if (found == tags_.end()) return "no data";
    for (const std::string& tag : found->second) text += (text.empty() ? "" : " ") + tag;
    return text;
  }

 private:
  std::map<std::string, std::set<std::string>> tags_;
};

std::string InOrder(std::string_view tags) {
  std::set<std::string> sorted;
  for (std::size_t from = 0; from < tags.size();) {
    const std::size_t to = std::min(tags.find(' ', from), tags.size());
    sorted.insert(std::string(tags.substr(from, to - from)));
    from = to + 1;
  }
  std::string text;
  for (const std::string& tag : sorted) text += (text.empty() ? "" : " ") + tag;
  return text;
}

void RunDayWithChurn(Filled& filled) {
  Group group = Constant(LoginEnterChat(), 10, 30s);
  group.churn = Churn{Between(3s, 20s), 0.5, Exactly(500ms)};
  SimRun run(ProgramOf({group}));
  run.Start();
  ASSERT_TRUE(run.Finish());
  filled.Add(run);
}

/// Two refusals, a lost connection and its return, a packet nobody knows, a reply after its
/// time-out while the next pass is due.
void RunBadDay(Filled& filled) {
  FlowBuilder flow = Flow();
  Asked login = Login();
  login.timeout = 7s;
  login.on_fail = OnFail::kContinue;
  flow.Connect().Repeat(UntilStop(1s), [&login](FlowBuilder& body) { body.Request(login); });
  Group group = Constant(flow.Build(), 2, 40s);
  group.retry = {.after = 1s, .factor = 1, .max = 1s, .jitter = 0};
  SimRun run(ProgramOf({group}));
  int packets = 0;
  run.server().on_packet = [&](ScriptedServer::Peer& peer, auto&&...) {
    ++packets;
    if (packets == 3) peer.SendBytes(std::string_view("\x05\x00\x67\x12x", 5));
    if (packets == 5) peer.Disconnect(servercore::CloseKind::kReset);
    if (packets != 12) return false;
    run.server().After(
        8s, [&run, ref = peer.ref()] { run.server().SendTo(ref, "S_LOGIN", Wire().Number(1, 1)); });
    return true;
  };
  run.Start();
  run.RunFor(30s);
  run.server().StopListening();
  run.server().After(0ns, [&run] {
    const std::vector<ScriptedServer::Peer*> open = run.server().open();
    for (ScriptedServer::Peer* peer : open) peer->Disconnect(servercore::CloseKind::kReset);
  });
  ASSERT_TRUE(run.Finish());
  filled.Add(run);
}

void RunCutShort(Filled& filled) {
  SimRun run(ProgramOf({Constant(Flow().Connect().Request(Login()).Build(), 1, 10s)}));
  run.server().on_packet = [](auto&&...) { return true; };
  run.Start();
  run.RunFor(1s);
  run.load().RequestStop(0ns);
  ASSERT_TRUE(run.Finish());
  filled.Add(run);
}

TEST(BuiltinSeriesTest, EachBuiltinMetricIsFilledWithItsTags) {
  Filled filled;
  RunDayWithChurn(filled);
  RunBadDay(filled);
  RunCutShort(filled);
  for (const BuiltinMetric& metric : BuiltinMetrics()) {
    if (FilledElsewhere().contains(metric.name)) continue;
    EXPECT_EQ(filled.TagsOf(metric.name), InOrder(metric.tags)) << metric.name;
  }
}

}  // namespace
}  // namespace stressbot::testing
