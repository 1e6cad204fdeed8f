#pragma once
#include "StressBot/dashboard/ui/Theme.h"

struct ImVec4;

namespace stressbot {

/// Makes ImGui's widgets look like the theme, that many pixels for each of the design's.
void ApplyLook(const Theme& theme, float scale);

/// A window over all below the menu bar; true: what is in it is drawn now. ImGui::End in any case.
bool BeginScreen(const char* id);

/// As ImGui's styles and coloured texts take it.
ImVec4 ToVec4(Color color);

}  // namespace stressbot
