#include "StressBot/system/Environment.h"

#include <windows.h>

#include "ServerCore/io/backends/WindowsText.h"

namespace stressbot {

std::optional<std::string> ReadEnvironment(const std::string& name) {
  const std::wstring wide_name = servercore::ToWide(name);
  std::wstring value(::GetEnvironmentVariableW(wide_name.c_str(), nullptr, 0), L'\0');
  if (value.empty()) return std::nullopt;  // an empty value has its end's zero
  const DWORD length =
      ::GetEnvironmentVariableW(wide_name.c_str(), value.data(), static_cast<DWORD>(value.size()));
  return servercore::ToUtf8({value.data(), length});
}

std::string OwnProgramFile() {
  std::wstring file(MAX_PATH, L'\0');
  for (;;) {
    const DWORD length =
        ::GetModuleFileNameW(nullptr, file.data(), static_cast<DWORD>(file.size()));
    if (length < file.size()) return servercore::ToUtf8({file.data(), length});
    file.resize(2 * file.size());
  }
}

Quoting UsualQuoting() { return Quoting::kCmd; }

std::string SystemName() {
  // Without its version: since Windows 8.1 GetVersionEx tells each program what it asked for.
  return "Windows x86_64";
}

}  // namespace stressbot
