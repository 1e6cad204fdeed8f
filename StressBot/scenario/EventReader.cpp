#include "StressBot/scenario/EventReader.h"

#include <algorithm>

#include "StressBot/scenario/DistributionReader.h"
#include "StressBot/scenario/Keys.h"
#include "StressBot/scenario/PacketCompiler.h"

namespace stressbot {
namespace {

const std::vector<std::string> kTimes = {"at", "every", "on"};
const std::vector<std::string> kOrders = {"drop", "server", "mark"};

/// The one of `keys` that an event has; an error unless there is exactly one.
std::string OnlyOneOf(const JsonNode& node, const std::vector<std::string>& keys,
                      const std::string& what) {
  std::string found;
  std::size_t count = 0;
  for (const std::string& key : keys) {
    if (!node.Has(key)) continue;
    found = key;
    ++count;
  }
  if (count == 1) return found;
  std::string list;
  for (const std::string& key : keys) list += (list.empty() ? "\"" : ", \"") + key + "\"";
  node.Error((count == 0 ? "does not say " : "says more than once ") + what + ": give one of " +
             list);
  return {};
}

Nanoseconds ReadPeriod(const JsonNode& node) {
  const std::size_t errors_before = node.errors().list().size();
  const Nanoseconds period = node.AsDuration();
  if (period < Event::kShortestPeriod && node.errors().list().size() == errors_before)
    node.Error("must be at least 10ms");
  return period;
}

/// The server whose packet triggers: the one that is named, else the only one.
std::optional<std::uint8_t> ReadTriggerServer(const ScenarioContext& context,
                                              const JsonNode& node) {
  std::vector<std::string> names;
  for (const Server& known : context.servers) names.push_back(known.name);
  const auto named = node.Find("server");
  if (!named) {
    if (names.size() == 1) return std::uint8_t{0};
    if (!names.empty())
      node.Error("there are several servers: say whose packet it is with \"server\"");
    return std::nullopt;
  }
  const auto server = context.FindServer(named->AsString());
  if (!server && named->IsString())
    named->Error("no server \"" + named->AsString() + "\"" + Suggest(named->AsString(), names));
  return server;
}

PacketTrigger ReadTrigger(const ScenarioContext& context, const JsonNode& node) {
  PacketTrigger trigger;
  node.OnlyKeys({"packet", "by", "server"});
  if (!node.IsObject()) return trigger;
  if (const auto by = node.Find("by"); by && by->AsString() != "any" && by->IsString())
    by->Error("only \"any\" is known: the first bot that sees the packet triggers");
  const auto packet = node.Require("packet");
  const auto server = ReadTriggerServer(context, node);
  if (!packet || !server) return trigger;
  trigger.server = *server;
  if (const Protocol* protocol = context.servers[*server].protocol.get())
    trigger.packet =
        PacketCompiler::CompilePacketName(*packet, *protocol, PacketDirection::kReceive);
  return trigger;
}

void ReadTime(const ScenarioContext& context, const JsonNode& node, Event& event) {
  const std::string key = OnlyOneOf(node, kTimes, "when");
  if (key.empty()) return;
  const JsonNode time = *node.Find(key);
  const auto refuse = [&](const char* sibling, const char* why) {
    if (const auto found = node.Find(sibling)) found->Error(why);
  };
  if (key == "at") {
    event.from = time.AsDuration();
    for (const char* sibling : {"from", "until", "count"})
      refuse(sibling, "has no meaning with \"at\", which happens once; use \"every\" or \"on\"");
  }
  if (key == "every") {
    event.every = ReadPeriod(time);
    event.from = *event.every;
  }
  if (key == "on") {
    event.on = ReadTrigger(context, time);
    if (const auto cooldown = node.Find("cooldown")) event.on->cooldown = ReadPeriod(*cooldown);
  } else {
    refuse("cooldown", "belongs to \"on\": how long after a packet's event it is armed again");
  }
  if (key == "at") return;
  if (const auto from = node.Find("from")) event.from = from->AsDuration();
  if (const auto count = node.Find("count")) event.count = ReadCount(*count);
  if (const auto until = node.Find("until")) {
    event.until = ReadPositiveDuration(*until);
    if (event.until <= event.from) until->Error("is not behind the event's first time");
  }
}

DropOrder ReadDrop(const JsonNode& event, const JsonNode& node, const Program& program) {
  DropOrder drop;
  node.OnlyKeys({"group", "share", "how"});
  if (!node.IsObject()) return drop;
  if (const auto group = node.Find("group")) {
    const std::string name = group->AsString();
    std::vector<std::string> names;
    for (const Group& known : program.groups) names.push_back(known.name);
    const auto found = std::find(names.begin(), names.end(), name);
    if (found != names.end()) {
      drop.group = static_cast<std::uint16_t>(found - names.begin());
    } else if (group->IsString() && !names.empty()) {
      group->Error("no group \"" + name + "\"" + Suggest(name, names));
    }
  }
  if (const auto share = node.Find("share")) {
    drop.share = ReadNumber(*share, 0, 1);
    if (share->IsNumber() && share->AsNumber() == 0) share->Error("drops nobody; give more than 0");
  }
  if (const auto how = node.Find("how")) {
    const std::string word = how->AsString();
    drop.reset = word != "orderly";
    if (how->IsString() && word != "reset" && word != "orderly")
      how->Error("must be \"reset\" or \"orderly\"" + Suggest(word, {"reset", "orderly"}));
  }
  if (const auto away = event.Find("away")) drop.away = ReadDurations(*away);
  return drop;
}

ServerOrder ReadServerOrder(const JsonNode& event, const JsonNode& node) {
  using Do = ServerOrder::Do;
  static const std::vector<std::string> kWords = {"kill", "stop", "pause", "restart"};
  ServerOrder order;
  const std::string word = node.AsString();
  const auto found = std::find(kWords.begin(), kWords.end(), word);
  if (found == kWords.end()) {
    if (node.IsString())
      node.Error("must be \"kill\", \"stop\", \"pause\" or \"restart\"" + Suggest(word, kWords));
    return order;
  }
  order.what = static_cast<Do>(found - kWords.begin());
  if (const auto lasts = event.Find("for")) {
    order.lasts = order.what == Do::kPause ? ReadPositiveDuration(*lasts) : lasts->AsDuration();
  } else if (order.what == Do::kPause) {
    node.Error("a pause needs its length: add \"for\": \"2s\"");
  } else if (order.what == Do::kRestart) {
    order.lasts = Nanoseconds::zero();
  }
  return order;
}

void ReadOrder(const JsonNode& node, const Program& program, Event& event) {
  const std::string key = OnlyOneOf(node, kOrders, "what happens");
  if (key.empty()) return;
  const JsonNode noun = *node.Find(key);
  if (key == "drop") {
    event.order = ReadDrop(node, noun, program);
  } else if (const auto away = node.Find("away")) {
    away->Error("belongs to \"drop\": how long the bots stay away");
  }
  if (key == "server") {
    event.order = ReadServerOrder(node, noun);
  } else if (const auto lasts = node.Find("for")) {
    lasts->Error("belongs to \"server\": how long it is paused, or down");
  }
  event.name = key == "drop" ? "drop" : noun.AsString();
  if (key == "server") event.name = "server " + event.name;
  const auto name = node.Find("name");
  if (name && key == "mark") name->Error("a mark has its name already: what stands at \"mark\"");
  if (name) event.name = name->AsString();
}

Event ReadEvent(const ScenarioContext& context, const JsonNode& node, const Program& program) {
  Event event;
  node.OnlyKeys({"at", "every", "on", "from", "until", "count", "cooldown", "name", "drop",
                 "server", "mark", "away", "for", "expect"});
  if (!node.IsObject()) return event;
  ReadTime(context, node, event);
  ReadOrder(node, program, event);
  if (const auto expect = node.Find("expect")) {
    expect->OnlyKeys({"drops"});
    if (expect->IsObject())
      if (const auto drops = expect->Require("drops")) event.excuses = ReadPositiveDuration(*drops);
  }
  return event;
}

}  // namespace

std::vector<Event> ReadEvents(ScenarioContext& context, const JsonNode& node,
                              const Program& program) {
  std::vector<Event> events;
  for (const JsonNode& entry : node.Elements())
    events.push_back(ReadEvent(context, entry, program));
  return events;
}

void WarnOfLateEvents(const ScenarioContext& context, const JsonNode& events,
                      const Program& program) {
  const std::vector<JsonNode> nodes = events.Elements();
  for (std::size_t i = 0; i < nodes.size() && i < program.events.size(); ++i) {
    const Event& event = program.events[i];
    if (event.from < std::min(program.LoadDuration(), event.until)) continue;
    context.Warn(nodes[i].path(), "never happens: the load is over by then");
  }
}

}  // namespace stressbot
