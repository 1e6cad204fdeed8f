#include "StressBot/system/OwnConsole.h"

#include <windows.h>

#include <cstdio>

#include "ServerCore/io/backends/WindowsText.h"

namespace stressbot {

namespace {

bool IsConsole(DWORD which) {
  DWORD mode = 0;
  return ::GetConsoleMode(::GetStdHandle(which), &mode) != 0;
}

/// A command line would be one of those that are attached too.
bool IsAloneInConsole() {
  DWORD processes[2] = {};
  return ::GetConsoleProcessList(processes, 2) == 1;
}

}  // namespace

OwnConsole::OwnConsole()
    : is_open_(IsAloneInConsole()), shows_errors_(is_open_ && IsConsole(STD_ERROR_HANDLE)) {}

OwnConsole::~OwnConsole() {
  if (!is_open_ || !shows_errors_) return;
  std::fputs("\nPress Enter to close this window.\n", stderr);
  for (int read = std::getc(stdin); read != EOF && read != '\n';) read = std::getc(stdin);
}

void OwnConsole::Close() {
  if (!is_open_) return;
  ::FreeConsole();
  is_open_ = false;
}

void OwnConsole::TellError(const std::string& text) const {
  std::fprintf(stderr, "%s\n", text.c_str());
  if (is_open_ || !shows_errors_) return;
  ::MessageBoxW(nullptr, servercore::ToWide(text).c_str(), L"StressBot", MB_OK | MB_ICONERROR);
}

}  // namespace stressbot
