#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace stressbot {

/// One of the published JSON Schemas, and as much of a draft-07 validator as it needs: a keyword
/// that is not known here ends the test with an exception, so nothing is taken for granted. That
/// other validators see the schemas alike is for schemas_test.py.
class JsonSchema {
 public:
  using Json = nlohmann::ordered_json;

  /// Those of `scenarios/`. They live as long as the program.
  static const JsonSchema& Scenario();
  static const JsonSchema& Protocol();

  JsonSchema(const JsonSchema&) = delete;
  JsonSchema& operator=(const JsonSchema&) = delete;

  const std::string& name() const { return name_; }  ///< scenario.schema.json
  const Json& root() const { return root_; }
  /// What the schema has against the text, with its place; nullopt when it is valid, and when it is
  /// no JSON at all, of which a schema knows nothing.
  std::optional<std::string> MistakeIn(std::string_view text) const;

 private:
  explicit JsonSchema(std::string name);

  std::string name_;
  Json root_;
};

}  // namespace stressbot
