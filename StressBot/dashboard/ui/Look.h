#pragma once
#include "StressBot/dashboard/ui/Theme.h"

struct ImVec4;

namespace stressbot {

/// Makes ImGui's widgets look like the theme, that many pixels for each of the design's.
void ApplyLook(const Theme& theme, float scale);

/// As ImGui's styles and coloured texts take it.
ImVec4 ToVec4(Color color);

}  // namespace stressbot
