#include "StressBot/control/CommandReader.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "StressBot/json/JsonDocument.h"
#include "StressBot/scenario/DistributionReader.h"
#include "StressBot/scenario/Keys.h"

namespace stressbot {

namespace {

constexpr std::uint64_t kBotsMax = std::numeric_limits<std::uint32_t>::max();
constexpr double kRateMax = 1e9;
constexpr double kLongest = 24 * 3600e9;  ///< ns: nobody waits for more

std::optional<std::string> ReadGroup(const JsonNode& node) {
  const auto group = node.Find("group");
  return group ? std::optional(group->AsString()) : std::nullopt;
}

Nanoseconds ReadOver(const JsonNode& node) {
  const auto over = node.Find("over");
  if (!over) return {};
  const Nanoseconds duration = over->AsDuration();
  if (static_cast<double>(duration.count()) > kLongest) over->Error("is longer than a day");
  return duration;
}

/// Of a command without arguments.
template <typename Command>
ControlCommand ReadPlain(const JsonNode& node) {
  node.OnlyKeys({});
  return Command{};
}

ControlCommand ReadBots(const JsonNode& node) {
  node.OnlyKeys({"group", "bots", "over"});
  const auto bots = node.Require("bots");
  const std::uint64_t count = bots ? bots->AsUnsigned(kBotsMax) : 0;
  return BotsCommand{ReadGroup(node), static_cast<std::uint32_t>(count), ReadOver(node)};
}

ControlCommand ReadRate(const JsonNode& node) {
  node.OnlyKeys({"group", "rate", "over"});
  const auto rate = node.Require("rate");
  return RateCommand{ReadGroup(node), rate ? ReadNumber(*rate, 0, kRateMax) : 0, ReadOver(node)};
}

ControlCommand ReadDrop(const JsonNode& node) {
  node.OnlyKeys({"group", "share", "how", "away"});
  DropCommand drop;
  drop.group = ReadGroup(node);
  if (const auto share = node.Require("share")) drop.share = ReadNumber(*share, 0, 1);
  if (const auto how = node.Find("how")) {
    const std::string word = how->AsString();
    drop.reset = word == "reset";
    if (how->IsString() && word != "reset" && word != "orderly")
      how->Error("\"" + word + "\" is neither \"reset\" nor \"orderly\"");
  }
  if (const auto away = node.Find("away")) {
    drop.away = ReadDurations(*away);
    if (std::max(drop.away.a, drop.away.b) > kLongest) away->Error("is longer than a day");
  }
  return drop;
}

ControlCommand ReadMark(const JsonNode& node) {
  node.OnlyKeys({"name"});
  const auto name = node.Find("name");
  return MarkCommand{name ? name->AsString() : std::string()};
}

struct Reader {
  const char* name;
  ControlCommand (*read)(const JsonNode&);
};
constexpr std::array kReaders{Reader{"pause", ReadPlain<PauseCommand>},
                              Reader{"resume", ReadPlain<ResumeCommand>},
                              Reader{"bots", ReadBots},
                              Reader{"rate", ReadRate},
                              Reader{"drop", ReadDrop},
                              Reader{"mark", ReadMark},
                              Reader{"stop", ReadPlain<StopCommand>},
                              Reader{"abort", ReadPlain<AbortCommand>}};

std::string SentenceOf(const Diagnostic& mistake) {
  return (mistake.path.empty() ? "" : mistake.path + ": ") + mistake.message;
}

}  // namespace

const std::vector<std::string>& CommandNames() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (const Reader& reader : kReaders) names.emplace_back(reader.name);
    return names;
  }();
  return kNames;
}

std::optional<ControlCommand> ReadCommand(std::string_view name, std::string_view body,
                                          std::string& error) {
  Diagnostics mistakes;
  const auto document = JsonDocument::Parse(body.empty() ? "{}" : body, "body", mistakes);
  std::optional<ControlCommand> command;
  if (document) {
    const JsonNode root = JsonNode::Root(*document, mistakes);
    for (const Reader& reader : kReaders) {
      if (name == reader.name) command = reader.read(root);
    }
  }
  if (!mistakes.empty()) {
    error = SentenceOf(mistakes.list().front());
    return std::nullopt;
  }
  return command;
}

}  // namespace stressbot
