#include "StressBot/dashboard/ui/Fonts.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "StressBot/json/TextFile.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

namespace {

constexpr float kTextPixels = 16, kSmallPixels = 13.5F, kTitlePixels = 21, kHugePixels = 38;

/// Latin with its accents, punctuation, arrows, mathematical signs, shapes and marks.
constexpr ImWchar kLatinLetters[] = {0x0020, 0x017f, 0x2010, 0x203a, 0x2190, 0x2199, 0x2200, 0x226f,
                                     0x25a0, 0x25cf, 0x2713, 0x2717, 0xfffd, 0xfffd, 0};
/// All syllables and single letters.
constexpr ImWchar kHangulLetters[] = {0x1100, 0x11ff, 0x3001, 0x3015, 0x3131,
                                      0x318e, 0xac00, 0xd7a3, 0};

/// ImGui frees what it is given with its own allocator. False when the file cannot be read.
bool AddFile(const std::filesystem::path& file, int face, float pixels, const ImWchar* letters,
             bool is_merged) {
  std::string unread;
  const std::optional<std::string> bytes = ReadTextFile(file, unread);
  if (!bytes) return false;
  void* data = ImGui::MemAlloc(bytes->size());
  std::copy(bytes->begin(), bytes->end(), static_cast<char*>(data));
  ImFontConfig config;
  config.FontNo = face;
  config.MergeMode = is_merged;
  config.OversampleH = 1;  // at whole pixels: sharp, and a third of the memory
  config.OversampleV = 1;
  config.PixelSnapH = true;
  return ImGui::GetIO().Fonts->AddFontFromMemoryTTF(data, static_cast<int>(bytes->size()), pixels,
                                                    &config, letters) != nullptr;
}

ImFont* AddOwnFont(float pixels) {
  ImFontConfig config;
  config.SizePixels = std::floor(pixels);
  return ImGui::GetIO().Fonts->AddFontDefault(&config);
}

/// In one size: the text's letters, then from the other file what the first lacks.
ImFont* AddFont(const FontFiles& files, float pixels, const ImWchar* letters, std::string& error) {
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  if (files.text.empty()) return AddOwnFont(pixels);
  if (!AddFile(files.text, files.text_face, pixels, letters, false)) {
    error = fmt::format("The font {} cannot be used.", Utf8Of(files.text));
    return AddOwnFont(pixels);
  }
  ImFont* font = atlas.Fonts.back();
  if (!files.symbols.empty() && files.symbols != files.text) {
    AddFile(files.symbols, 0, pixels, kLatinLetters, true);
  }
  return font;
}

/// Each in the middle of the widest one's space.
void MakeDigitsEqual(ImFont& font) {
  float widest = 0;
  for (ImWchar digit = '0'; digit <= '9'; ++digit) {
    widest = std::max(widest, font.FindGlyph(digit)->AdvanceX);
  }
  for (ImFontGlyph& glyph : font.Glyphs) {
    if (glyph.Codepoint < '0' || glyph.Codepoint > '9') continue;
    const float shift = std::floor((widest - glyph.AdvanceX) / 2);
    glyph.X0 += shift;
    glyph.X1 += shift;
    glyph.AdvanceX = widest;
  }
  font.BuildLookupTable();
}

}  // namespace

Fonts BuildFonts(const FontFiles& files, const FontNeeds& needs, std::string& error) {
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  atlas.Clear();
  const bool has_hangul = needs.language == Language::kKorean || needs.hangul_data;
  ImFontGlyphRangesBuilder own_letters;  // of headings, which are the interface's own words
  own_letters.AddRanges(kLatinLetters);
  if (has_hangul) {
    own_letters.AddText(AllTexts(Language::kKorean).c_str());
    own_letters.AddText(needs.title_data.c_str());
  }
  ImVector<ImWchar> own, all;
  own_letters.BuildRanges(&own);
  ImFontGlyphRangesBuilder all_letters;
  all_letters.AddRanges(kLatinLetters);
  if (has_hangul) all_letters.AddRanges(kHangulLetters);
  all_letters.BuildRanges(&all);
  const auto size = [&](float pixels) { return std::round(pixels * needs.scale); };
  Fonts fonts;
  fonts.text = AddFont(files, size(kTextPixels), all.Data, error);
  fonts.small = AddFont(files, size(kSmallPixels), all.Data, error);
  fonts.title = AddFont(files, size(kTitlePixels), own.Data, error);
  fonts.huge = AddFont(files, size(kHugePixels), own.Data, error);
  atlas.Build();  // before `own` and `all` go
  for (ImFont* font : {fonts.text, fonts.small, fonts.title, fonts.huge}) MakeDigitsEqual(*font);
  return fonts;
}

}  // namespace stressbot
