#pragma once
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "StressBot/json/Diagnostics.h"

namespace stressbot {

/// What a protocol file is to be drafted from.
struct DraftRequest {
  std::vector<std::filesystem::path> proto_files;
  std::vector<std::filesystem::path> import_paths;  ///< empty: found by what the files import
  std::filesystem::path directory;                  ///< where the draft will be: paths start there
};

struct ProtocolDraft {
  std::string text;  ///< a protocol file with comments that say what was guessed
  std::size_t packets = 0;
};

/// A protocol file to start from: ids, directions and packets guessed from the names in the .proto
/// files, the header the course's. nullopt when the files cannot be read; why is in `errors`.
std::optional<ProtocolDraft> DraftProtocol(const DraftRequest& request, Diagnostics& errors);

}  // namespace stressbot
