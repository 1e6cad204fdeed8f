#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "StressBot/report/RunResult.h"

/// How reports are called that somebody saves in a window.
namespace stressbot {

/// "town_20250713_142501": the scenario and when it started. Only what every file system takes.
std::string ReportStem(const RunResult& result);

/// "town.html", "town.junit.xml": by the name of a ReportFormat.
std::string ReportFileName(std::string_view stem, std::string_view format);

}  // namespace stressbot
