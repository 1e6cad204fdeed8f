#include "StressBot/dashboard/ui/Fonts.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "StressBot/dashboard/ui/FontFile.h"
#include "StressBot/dashboard/ui/Hangul.h"

namespace stressbot {

namespace {

constexpr float kTextPixels = 17, kSmallPixels = 15, kTitlePixels = 23, kHugePixels = 42;

/// Latin with its accents, punctuation, arrows, mathematical signs, shapes and marks.
constexpr ImWchar kLatinLetters[] = {0x0020, 0x017f, 0x2010, 0x203a, 0x2190, 0x2199, 0x2200, 0x226f,
                                     0x25a0, 0x25cf, 0x2713, 0x2717, 0xfffd, 0xfffd, 0};
/// Korean's single letters and punctuation.
constexpr ImWchar kJamo[] = {0x3001, 0x3015, 0x3131, 0x318e, 0};

/// A file's bytes, read once for all sizes; empty: there is none, or it is no font.
struct LoadedFont {
  std::string bytes;
  int face = 0;
};

LoadedFont Load(const std::filesystem::path& file, int face) {
  if (file.empty()) return {};
  return {ReadFontFile(file, face).value_or(""), face};
}

/// The bytes stay ours, until the atlas is built.
void AddFile(LoadedFont& font, float pixels, const ImWchar* letters, bool is_merged) {
  if (font.bytes.empty()) return;
  ImFontConfig config;
  config.FontDataOwnedByAtlas = false;
  config.FontNo = font.face;
  config.MergeMode = is_merged;
  config.OversampleH = 1;  // at whole pixels: sharp, and a third of the memory
  config.OversampleV = 1;
  config.PixelSnapH = true;
  ImGui::GetIO().Fonts->AddFontFromMemoryTTF(font.bytes.data(), static_cast<int>(font.bytes.size()),
                                             pixels, &config, letters);
}

/// In one size: the text's letters, then from the other file what the first lacks.
ImFont* AddFont(LoadedFont& text, LoadedFont& symbols, float pixels, const ImWchar* letters) {
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  if (text.bytes.empty()) {
    ImFontConfig config;
    config.SizePixels = std::floor(pixels);
    return atlas.AddFontDefault(&config);  // ImGui's own
  }
  AddFile(text, pixels, letters, false);
  ImFont* font = atlas.Fonts.back();
  AddFile(symbols, pixels, kLatinLetters, true);
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

Fonts BuildFonts(const FontFiles& files, const FontNeeds& needs) {
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  atlas.Clear();
  atlas.Flags |= ImFontAtlasFlags_NoPowerOfTwoHeight;  // a third of the memory at times
  const bool has_hangul = needs.language == Language::kKorean || needs.hangul_data;
  ImFontGlyphRangesBuilder own_letters;  // of headings, which are the interface's own words
  own_letters.AddRanges(kLatinLetters);
  own_letters.AddText(kKoreanName);
  if (has_hangul) {
    own_letters.AddText(AllTexts(Language::kKorean).c_str());
  }
  ImVector<ImWchar> own, all;
  own_letters.BuildRanges(&own);
  ImFontGlyphRangesBuilder all_letters;
  all_letters.AddRanges(kLatinLetters);
  all_letters.AddText(kKoreanName);
  if (has_hangul) {
    all_letters.AddRanges(kJamo);
    all_letters.AddText(CommonHangul());
    all_letters.AddText(AllTexts(Language::kKorean).c_str());
    all_letters.AddText(needs.rare_hangul.c_str());
  }
  all_letters.BuildRanges(&all);
  LoadedFont file = Load(files.text, files.text_face), symbols = Load(files.symbols, 0);
  const auto add = [&](float pixels, const ImVector<ImWchar>& letters) {
    return AddFont(file, symbols, std::round(pixels * needs.scale), letters.Data);
  };
  Fonts fonts;
  fonts.text = add(kTextPixels, all);
  fonts.small = add(kSmallPixels, all);
  fonts.title = add(kTitlePixels, all);
  fonts.huge = add(kHugePixels, own);
  atlas.Build();
  atlas.ClearInputData();  // the files' bytes and the ranges go
  for (ImFont* font : {fonts.text, fonts.small, fonts.title, fonts.huge}) MakeDigitsEqual(*font);
  fonts.has_hangul = fonts.text->FindGlyphNoFallback(0xd55c) != nullptr;  // the first of them
  return fonts;
}

}  // namespace stressbot
