#include "StressBot/system/KeyReader.h"

#include <windows.h>

namespace stressbot {

// Keys are read as events of the console: how it shows lines stays as it is, so that nothing needs
// to be put back.

std::unique_ptr<KeyReader> KeyReader::Open() {
  DWORD mode = 0;
  if (::GetConsoleMode(::GetStdHandle(STD_INPUT_HANDLE), &mode) == 0) return nullptr;
  return std::unique_ptr<KeyReader>(new KeyReader);
}

KeyReader::~KeyReader() = default;

std::optional<char> KeyReader::Take() {
  const HANDLE console = ::GetStdHandle(STD_INPUT_HANDLE);
  DWORD waiting = 0;
  while (::GetNumberOfConsoleInputEvents(console, &waiting) != 0 && waiting > 0) {
    INPUT_RECORD event{};
    DWORD read = 0;
    if (::ReadConsoleInputW(console, &event, 1, &read) == 0 || read == 0) break;
    if (event.EventType != KEY_EVENT || event.Event.KeyEvent.bKeyDown == 0) continue;
    const wchar_t letter = event.Event.KeyEvent.uChar.UnicodeChar;
    if (letter > 0 && letter < 128) return static_cast<char>(letter);
  }
  return std::nullopt;
}

void RestoreTerminal() noexcept {}

}  // namespace stressbot
