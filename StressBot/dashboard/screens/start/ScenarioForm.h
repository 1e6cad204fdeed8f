#pragma once
#include "StressBot/dashboard/screens/start/FormWidgets.h"

namespace stressbot::start {

/// Name, description, warnings.
void DrawAbout(const Ui& ui, const ListedScenario& scenario);
/// The groups, with their bots and rates; length, scale and seed of the run.
void DrawLoad(Form& form);
/// Which server is started, and the targets.
void DrawServer(Form& form);
/// Nothing where the scenario has none.
void DrawVariables(Form& form);
/// All that is wrong with a scenario, and what to do. True when "look again" was pressed.
bool DrawMistakes(Ui& ui, const ListedScenario& scenario);

}  // namespace stressbot::start
