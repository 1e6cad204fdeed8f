#include "StressBot/dashboard/model/ReportFiles.h"

#include <algorithm>
#include <array>
#include <utility>

namespace stressbot {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kFileEndings{
    {{"junit", ".junit.xml"}, {"markdown", ".md"}, {"hdr", ".hlog"}, {"html", ".html"}}};

bool IsFileLetter(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || letter == '-' || letter == '_' || byte >= 0x80;
}

}  // namespace

std::string ReportStem(const RunResult& result) {
  std::string stem;
  for (const char letter : result.scenario) stem += IsFileLetter(letter) ? letter : '_';
  if (stem.empty()) stem = "run";
  // 2025-07-13T14:25:01Z
  std::string moment;
  for (const char letter : result.started_at) {
    if (letter >= '0' && letter <= '9') moment += letter;
    if (letter == 'T') moment += '_';
  }
  return moment.empty() ? stem : stem + "_" + moment;
}

std::string ReportFileName(std::string_view stem, std::string_view format) {
  const auto found = std::find_if(kFileEndings.begin(), kFileEndings.end(),
                                  [format](const auto& it) { return it.first == format; });
  if (found != kFileEndings.end()) return std::string(stem).append(found->second);
  return std::string(stem).append(".").append(format);
}

}  // namespace stressbot
