#pragma once
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace stressbot {

/// Which keys a schema lets the objects of a document have. Follows the parts of JSON Schema that
/// ours use to give keys to objects: $ref into definitions, anyOf, properties,
/// additionalProperties, items.
class SchemaKeys {
 public:
  using Json = nlohmann::ordered_json;

  /// An object of a document whose keys the schema lists.
  struct Place {
    std::string path;        ///< as in Diagnostic
    std::string definition;  ///< of the schema; "" is its root
    Json::json_pointer pointer;
  };

  /// The schema lives longer.
  explicit SchemaKeys(const Json& schema) : root_(schema) {}

  /// All such objects of a document that is valid by the schema.
  std::vector<Place> PlacesIn(const Json& document) const;
  /// By definition, the keys that it lists.
  std::map<std::string, std::set<std::string>> Listed() const;
  /// Definitions' keys that have no description, as "definition.key".
  std::vector<std::string> Undescribed() const;

 private:
  struct At {
    std::string path;
    Json::json_pointer pointer;
  };
  struct Node {
    const Json* schema;
    std::string definition;
  };
  Node Resolved(const Json& schema, const std::string& definition) const;
  bool Fits(const Json& schema, const Json& value) const;
  void Visit(const Node& node, const Json& value, const At& at, std::vector<Place>& out) const;
  void VisitMembers(const Json& schema, const Json& value, const At& at,
                    std::vector<Place>& out) const;

  const Json& root_;
};

}  // namespace stressbot
