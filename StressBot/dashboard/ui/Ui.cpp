#include "StressBot/dashboard/ui/Ui.h"

#include <imgui.h>

#include "StressBot/dashboard/ui/Hangul.h"

namespace stressbot {

namespace {

constexpr std::size_t kSyllableBytes = 3;
/// A server that writes all there are does not make us load them one after the other for ever.
constexpr std::size_t kRareBytesMax = 500 * kSyllableBytes;

}  // namespace

void Ui::Saw(std::string_view data) {
  if (!HasHangul(data)) return;
  wanted.hangul_data = true;
  const std::string rare = RareHangul(data);
  for (std::size_t i = 0; i < rare.size(); i += kSyllableBytes) {
    const std::string syllable = rare.substr(i, kSyllableBytes);
    const bool is_known = wanted.rare_hangul.find(syllable) != std::string::npos;
    if (!is_known && wanted.rare_hangul.size() < kRareBytesMax) wanted.rare_hangul += syllable;
  }
}

void Ui::Copy(const std::string& text) {
  ImGui::SetClipboardText(text.c_str());
  notice = tr(Text::kCopied);
}

bool Ui::Pressed(KeyChord chord) const {
  const ImGuiIO& io = ImGui::GetIO();
  return io.KeyCtrl == chord.ctrl && io.KeyShift == chord.shift && io.KeyAlt == chord.alt &&
         ImGui::IsKeyPressed(chord.key, false);
}

}  // namespace stressbot
