#include "StressBot/report/JsonConversation.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "StressBot/report/JsonValues.h"
#include "StressBot/report/Utf8.h"

namespace stressbot {
namespace {

using WrittenJson = nlohmann::ordered_json;

constexpr std::array<std::string_view, 4> kWays{"sent", "received", "unwanted", "note"};

WrittenJson LineJson(const ConversationLine& line) {
  WrittenJson json{{"at_s", SecondsOf(line.at)},
                   {"way", kWays[static_cast<std::size_t>(line.way)]}};
  if (line.skipped > 0) json["skipped"] = line.skipped;
  if (!line.server.empty()) json["server"] = ToValidUtf8(line.server);
  if (line.way != ConversationLine::Way::kNote) {
    json["packet"] = ToValidUtf8(line.packet);
    json["id"] = line.id;
    json["bytes"] = line.bytes;
  }
  json["content"] = ToValidUtf8(line.content);
  if (!line.step.empty()) json["step"] = ToValidUtf8(line.step);
  return json;
}

ConversationLine ReadLine(const RunNode& node) {
  const auto number = [&node](std::string_view key) {
    constexpr std::uint32_t kMost = std::numeric_limits<std::uint32_t>::max();
    return node.Has(key) ? static_cast<std::uint32_t>(node.At(key).Count(kMost)) : 0;
  };
  const auto text = [&node](std::string_view key) {
    return node.Has(key) ? node.At(key).Text() : std::string();
  };
  ConversationLine line;
  line.at = node.At("at_s").Seconds();
  const RunNode way = node.At("way");
  const auto found = std::find(kWays.begin(), kWays.end(), way.Text());
  if (found == kWays.end()) {
    way.Fail("must be sent, received, unwanted or note");
  } else {
    line.way = static_cast<ConversationLine::Way>(found - kWays.begin());
  }
  line.server = text("server");
  line.packet = text("packet");
  line.id = number("id");
  line.bytes = number("bytes");
  line.skipped = number("skipped");
  line.content = node.At("content").Text();
  line.step = text("step");
  return line;
}

}  // namespace

WrittenJson ConversationJson(const std::vector<ConversationLine>& lines) {
  WrittenJson json = WrittenJson::array();
  for (const ConversationLine& line : lines) json.push_back(LineJson(line));
  return json;
}

std::vector<ConversationLine> ReadConversation(const RunNode& list) {
  std::vector<ConversationLine> lines;
  for (const RunNode& node : list.Elements()) lines.push_back(ReadLine(node));
  return lines;
}

}  // namespace stressbot
