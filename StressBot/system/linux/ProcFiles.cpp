#include "StressBot/system/linux/ProcFiles.h"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string_view>
#include <system_error>

namespace stressbot {

namespace {

namespace fs = std::filesystem;

std::optional<std::int64_t> ToNumber(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

fs::path DirectoryOf(std::int64_t pid) { return fs::path("/proc") / std::to_string(pid); }

/// Visits the entries of a directory that may vanish meanwhile.
template <typename F>
void ForEachEntry(const fs::path& directory, F&& visit) {
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    visit(entry->path());
  }
}

}  // namespace

std::vector<std::string> StatFields(std::int64_t pid) {
  std::ifstream file(DirectoryOf(pid) / "stat");
  std::string text;
  // Not by an iterator, which throws when the process ends while it is read.
  std::getline(file, text, '\0');
  // The name of the program stands in brackets and may hold blanks and brackets itself.
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream words(text.substr(name_end + 1));
  return {std::istream_iterator<std::string>(words), {}};
}

std::int64_t StatField(const std::vector<std::string>& fields, std::size_t number) {
  constexpr std::size_t kFirst = 3;
  const std::size_t index = number - kFirst;
  return index < fields.size() ? ToNumber(fields[index]).value_or(0) : 0;
}

std::vector<std::int64_t> ProcessIds() {
  std::vector<std::int64_t> ids;
  ForEachEntry("/proc", [&ids](const fs::path& path) {
    if (const auto id = ToNumber(path.filename().string())) ids.push_back(*id);
  });
  return ids;
}

std::vector<std::string> DescriptorTargets(std::int64_t pid) {
  std::vector<std::string> targets;
  ForEachEntry(DirectoryOf(pid) / "fd", [&targets](const fs::path& path) {
    std::error_code error;
    const fs::path target = fs::read_symlink(path, error);
    if (!error) targets.push_back(target.string());
  });
  return targets;
}

int CountDescriptors(std::int64_t pid) {
  int count = 0;
  ForEachEntry(DirectoryOf(pid) / "fd", [&count](const fs::path&) { ++count; });
  return count;
}

std::int64_t ReadNumberFile(const std::string& path, std::int64_t otherwise) {
  std::ifstream file(path);
  std::int64_t number = 0;
  return file >> number ? number : otherwise;
}

}  // namespace stressbot
