#include "StressBot/report/FileWriter.h"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <random>
#include <system_error>

#include "StressBot/system/Utf8Path.h"

namespace stressbot {

namespace {

namespace fs = std::filesystem;

/// A name that no other run takes, in the same folder: a rename cannot cross file systems.
fs::path TemporaryBeside(const fs::path& path) {
  std::random_device random;
  fs::path temporary = path;
  temporary += fmt::format(".{}.tmp", random());
  return temporary;
}

std::error_code WriteText(const fs::path& path, std::string_view text) {
  errno = 0;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  if (file) return {};
  return errno != 0 ? std::error_code(errno, std::generic_category())
                    : std::make_error_code(std::errc::io_error);
}

/// Why it failed, and what to do where that is plain.
std::string Explain(const fs::path& path, std::error_code failure) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  std::error_code ignored;
  const std::string start = "Could not write " + Utf8Of(path) + ": ";
  if (!fs::exists(folder, ignored)) {
    return start + "the folder " + Utf8Of(folder) +
           " does not exist. Create it, or name another one.";
  }
  if (fs::is_directory(path, ignored)) {
    return start + "it is a folder. Name a file in it.";
  }
  if (failure == std::errc::no_space_on_device)
    return start + ReasonOf(failure) + ". Make room there, or name a file elsewhere.";
  return start + ReasonOf(failure) + ".";
}

/// Where the text must end up: behind a symbolic link, not in its place.
fs::path ResolveLink(const fs::path& path) {
  std::error_code failure;
  const fs::path resolved =
      fs::is_symlink(path, failure) ? fs::weakly_canonical(path, failure) : path;
  return failure ? path : resolved;
}

}  // namespace

bool WriteFileAtomically(const fs::path& path, std::string_view text, std::string& error) {
  const fs::path target = ResolveLink(path);
  std::error_code failure;
  const fs::file_status status = fs::status(target, failure);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    failure = WriteText(target, text);
  } else {
    const fs::path temporary = TemporaryBeside(target);
    failure = WriteText(temporary, text);
    if (!failure) fs::rename(temporary, target, failure);
    std::error_code ignored;
    if (failure) fs::remove(temporary, ignored);
  }
  if (failure) error = Explain(target, failure);
  return !failure;
}

}  // namespace stressbot
