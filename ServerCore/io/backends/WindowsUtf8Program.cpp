#include <windows.h>
// Needs what <windows.h> declares.
#include <shellapi.h>

#include <cstdio>
#include <memory>

#include "ServerCore/io/Utf8Program.h"
#include "ServerCore/io/backends/WindowsText.h"

namespace servercore {

namespace {

/// What main() is given went through the "ANSI" code page, and lost what that has no letters for.
std::vector<std::string> Arguments() {
  int count = 0;
  const std::unique_ptr<LPWSTR, decltype(&::LocalFree)> words(
      ::CommandLineToArgvW(::GetCommandLineW(), &count), &::LocalFree);
  std::vector<std::string> arguments;
  for (int i = 0; words != nullptr && i < count; ++i) {
    arguments.push_back(ToUtf8(words.get()[i]));
  }
  return arguments;
}

}  // namespace

Utf8Program::Utf8Program(int /*argc*/, char** /*argv*/)
    : words_(Arguments()), console_before_(::GetConsoleOutputCP()) {
  for (const std::string& word : words_) pointers_.push_back(word.c_str());
  pointers_.push_back(nullptr);
  if (console_before_ != 0) ::SetConsoleOutputCP(CP_UTF8);
  // As C has it. Wine's library keeps it back where it is no console, so that a program that
  // crashes takes its last words along.
  std::setvbuf(stderr, nullptr, _IONBF, 0);
}

Utf8Program::~Utf8Program() {
  if (console_before_ != 0) ::SetConsoleOutputCP(console_before_);
}

}  // namespace servercore
