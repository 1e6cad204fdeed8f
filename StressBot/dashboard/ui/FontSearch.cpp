#include "StressBot/dashboard/ui/FontSearch.h"

#include <map>
#include <string_view>
#include <system_error>

#include "StressBot/dashboard/ui/FontFile.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

namespace {

namespace fs = std::filesystem;

struct KnownFont {
  std::string_view name;
  int face = 0;
};

/// With Latin and Korean letters. Upright, sans serif, regular weight.
constexpr KnownFont kHangul[] = {
    {"NanumBarunGothic.ttf"},
    {"NanumGothic.ttf"},
    {"malgun.ttf"},
    {"NotoSansKR-Regular.otf"},
    {"NotoSansKR-Regular.ttf"},
    {"NotoSansCJK-Regular.ttc", 1},  // its faces: Japanese, Korean, Chinese (3)
    {"UnDotum.ttf"},
    {"gulim.ttc"},
    {"NanumSquareR.ttf"}};  // has 2,350 of the 11,172 syllables
constexpr KnownFont kLatin[] = {{"NotoSans-Regular.ttf"},
                                {"segoeui.ttf"},
                                {"DejaVuSans.ttf"},
                                {"LiberationSans-Regular.ttf"},
                                {"arial.ttf"}};
constexpr KnownFont kSymbols[] = {{"DejaVuSans.ttf"}, {"seguisym.ttf"}, {"segoeui.ttf"}};

using Files = std::map<std::string, fs::path, std::less<>>;

/// By name. Of two with the same name the one that was found first counts.
Files FilesBelow(std::span<const fs::path> folders) {
  Files files;
  for (const fs::path& folder : folders) {
    std::error_code failure;  // a folder that cannot be read has no fonts for us
    fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied,
                                           failure);
    for (; !failure && entry != fs::recursive_directory_iterator(); entry.increment(failure)) {
      files.emplace(Utf8Of(entry->path().filename()), entry->path());
    }
  }
  return files;
}

/// nullptr when there is none of them that can be used.
const KnownFont* BestOf(std::span<const KnownFont> known, const Files& files) {
  for (const KnownFont& font : known) {
    const auto found = files.find(font.name);
    if (found != files.end() && ReadFontFile(found->second, font.face)) return &font;
  }
  return nullptr;
}

}  // namespace

FontFiles FindFonts(std::span<const fs::path> folders) {
  const Files files = FilesBelow(folders);
  FontFiles found;
  const KnownFont* text = BestOf(kHangul, files);
  if (text == nullptr) text = BestOf(kLatin, files);
  if (text != nullptr) {
    found.text = files.find(text->name)->second;
    found.text_face = text->face;
  }
  const KnownFont* symbols = BestOf(kSymbols, files);
  if (symbols != nullptr) found.symbols = files.find(symbols->name)->second;
  return found;
}

}  // namespace stressbot
