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
  /// Headings, and the verdict or one number. Of Hangul they have the letters of the interface
  /// and of what Ui::SawTitle saw: 11,172 syllables in these sizes are too large a texture.
  ImFont *title = nullptr, *huge = nullptr;
};

/// Which letters the atlas holds.
struct FontNeeds {
  Language language = Language::kEnglish;
  bool hangul_data = false;  ///< data has been seen that is written in Korean
  std::string title_data;    ///< what of it is shown as a title
  float scale = 1;           ///< pixels for each of the design's
};

/// Makes ImGui's font atlas anew; its texture must be made anew after it. A file that cannot be
/// read is told in `error`, and ImGui's own font is taken.
Fonts BuildFonts(const FontFiles& files, const FontNeeds& needs, std::string& error);

}  // namespace stressbot
