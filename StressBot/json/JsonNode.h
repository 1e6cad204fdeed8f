#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "StressBot/json/Diagnostics.h"

namespace stressbot {

class JsonDocument;

/// A value with its place. Asking for what is not there or has the wrong type adds a Diagnostic and
/// gives a default, so that reading goes on and finds the other mistakes. Cheap to copy; the
/// document and the diagnostics live longer than it.
class JsonNode {
 public:
  using Json = nlohmann::ordered_json;
  JsonNode(const JsonDocument& document, const Json& value, std::string path, Diagnostics& errors)
      : document_(&document), value_(&value), path_(std::move(path)), errors_(&errors) {}

  static JsonNode Root(const JsonDocument& document, Diagnostics& errors);

  const Json& json() const { return *value_; }
  const std::string& path() const { return path_; }
  Diagnostics& errors() const { return *errors_; }
  void Error(std::string message) const;  ///< at this value

  bool IsObject() const { return value_->is_object(); }
  bool IsArray() const { return value_->is_array(); }
  bool IsString() const { return value_->is_string(); }
  bool IsNumber() const { return value_->is_number(); }

  /// Refuses keys that are not among these, with a suggestion ("$schema" and keys beginning with
  /// "//" pass). An error too when this is no object.
  void OnlyKeys(const std::vector<std::string>& known) const;
  bool Has(std::string_view key) const;
  std::optional<JsonNode> Find(std::string_view key) const;  ///< no error when missing
  /// An error when missing: at a key of nearly that name when there is one.
  std::optional<JsonNode> Require(std::string_view key) const;
  std::vector<JsonNode> Elements() const;  ///< error unless an array
  /// In the order of the file. Error unless an object.
  std::vector<std::pair<std::string, JsonNode>> Members() const;

  std::string AsString() const;                        ///< or ""
  double AsNumber() const;                             ///< or 0
  std::uint64_t AsUnsigned(std::uint64_t most) const;  ///< whole, from 0 to `most`; or 0
  bool AsBool() const;                                 ///< or false
  /// "250ms", "1.5s", "2m", "1h", "10us"; a bare number is refused because it has no unit. Or 0.
  std::chrono::nanoseconds AsDuration() const;

 private:
  /// At this value, which has that key; once, although both OnlyKeys and Require come across it.
  void ErrorOfUnknownKey(const std::string& key, const std::vector<std::string>& known) const;

  const JsonDocument* document_;
  const Json* value_;
  std::string path_;
  Diagnostics* errors_;
};

/// Reads "250ms" and the like (units ns us ms s m h, no sign); nullopt if it is no duration.
std::optional<std::chrono::nanoseconds> ParseDuration(std::string_view text);

/// Places as Diagnostic::path writes them: `flows.login`, `["odd key"]` for a key that is no
/// identifier.
std::string MemberPath(std::string_view parent, std::string_view key);
std::string ElementPath(std::string_view parent, std::size_t index);  ///< `flows.login[1]`

}  // namespace stressbot
