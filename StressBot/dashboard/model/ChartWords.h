#pragma once
#include <string>
#include <string_view>

#include "StressBot/dashboard/ui/Texts.h"

namespace stressbot {

/// What a chart or one of its lines is called, in that language. Reports call them in English;
/// names that come from the scenario or from servers stay as they are.
std::string ChartWord(Language language, std::string_view english);

}  // namespace stressbot
