#include "StressBot/system/SharedLibrary.h"

#include <windows.h>

#include <system_error>

#include "StressBot/system/Utf8Path.h"

namespace stressbot {

std::unique_ptr<SharedLibrary> SharedLibrary::Load(const std::filesystem::path& file,
                                                   std::string& error) {
  // What it needs itself is looked for beside it, then where programs find theirs.
  const std::wstring path = std::filesystem::absolute(file).wstring();
  HMODULE handle = ::LoadLibraryExW(
      path.c_str(), nullptr, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS);
  if (handle == nullptr) {
    const auto code = static_cast<int>(::GetLastError());
    error = "error " + std::to_string(code) + ", " +
            ReasonOf(std::error_code(code, std::system_category()));
    return nullptr;
  }
  return std::unique_ptr<SharedLibrary>(new SharedLibrary(handle));
}

std::filesystem::path SharedLibrary::FileOf(const std::filesystem::path& name) {
  if (name.extension() == L".dll" || name.extension() == L".so") return name;
  return name.parent_path() / (name.filename().wstring() + L".dll");
}

SharedLibrary::~SharedLibrary() { ::FreeLibrary(static_cast<HMODULE>(handle_)); }

SharedLibrary::Function SharedLibrary::Find(const char* name) const {
  return reinterpret_cast<Function>(
      reinterpret_cast<void*>(::GetProcAddress(static_cast<HMODULE>(handle_), name)));
}

}  // namespace stressbot
