#include "tests/schema/SchemaFiles.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace stressbot {
namespace {

std::string TextOf(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<SchemaSample> FilesIn(const std::string& directory) {
  std::vector<SchemaSample> files;
  for (const auto& entry : std::filesystem::directory_iterator(STRESSBOT_ROOT + directory)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".json") && !name.ends_with(".schema.json"))
      files.push_back({entry.path().generic_string(), TextOf(entry.path())});
  }
  std::ranges::sort(files, {}, &SchemaSample::name);
  return files;
}

void AddExamplesOf(const std::filesystem::path& page, std::vector<SchemaSample>& out) {
  const std::string text = TextOf(page);
  const std::string begin = "```json\n// file: ";
  for (std::size_t at = text.find(begin); at != std::string::npos; at = text.find(begin, at + 1)) {
    const std::size_t name = at + begin.size();
    const std::size_t line_end = text.find('\n', name);
    const std::size_t end = text.find("\n```", line_end);
    out.push_back(
        {text.substr(name, line_end - name), text.substr(line_end + 1, end - line_end - 1)});
  }
}

}  // namespace

std::vector<SchemaSample> ShippedFiles() {
  std::vector<SchemaSample> files = FilesIn("/scenarios");
  std::ranges::move(FilesIn("/scenarios/hostile"), std::back_inserter(files));
  return files;
}

std::vector<SchemaSample> TestedFiles() {
  std::vector<SchemaSample> files = FilesIn("/tests/e2e/scenarios");
  std::ranges::move(FilesIn("/tests/bench/scenarios"), std::back_inserter(files));
  return files;
}

std::vector<SchemaSample> EverythingFiles() {
  std::vector<SchemaSample> files = FilesIn("/tests/schema/data");
  for (SchemaSample& file : files) {  // the build makes hooks somewhere else
    const std::string folder = "\"hooks/";
    const std::size_t at = file.text.find(folder);
    if (at != std::string::npos)
      file.text.replace(at, folder.size(), std::string("\"") + STRESSBOT_HOOKS + "/");
  }
  return files;
}

std::vector<SchemaSample> DocumentExamples() {
  std::vector<SchemaSample> examples;
  for (const char* directory : {"", "/docs"})
    for (const auto& entry :
         std::filesystem::directory_iterator(std::string(STRESSBOT_ROOT) + directory))
      if (entry.path().extension() == ".md") AddExamplesOf(entry.path(), examples);
  return examples;
}

}  // namespace stressbot
