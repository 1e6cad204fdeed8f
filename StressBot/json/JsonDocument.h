#pragma once
#include <chrono>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "StressBot/json/Diagnostics.h"

namespace stressbot {

/// A parsed JSON file (`//` comments allowed, keys in the order of the file, duplicate keys
/// refused) that knows the line of each value.
class JsonDocument {
 public:
  using Json = nlohmann::ordered_json;

  static std::optional<JsonDocument> Load(const std::filesystem::path& file, Diagnostics& errors);
  static std::optional<JsonDocument> Parse(std::string_view text, std::string file_name,
                                           Diagnostics& errors);

  const Json& root() const { return root_; }
  const std::string& file() const { return file_; }
  int LineOf(const std::string& path) const;  ///< of that path or its nearest parent that has one

 private:
  std::string file_;
  Json root_;
  std::map<std::string, int, std::less<>> lines_;  ///< by JSON path as in Diagnostic
};

/// A value with its place. Asking for what is not there or has the wrong type adds a Diagnostic and
/// gives a default, so that reading goes on and finds the other mistakes. Cheap to copy.
class JsonNode {
 public:
  using Json = JsonDocument::Json;
  JsonNode(const JsonDocument& document, const Json& value, std::string path, Diagnostics& errors)
      : document_(&document), value_(&value), path_(std::move(path)), errors_(&errors) {}

  static JsonNode Root(const JsonDocument& document, Diagnostics& errors) {
    return {document, document.root(), "", errors};
  }

  const Json& json() const { return *value_; }
  const std::string& path() const { return path_; }
  Diagnostics& errors() const { return *errors_; }
  void Error(std::string message) const;  ///< at this value

  bool IsObject() const { return value_->is_object(); }
  bool IsArray() const { return value_->is_array(); }
  bool IsString() const { return value_->is_string(); }
  bool IsNumber() const { return value_->is_number(); }

  /// Refuses keys that are not among these, with a suggestion ("$schema" and keys beginning with
  /// "//" pass).
  void OnlyKeys(const std::vector<std::string>& known) const;
  bool Has(std::string_view key) const;
  std::optional<JsonNode> Find(std::string_view key) const;  ///< no error when missing
  std::optional<JsonNode> Require(std::string_view key) const;
  std::vector<JsonNode> Elements() const;                         ///< error unless an array
  std::vector<std::pair<std::string, JsonNode>> Members() const;  ///< error unless an object

  std::string AsString() const;
  double AsNumber() const;
  std::uint64_t AsUnsigned(std::uint64_t most) const;
  bool AsBool() const;
  /// "250ms", "1.5s", "2m", "1h", "10us"; a bare number is refused because it has no unit.
  std::chrono::nanoseconds AsDuration() const;

 private:
  const JsonDocument* document_;
  const Json* value_;
  std::string path_;
  Diagnostics* errors_;
};

/// Reads "250ms" and the like; nullopt if it is no duration.
std::optional<std::chrono::nanoseconds> ParseDuration(std::string_view text);

}  // namespace stressbot
