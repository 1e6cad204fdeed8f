#pragma once
#include <filesystem>
#include <span>
#include <vector>

namespace stressbot {

/// The files to draw text with; empty paths where none was found.
struct FontFiles {
  std::filesystem::path text;     ///< for all that it has letters for
  int text_face = 0;              ///< which font of the file, where it holds several (.ttc)
  std::filesystem::path symbols;  ///< for what `text` has none for: arrows, marks
};

/// Looks through the folders, and those in them, for the fonts that we know, the best first.
FontFiles FindFonts(std::span<const std::filesystem::path> folders);

}  // namespace stressbot
