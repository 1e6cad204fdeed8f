#pragma once
#include "StressBot/dashboard/ui/Ui.h"

namespace stressbot {

/// The keys that work everywhere, before anything else of a frame.
void ObeyViewKeys(Ui& ui);

/// Theme, language and size; inside of a menu bar.
void DrawViewMenu(Ui& ui);
/// The list of keys; inside of a menu bar.
void DrawHelpMenu(Ui& ui);

/// What lies above all screens: the list of keys and the notice. After them.
void DrawOverlays(Ui& ui);

}  // namespace stressbot
