#pragma once
#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stressbot {

enum class Language : std::uint8_t { kEnglish, kKorean };

/// What `--lang` takes: "en" or "ko".
std::optional<Language> ParseLanguage(std::string_view text);

/// Of what a system calls a user's language: "ko_KR.UTF-8", "ko-KR", "Korean_Korea". English for
/// all that is not Korean.
Language LanguageOf(std::string_view locale);

/// Every text of the interface. Data (names, what a server wrote) stays as it is. Each has its row
/// in Texts.cpp, in the same order; one that is missing there does not compile.
enum class Text : std::uint8_t {
  kAppName,
  kView,
  kThemeDark,
  kThemeLight,
  kThemeSystem,
  kLarger,
  kSmaller,
  kOriginalSize,
  kSavePicture,
  kQuit,
  kHelp,
  kKeys,
  kKeyMove,
  kKeyTheme,
  kKeyLanguage,
  kKeySize,
  kKeyPicture,
  kKeyQuit,
  kKeyHelp,
  kClose,
  kPictureSaved,
  kPictureNotSaved,
  kNoFont,
  kNoHangulFont,
  kWelcome,
  kWelcomeMore,
  kCount
};

/// The interface's words in one language: `tr(Text::kQuit)`.
class Texts {
 public:
  explicit Texts(Language language) : language_(language) {}

  Language language() const { return language_; }
  /// Lives as long as the program.
  const char* operator()(Text text) const;
  /// Puts what is told into the text's {}; both languages have as many of them.
  template <typename... Told>
  std::string Format(Text text, const Told&... told) const {
    return fmt::format(fmt::runtime((*this)(text)), told...);
  }

 private:
  Language language_;
};

/// All texts in that language as one, for a font that needs to have their letters and no more.
std::string AllTexts(Language language);

}  // namespace stressbot
