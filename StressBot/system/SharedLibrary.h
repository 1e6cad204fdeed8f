#pragma once
#include <filesystem>
#include <memory>
#include <string>

namespace stressbot {

/// Code that is loaded at run time: lib*.so, *.dll. It stays loaded as long as this lives.
/// Thread: one; what was found in it may be called from any.
class SharedLibrary {
 public:
  /// nullptr when it cannot be loaded: `error` then says why, in the system's words.
  static std::unique_ptr<SharedLibrary> Load(const std::filesystem::path& file, std::string& error);
  /// "hooks/seal" as this system calls such a file: hooks/libseal.so, hooks/seal.dll. A name that
  /// has such an ending already stays as it is.
  static std::filesystem::path FileOf(const std::filesystem::path& name);

  ~SharedLibrary();
  SharedLibrary(const SharedLibrary&) = delete;
  SharedLibrary& operator=(const SharedLibrary&) = delete;

  /// The function of that name, as a pointer to be cast to its type; nullptr when there is none.
  using Function = void (*)();
  Function Find(const char* name) const;

 private:
  explicit SharedLibrary(void* handle) : handle_(handle) {}
  void* handle_;
};

}  // namespace stressbot
