#include "StressBot/system/Terminal.h"

#include <io.h>
#include <windows.h>

namespace stressbot {

int TerminalColumns(std::FILE* stream) {
  const intptr_t handle = ::_get_osfhandle(::_fileno(stream));
  auto* console = reinterpret_cast<HANDLE>(handle);  // NOLINT: how the system gives it
  CONSOLE_SCREEN_BUFFER_INFO info{};
  DWORD mode = 0;
  if (::GetConsoleMode(console, &mode) == 0) return 0;
  if (::GetConsoleScreenBufferInfo(console, &info) == 0) return 0;
  // Who asks will rewrite lines by escape sequences; a console that cannot is no terminal.
  if (::SetConsoleMode(console,
                       mode | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING) == 0) {
    return 0;
  }
  return info.srWindow.Right - info.srWindow.Left + 1;
}

}  // namespace stressbot
