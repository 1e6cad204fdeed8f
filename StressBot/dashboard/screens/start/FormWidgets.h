#pragma once
#include <imgui.h>

#include <string>
#include <string_view>
#include <vector>

#include "StressBot/dashboard/model/RunSettings.h"
#include "StressBot/dashboard/ui/Ui.h"

/// What the parts of the start screen have in common. Thread: the one that draws.
namespace stressbot::start {

/// The chosen scenario and what is edited of it, while one frame is drawn.
struct Form {
  Ui& ui;
  const ListedScenario& scenario;
  RunSettings& settings;
  const std::vector<FieldProblem>& problems;
  bool takes_keys = false;  ///< the first field of the form is to be typed into

  /// What is wrong with that field, as a sentence; nullptr: nothing.
  const char* ProblemOf(std::string_view field) const;
};

void Heading(const Ui& ui, const char* text);
void QuietText(const Ui& ui, const std::string& text);  ///< wrapped
void SmallText(const Ui& ui, const std::string& text);  ///< one line
void ProblemText(const Ui& ui, const char* text);       ///< wrapped

/// A field that is named "start." + `field` for tests, with a red border while something is wrong
/// with it. `width` in the design's pixels, 0: all there is.
void TextField(Form& form, const std::string& field, std::string& text, float width,
               const char* hint = "");
/// Of a value of the file: what it was is shown as hint once the field is emptied, and a changed
/// one stands out.
void EditedField(Form& form, const std::string& field, EditedText& text, float width);

/// A label that is level with fields, in a column of its own; then the cursor is behind it.
void Label(const Ui& ui, const char* text, float width);

/// What comes stands beside the item before if that wide a thing fits there, else below it.
void BesideIfItFits(const Ui& ui, float width);

/// A box over all else, in the middle; true: what is in it is drawn now, then EndBox.
bool BeginBox(const Ui& ui, const char* id);
void EndBox();

/// One that stands out: what one came for. False while it is not enabled. `size` {0, 0}:
/// of other buttons.
bool MainButton(Ui& ui, const char* probe_name, const char* text, bool is_enabled, ImVec2 size);

}  // namespace stressbot::start
