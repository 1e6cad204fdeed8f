#include "StressBot/system/SharedLibrary.h"

#include <dlfcn.h>

namespace stressbot {

std::unique_ptr<SharedLibrary> SharedLibrary::Load(const std::filesystem::path& file,
                                                   std::string& error) {
  // A name without a directory would be looked for among the system's libraries.
  const std::string path = std::filesystem::absolute(file).string();
  void* handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* said = ::dlerror();
    error = said != nullptr ? said : "unknown error";
    return nullptr;
  }
  return std::unique_ptr<SharedLibrary>(new SharedLibrary(handle));
}

std::filesystem::path SharedLibrary::FileOf(const std::filesystem::path& name) {
  if (name.extension() == ".so" || name.extension() == ".dll") return name;
  return name.parent_path() / ("lib" + name.filename().string() + ".so");
}

SharedLibrary::~SharedLibrary() { ::dlclose(handle_); }

SharedLibrary::Function SharedLibrary::Find(const char* name) const {
  return reinterpret_cast<Function>(::dlsym(handle_, name));
}

}  // namespace stressbot
