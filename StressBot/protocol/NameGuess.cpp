#include "StressBot/protocol/NameGuess.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "StressBot/protocol/MessageNames.h"
#include "StressBot/protocol/NamePattern.h"
#include "StressBot/protocol/PacketTableBuilder.h"

namespace stressbot {
namespace {

struct WayOfNaming {
  std::string_view send, receive;
};
/// Patterns of the two sides, as servers in the wild have them.
constexpr std::array<WayOfNaming, 22> kWays{{{"C_", "S_"},
                                             {"CS_", "SC_"},
                                             {"C2S_", "S2C_"},
                                             {"CTS_", "STC_"},
                                             {"PKT_C_", "PKT_S_"},
                                             {"CG_", "GC_"},
                                             {"C2S", "S2C"},
                                             {"CS", "SC"},
                                             {"Cs", "Sc"},
                                             {"Req", "Res"},
                                             {"REQ_", "RES_"},
                                             {"REQ_", "ACK_"},
                                             {"*Req", "*Res"},
                                             {"*Req", "*Ack"},
                                             {"*Req", "*Resp"},
                                             {"*Req", "*Rsp"},
                                             {"*Request", "*Response"},
                                             {"*Request", "*Reply"},
                                             {"*_REQ", "*_RES"},
                                             {"*_REQ", "*_ACK"},
                                             {"*_CS", "*_SC"},
                                             {"*_C", "*_S"}}};
/// What a server says unasked, beside replies.
constexpr std::array<std::string_view, 9> kNotices{"*Notify", "*Notification", "*Noti",
                                                   "*Ntf",    "*Push",         "*Broadcast",
                                                   "*Event",  "*_NTF",         "*_NOTI"};

std::size_t CountOf(const std::vector<std::string>& names, std::string_view pattern) {
  return static_cast<std::size_t>(
      std::count_if(names.begin(), names.end(), [pattern](const std::string& name) {
        return name.size() > pattern.size() && MatchesPattern(name, pattern);
      }));
}

/// What the names of an enum's values may have in front: "", "PKT_", "PKT_ID_".
std::set<std::string> PrefixesOf(const IdEnum& type) {
  std::set<std::string> prefixes{""};
  for (const auto& [name, number] : type.values) {
    for (std::size_t at = name.find('_'); at != std::string::npos; at = name.find('_', at + 1)) {
      prefixes.insert(name.substr(0, at + 1));
    }
  }
  return prefixes;
}

}  // namespace

DirectionGuess GuessDirections(const std::vector<std::string>& names) {
  DirectionGuess best;
  for (const WayOfNaming& way : kWays) {
    const std::size_t sent = CountOf(names, way.send);
    const std::size_t received = CountOf(names, way.receive);
    if (sent == 0 || received == 0 || sent + received <= best.matched) continue;
    best = {{std::string(way.send)}, {std::string(way.receive)}, sent + received};
  }
  if (best.send.empty() || !best.send.front().starts_with('*')) return best;
  for (const std::string_view notice : kNotices) {
    const std::size_t count = CountOf(names, notice);
    if (count > 0) best.receive.emplace_back(notice);
    best.matched += count;
  }
  return best;
}

std::optional<EnumGuess> GuessEnum(const std::vector<IdEnum>& enums,
                                   const std::vector<std::string>& names) {
  const PacketSources sources{.list = {PacketSource{"", names}}};
  const PacketTableBuilder table(sources, ~0U);
  const MessageNames messages(table, std::nullopt, {});
  std::optional<EnumGuess> best;
  for (const IdEnum& type : enums) {
    for (const std::string& prefix : PrefixesOf(type)) {
      EnumGuess guess{type.full_name, prefix, {}};
      for (const auto& [name, number] : type.values) {
        if (!name.starts_with(prefix) || number < 0) continue;
        const auto found = messages.Find(std::string_view(name).substr(prefix.size()));
        if (found) guess.matched.push_back(names[found->name]);
      }
      if (!best || guess.matched.size() > best->matched.size()) best = std::move(guess);
    }
  }
  if (!best || best->matched.empty() || best->matched.size() * 2 < names.size()) {
    return std::nullopt;
  }
  return best;
}

}  // namespace stressbot
