#include "StressBot/dashboard/ui/Ui.h"

#include <imgui.h>

namespace stressbot {

bool Ui::Pressed(KeyChord chord) const {
  const ImGuiIO& io = ImGui::GetIO();
  return io.KeyCtrl == chord.ctrl && io.KeyShift == chord.shift && io.KeyAlt == chord.alt &&
         ImGui::IsKeyPressed(chord.key, false);
}

}  // namespace stressbot
