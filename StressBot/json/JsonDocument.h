#pragma once
#include <cstddef>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "StressBot/json/Diagnostics.h"
#include "StressBot/json/JsonNode.h"

namespace stressbot {

/// A parsed JSON file (`//` comments allowed, keys in the order of the file, duplicate keys
/// refused) that knows the line of each value. Immutable; nodes point into it, so it stays where it
/// is while they are used.
class JsonDocument {
 public:
  using Json = nlohmann::ordered_json;

  static constexpr std::size_t kFileBytesMax = 16 * 1024 * 1024;
  static constexpr std::size_t kDepthMax = 64;  ///< of objects and lists within each other

  /// nullopt, with at least one Diagnostic more in `errors`, when the file cannot be read or is no
  /// JSON. Diagnostics name the file as it was given.
  static std::optional<JsonDocument> Load(const std::filesystem::path& file, Diagnostics& errors);
  /// The same for text that is in memory; `file_name` is for messages only.
  static std::optional<JsonDocument> Parse(std::string_view text, std::string file_name,
                                           Diagnostics& errors);

  const Json& root() const { return root_; }
  const std::string& file() const { return file_; }
  /// Line (from 1) of that path or of its nearest parent that has one.
  int LineOf(const std::string& path) const;

 private:
  std::string file_;
  Json root_;
  std::map<std::string, int, std::less<>> lines_;  ///< by JSON path as in Diagnostic
};

}  // namespace stressbot
