#include "StressBot/report/LastLines.h"

#include <algorithm>

namespace stressbot {

namespace {

/// "==123==ERROR: AddressSanitizer: heap-use-after-free on ...", "WARNING: ThreadSanitizer: ...",
/// "room.cpp:12:5: runtime error: ...".
bool BeginsReport(const std::string& line) {
  if (line.find(": runtime error: ") != std::string::npos) return true;
  const std::size_t at = line.find("Sanitizer: ");
  return at != std::string::npos && line.rfind("SUMMARY: ", at) == std::string::npos;
}

}  // namespace

std::vector<std::string> LinesThatTell(const std::vector<std::string>& last_lines) {
  constexpr std::ptrdiff_t kShown = 50;
  constexpr std::ptrdiff_t kBefore = 5;
  auto from = std::find_if(last_lines.begin(), last_lines.end(), BeginsReport);
  from -= std::min(from == last_lines.end() ? kShown : kBefore, from - last_lines.begin());
  return {from, from + std::min(kShown, last_lines.end() - from)};
}

}  // namespace stressbot
