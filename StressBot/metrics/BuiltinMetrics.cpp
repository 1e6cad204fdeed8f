#include "StressBot/metrics/BuiltinMetrics.h"

#include <algorithm>
#include <array>

#include "StressBot/metrics/Suggestion.h"

namespace stressbot {

namespace {

constexpr auto kTrend = MetricKind::kTrend;
constexpr auto kCounter = MetricKind::kCounter;
constexpr auto kRate = MetricKind::kRate;
constexpr auto kGauge = MetricKind::kGauge;
constexpr std::string_view kOfRequests = "group flow step packet server";

constexpr std::array kBuiltins{
    BuiltinMetric{"connect_duration", kTrend, "ns", "group server",
                  "from when the connect was due to established"},
    BuiltinMetric{"connects_failed", kRate, "1", "group server reason",
                  "failed attempts, of all attempts to connect"},
    BuiltinMetric{"request_duration", kTrend, "ns", kOfRequests,
                  "from when the step was due to its matched reply; time-outs at their age"},
    BuiltinMetric{"request_service_time", kTrend, "ns", kOfRequests, "from sent to reply"},
    BuiltinMetric{"requests", kCounter, "1", kOfRequests, "requests sent"},
    BuiltinMetric{"requests_failed", kRate, "1", "group flow step packet server reason",
                  "timed out, failOn, lost connection, undecodable ..., of requests that ended"},
    BuiltinMetric{"requests_abandoned", kCounter, "1", kOfRequests,
                  "open when churn, an event or the stop cut them"},
    BuiltinMetric{"requests_omitted", kCounter, "1", kOfRequests,
                  "due, but never sent, because the bot was still blocked"},
    BuiltinMetric{"checks", kRate, "1", "group step check", "comparisons of check keys that held"},
    BuiltinMetric{"hostile_outcomes", kCounter, "1", "group step server outcome",
                  "what servers did about hostile steps: closed, ignored or replied"},
    BuiltinMetric{"iterations", kCounter, "1", "group flow outcome", "passes that ended"},
    BuiltinMetric{"iteration_duration", kTrend, "ns", "group flow",
                  "length of the completed passes"},
    BuiltinMetric{"dropped_iterations", kCounter, "1", "group", "arrivals that found no free bot"},
    BuiltinMetric{"load_delivered", kRate, "1", "group", "starts made, of starts asked for"},
    BuiltinMetric{"bots", kGauge, "1", "group state step",
                  "bots by state, the active ones by the step in which they wait"},
    BuiltinMetric{"bots_dropped", kCounter, "1", "group server how step",
                  "established connections that ended, not by us, outside excused windows"},
    BuiltinMetric{"drops_excused", kCounter, "1", "group server how",
                  "established connections that ended, not by us, inside a window of an event"},
    BuiltinMetric{"connects_excused", kCounter, "1", "group server",
                  "attempts to connect that failed inside a window of an event"},
    BuiltinMetric{"bots_silent", kGauge, "1", "group step",
                  "connected, and the awaited reply is missing for over 5 s"},
    BuiltinMetric{"sessions_ended", kCounter, "1", "group server by how reason",
                  "endings of established connections"},
    BuiltinMetric{"recovery_duration", kTrend, "ns", "group server",
                  "from a drop to the first answer after the return"},
    BuiltinMetric{"packets_sent", kCounter, "1", "group packet server", "framed packets sent"},
    BuiltinMetric{"packets_received", kCounter, "1", "group packet server",
                  "framed packets received"},
    BuiltinMetric{"data_sent", kCounter, "bytes", "group server",
                  "bytes of packets sent, headers included"},
    BuiltinMetric{"data_received", kCounter, "bytes", "group server",
                  "bytes of packets received, headers included"},
    BuiltinMetric{"packets_unhandled", kCounter, "1", "group packet server",
                  "received, and no step wanted them"},
    BuiltinMetric{"packets_late", kCounter, "1", "group packet server",
                  "replies that came after their time-out"},
    BuiltinMetric{"packets_invalid", kCounter, "1", "group packet server",
                  "of a bad size, of an unknown id, or undecodable"},
    BuiltinMetric{"session_packets_sent", kCounter, "1", "group server how",
                  "packets sent on connections that ended that way"},
    BuiltinMetric{"session_packets_received", kCounter, "1", "group server how",
                  "packets received on connections that ended that way"},
    BuiltinMetric{"fanout_delay", kTrend, "ns", "group step",
                  "from when the send was due to each delivery"},
    BuiltinMetric{"fanout_delivered", kRate, "1", "group step", "deliveries, of those expected"},
    BuiltinMetric{"fanout_unjudged", kCounter, "1", "group step",
                  "deliveries to members that came or went meanwhile, or of a sender that did"},
    BuiltinMetric{"generator_lateness", kTrend, "ns", "shard",
                  "from when one of our timers was due to when it ran"},
    BuiltinMetric{"generator_cpu", kGauge, "percent", "shard", "our CPU time, of one core"},
    BuiltinMetric{"generator_memory", kGauge, "bytes", "", "our resident memory"},
    BuiltinMetric{"server_up", kGauge, "1", "server", "1 while the server process lives"},
    BuiltinMetric{"server_cpu", kGauge, "percent", "server", "its CPU time, of one core"},
    BuiltinMetric{"server_memory", kGauge, "bytes", "server", "its resident memory"},
    BuiltinMetric{"server_handles", kGauge, "1", "server", "its open descriptors or handles"},
    BuiltinMetric{"server_threads", kGauge, "1", "server", "its threads"},
    BuiltinMetric{"scraped", kGauge, "1", "series",
                  "what the endpoint of --scrape says; counters (_total) a second"},
    BuiltinMetric{"scrapes_failed", kRate, "1", "",
                  "scrapes without an answer that can be read, of all scrapes"},
};

std::vector<std::string_view> Words(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find(' ', from), text.size());
    words.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return words;
}

bool TagsAreKnown(const MetricSelector& selector, const BuiltinMetric& metric, std::string& error) {
  const std::vector<std::string_view> known = Words(metric.tags);
  for (const auto& [tag, value] : selector.tags) {
    if (std::find(known.begin(), known.end(), tag) != known.end()) continue;
    std::string names;
    for (const std::string_view name : known)
      names += (names.empty() ? "" : ", ") + std::string(name);
    error = "\"" + selector.metric + "\" has no tag \"" + tag + "\"; its tags are " + names + "." +
            DidYouMean(tag, known);
    return false;
  }
  return true;
}

}  // namespace

std::span<const BuiltinMetric> BuiltinMetrics() { return kBuiltins; }

const BuiltinMetric* FindBuiltinMetric(std::string_view name) {
  const auto found =
      std::find_if(kBuiltins.begin(), kBuiltins.end(),
                   [name](const BuiltinMetric& metric) { return metric.name == name; });
  return found == kBuiltins.end() ? nullptr : &*found;
}

std::optional<MetricKind> KindOfSelector(const MetricSelector& selector,
                                         const std::vector<std::string>& aliases,
                                         std::string& error) {
  const bool is_alias = std::find(aliases.begin(), aliases.end(), selector.metric) != aliases.end();
  const BuiltinMetric* metric =
      FindBuiltinMetric(is_alias ? std::string_view("request_duration") : selector.metric);
  if (metric == nullptr) {
    std::vector<std::string_view> names(aliases.begin(), aliases.end());
    for (const BuiltinMetric& builtin : kBuiltins) names.push_back(builtin.name);
    error = "There is no metric \"" + selector.metric + "\"." + DidYouMean(selector.metric, names) +
            " A step gets a metric of its own with \"metric\": \"" + selector.metric + "\".";
    return std::nullopt;
  }
  if (!TagsAreKnown(selector, *metric, error)) return std::nullopt;
  return metric->kind;
}

}  // namespace stressbot
