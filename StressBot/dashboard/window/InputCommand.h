#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "StressBot/dashboard/window/Keys.h"

namespace stressbot {

/// A point of the window in pixels, or the middle of a probe's item.
struct InputPlace {
  std::string item{};  ///< empty: the point
  float x = 0, y = 0;
};

/// What a test does in a window that nobody sees, a line each:
///   move PLACE, click PLACE, double-click PLACE   PLACE is X Y, or the name of an item
///   drag PLACE to PLACE
///   scroll LINES         up; down when negative
///   key CHORD            F12, Ctrl+Q, Shift+Tab
///   text WORDS           as typed
///   picture FILE         a PNG of what is shown after all that came before
///   quit                 closes the window
struct InputCommand {
  enum class Kind { kMove, kClick, kDoubleClick, kDrag, kScroll, kKey, kText, kPicture, kQuit };

  Kind kind = Kind::kQuit;
  InputPlace place{}, to{};
  float lines = 0;
  KeyChord chord{};
  std::string text{};  ///< what is typed, or the picture's file
};

/// Nothing, and in `error` what is wrong with the line.
std::optional<InputCommand> ParseInputCommand(std::string_view line, std::string& error);

}  // namespace stressbot
