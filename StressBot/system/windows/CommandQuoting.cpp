#include "StressBot/system/windows/CommandQuoting.h"

#include "ServerCore/io/backends/WindowsText.h"

namespace stressbot {

namespace {

/// Backslashes mean themselves, except before a quotation mark: there two stand for one.
void AppendWord(std::wstring_view word, std::wstring& line) {
  if (!line.empty()) line += L' ';
  if (!word.empty() && word.find_first_of(L" \t\n\v\"") == std::wstring_view::npos) {
    line += word;
    return;
  }
  line += L'"';
  std::size_t backslashes = 0;
  for (const wchar_t letter : word) {
    if (letter == L'"') line.append(backslashes + 1, L'\\');
    backslashes = letter == L'\\' ? backslashes + 1 : 0;
    line += letter;
  }
  line.append(backslashes, L'\\');
  line += L'"';
}

}  // namespace

std::wstring JoinWords(const std::vector<std::string>& words) {
  std::wstring line;
  for (const std::string& word : words) AppendWord(servercore::ToWide(word), line);
  return line;
}

}  // namespace stressbot
