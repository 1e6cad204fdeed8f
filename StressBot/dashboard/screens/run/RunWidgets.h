#pragma once
#include <imgui.h>

#include <string>

#include "StressBot/dashboard/model/RunWords.h"
#include "StressBot/dashboard/ui/Ui.h"

/// Small things that several parts of the screen are made of.
namespace stressbot::run {

Color ColorOf(const Theme& theme, Tone tone);
Color BackOf(const Theme& theme, Tone tone);

/// A rounded area that fits what is drawn into it while it lives.
class Card {
 public:
  /// `width` 0: as wide as there is room.
  Card(const char* id, Color back, Color border, float width = 0);
  Card(const Card&) = delete;
  Card& operator=(const Card&) = delete;
  ~Card();

  float inner_width() const { return width_ - 2 * padding_.x; }
  float right() const { return at_.x + width_ - padding_.x; }  ///< of what is in it, on the screen

 private:
  ImVec2 at_, padding_;
  float width_;
};

void Quiet(const Ui& ui, const std::string& text);
void Small(const Ui& ui, const std::string& text);  ///< quiet and small
void Toned(const Ui& ui, Tone tone, const std::string& text);
void Wrapped(const std::string& text, float width);  ///< 0: the card's or the window's
/// Cut with "…" where it is longer; then the mouse shows all of it.
void Cut(const std::string& text, float width);
/// Flush with `right`, a place on the screen.
void RightAligned(const std::string& text, float right);
/// Of the item before, when the mouse rests on it.
void Tip(const std::string& text);
/// How much of a whole, 0 to 1, as wide as given and somewhat lower than a line of text.
void Bar(const Ui& ui, float width, double share, Color color);
/// A filled circle as high as a line of text.
void Dot(Color color);
/// In the middle of what is left of the window: why there is nothing.
void EmptyState(const Ui& ui, const char* text);
/// A field to look for text; true when it was changed.
bool FilterField(const Ui& ui, const char* id, std::string& text, float width);
/// The width that a button needs for that text.
float ButtonWidth(const char* text);
/// A button that fits the wider of two texts, so that nothing moves when it says the other.
bool Button(Ui& ui, const char* probe_name, Text text, Text tip, float width = 0);

}  // namespace stressbot::run
