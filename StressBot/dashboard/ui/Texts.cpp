#include "StressBot/dashboard/ui/Texts.h"

#include <cstddef>

#include "StressBot/dashboard/ui/TextRows.h"

namespace stressbot {

namespace {

constexpr std::size_t kTextCount = static_cast<std::size_t>(Text::kCount);

constexpr std::size_t CountOf(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

/// Each text in its place, said in both languages, with room for as much that is told.
constexpr bool IsComplete() {
  if (std::size(kRows) != kTextCount) return false;
  for (std::size_t i = 0; i < kTextCount; ++i) {
    const TextRow& row = kRows[i];
    if (static_cast<std::size_t>(row.text) != i) return false;
    if (row.english.empty() || row.korean.empty()) return false;
    if (CountOf(row.english, "{}") != CountOf(row.korean, "{}")) return false;
  }
  return true;
}
static_assert(IsComplete(), "kRows has a text less or more than Text, or in another order");

}  // namespace

std::optional<Language> ParseLanguage(std::string_view text) {
  if (text == "en") return Language::kEnglish;
  if (text == "ko") return Language::kKorean;
  return std::nullopt;
}

Language LanguageOf(std::string_view locale) {
  const std::string_view word = locale.substr(0, locale.find_first_of("_-.@"));
  const bool is_korean = word == "ko" || word == "kor" || word == "Korean" || word == "korean";
  return is_korean ? Language::kKorean : Language::kEnglish;
}

const char* Texts::operator()(Text text) const {
  const TextRow& row = kRows[static_cast<std::size_t>(text)];
  return (language_ == Language::kKorean ? row.korean : row.english).data();
}

std::string AllTexts(Language language) {
  std::string all;
  for (const TextRow& row : kRows) all += language == Language::kKorean ? row.korean : row.english;
  return all;
}

}  // namespace stressbot
