#pragma once
#include <string>
#include <string_view>

#include "StressBot/dashboard/ui/Fonts.h"
#include "StressBot/dashboard/ui/Probe.h"
#include "StressBot/dashboard/ui/Texts.h"
#include "StressBot/dashboard/ui/Theme.h"
#include "StressBot/dashboard/window/Keys.h"

namespace stressbot {

/// What a user can choose about the interface while it runs.
struct UiSettings {
  Language language = Language::kEnglish;
  ThemeChoice theme = ThemeChoice::kSystem;
  float scale = 1;            ///< times the display's own
  bool hangul_data = false;   ///< see Ui::Saw
  std::string rare_hangul{};  ///< see Ui::Saw
  friend bool operator==(const UiSettings&, const UiSettings&) = default;
};

/// What all screens draw with, between ImGui::NewFrame and Render. Thread: the one that draws.
struct Ui {
  explicit Ui(Probe& probe_of_tests) : probe(probe_of_tests) {}

  Texts tr{Language::kEnglish};  ///< ui.tr(Text::kQuit)
  const Theme* theme = nullptr;
  Fonts fonts;
  float scale = 1;  ///< pixels for each of the design's: 10 * scale
  Probe& probe;

  /// Changes here come into force with the next frame.
  UiSettings wanted;
  bool picture_wanted = false;  ///< as F12
  bool is_settling = false;     ///< what is shown now moves other things: draw it until it rests
  bool close_wanted = false;    ///< as the window's own button
  bool keys_shown = false;      ///< the list of keys
  std::string notice;           ///< told at the window's lower edge until a click or Escape

  /// Data that will be shown (a scenario's name, a line that a server wrote) may need letters that
  /// the fonts do not have yet. Once for each text, when it arrives.
  void Saw(std::string_view data);

  /// To the clipboard, and says so.
  void Copy(const std::string& text);

  /// Pressed in this frame, with these modifiers and no others.
  bool Pressed(KeyChord chord) const;
};

}  // namespace stressbot
