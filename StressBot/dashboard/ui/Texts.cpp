#include "StressBot/dashboard/ui/Texts.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace stressbot {

namespace {

struct Row {
  Text text;
  std::string_view english, korean;
};

constexpr std::size_t kTextCount = static_cast<std::size_t>(Text::kCount);

constexpr Row kRows[] = {
    {Text::kAppName, "StressBot", "StressBot"},
    {Text::kView, "View", "보기"},
    {Text::kThemeDark, "Dark", "어둡게"},
    {Text::kThemeLight, "Light", "밝게"},
    {Text::kThemeSystem, "As the system", "시스템 설정에 따름"},
    {Text::kLarger, "Larger", "크게"},
    {Text::kSmaller, "Smaller", "작게"},
    {Text::kOriginalSize, "Original size", "원래 크기"},
    {Text::kSavePicture, "Save a picture of the window", "창을 그림으로 저장"},
    {Text::kQuit, "Quit", "끝내기"},
    {Text::kHelp, "Help", "도움말"},
    {Text::kKeys, "Keys", "단축키"},
    {Text::kKeyMove, "to the next field; arrows move, Space or Enter presses",
     "다음 항목으로. 화살표로 옮기고 스페이스나 엔터로 누릅니다"},
    {Text::kKeyTheme, "dark or light", "어둡게 또는 밝게"},
    {Text::kKeyLanguage, "English or Korean", "한국어 또는 영어"},
    {Text::kKeySize, "larger, smaller, original size", "크게, 작게, 원래 크기"},
    {Text::kKeyPicture, "saves a picture of the window", "창을 그림으로 저장"},
    {Text::kKeyQuit, "closes the program", "프로그램 끝내기"},
    {Text::kKeyHelp, "shows and hides this list", "이 목록을 보이거나 숨김"},
    {Text::kClose, "Close", "닫기"},
    {Text::kPictureSaved, "Saved {}", "{} 파일로 저장했습니다"},
    {Text::kPictureNotSaved, "The picture was not saved. {}", "그림을 저장하지 못했습니다. {}"},
    // In English in both: they are shown because Hangul cannot be.
    {Text::kNoFont, "No font was found. Install fonts-nanum, or name one with --font FILE.",
     "No font was found. Install fonts-nanum, or name one with --font FILE."},
    {Text::kNoHangulFont, "No font with Korean letters was found. {}",
     "No font with Korean letters was found. {}"},
    {Text::kWelcome, "Load tests for TCP game servers", "TCP 게임 서버 부하 테스트"},
    {Text::kWelcomeMore, "Thousands of scripted bots, and the truth about what happened.",
     "수천 개의 봇을 움직여, 실제로 일어난 일을 그대로 보여 줍니다."},
};

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
    const Row& row = kRows[i];
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
  const Row& row = kRows[static_cast<std::size_t>(text)];
  return (language_ == Language::kKorean ? row.korean : row.english).data();
}

std::string AllTexts(Language language) {
  std::string all;
  for (const Row& row : kRows) all += language == Language::kKorean ? row.korean : row.english;
  return all;
}

}  // namespace stressbot
