#pragma once
#include <string>

#include "StressBot/dashboard/ui/FontSearch.h"
#include "StressBot/dashboard/ui/Texts.h"

struct ImFont;

namespace stressbot {

/// The sizes in which text is drawn. Digits are of equal width in each, so that numbers that
/// change do not move what is beside them.
struct Fonts {
  ImFont* text = nullptr;   ///< everything else
  ImFont* small = nullptr;  ///< what is beside the point: axes, hints
  ImFont* title = nullptr;  ///< headings
  ImFont* huge = nullptr;   ///< the verdict, one number; only letters of the interface's own words
  bool has_hangul = false;  ///< at least the letters of kKoreanName
};

/// The language in its own letters, which every atlas holds: who looks for it reads these.
inline constexpr const char* kKoreanName = "한국어";

/// Which letters the atlas holds.
struct FontNeeds {
  Language language = Language::kEnglish;
  bool hangul_data = false;  ///< data has been seen that is written in Korean
  std::string rare_hangul;   ///< syllables in it that are not common
  float scale = 1;           ///< pixels for each of the design's
};

/// Makes ImGui's font atlas anew; its texture must be made anew after it. ImGui's own font is taken
/// in place of a file that is not there or no font.
Fonts BuildFonts(const FontFiles& files, const FontNeeds& needs);

}  // namespace stressbot
