// Runs a fuzz target over files and directories of inputs where there is no fuzzer: the tests
// replay the corpus with it, and you a crash.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void AddInputs(const std::filesystem::path& path, std::vector<std::filesystem::path>& inputs) {
  if (!std::filesystem::is_directory(path)) {
    inputs.push_back(path);
    return;
  }
  for (const auto& entry : std::filesystem::directory_iterator(path))
    AddInputs(entry.path(), inputs);
}

bool Replay(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "cannot read %s\n", path.string().c_str());
    return false;
  }
  // Named before it runs: of a crash it is the last line.
  std::fprintf(stderr, "%s\n", path.string().c_str());
  const std::vector<char> text{std::istreambuf_iterator<char>(file), {}};
  const std::vector<std::uint8_t> bytes(text.begin(), text.end());  // ends where the input does
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::filesystem::path> inputs;
  for (int i = 1; i < argc; ++i) AddInputs(argv[i], inputs);
  std::sort(inputs.begin(), inputs.end());
  if (inputs.empty()) {
    std::fprintf(stderr, "usage: %s FILE_OR_DIRECTORY... (nothing to replay)\n", argv[0]);
    return 2;
  }
  if (!std::all_of(inputs.begin(), inputs.end(), Replay)) return 1;
  std::fprintf(stderr, "%zu inputs, nothing wrong\n", inputs.size());
  return 0;
}
