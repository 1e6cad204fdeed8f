#include "StressBot/protocol/MessageNames.h"

#include "StressBot/protocol/NamePattern.h"

namespace stressbot {
namespace {

/// Letters in lower case and digits: "C_LOGIN" and "CLogin" are "clogin".
std::string LettersOf(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') {
      letters += static_cast<char>(c - 'A' + 'a');
    } else if (c != '_') {
      letters += c;
    }
  }
  return letters;
}

}  // namespace

MessageNames::MessageNames(const PacketTableBuilder& table, std::optional<std::size_t> only,
                           const std::vector<std::string>& prefixes) {
  for (std::size_t source = 0; source < table.SourceCount(); ++source) {
    if (only && *only != source) continue;
    const std::vector<std::string>& names = table.NamesOf(source);
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!MatchesAny(names[i], prefixes)) continue;
      const PacketTable::Origin origin{source, i};
      if (!exact_.emplace(names[i], origin).second) continue;  // the first file's
      all_.push_back(origin);
      names_.push_back(names[i]);
      by_letters_[LettersOf(names[i])].push_back(origin);
    }
  }
}

std::optional<PacketTable::Origin> MessageNames::Find(std::string_view constant) const {
  if (const auto found = exact_.find(constant); found != exact_.end()) return found->second;
  const auto alike = by_letters_.find(LettersOf(constant));
  if (alike == by_letters_.end() || alike->second.size() != 1) return std::nullopt;
  return alike->second.front();
}

}  // namespace stressbot
