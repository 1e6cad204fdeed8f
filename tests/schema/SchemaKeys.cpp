#include "tests/schema/SchemaKeys.h"

#include <algorithm>

#include "StressBot/json/JsonNode.h"

namespace stressbot {
namespace {

using Json = SchemaKeys::Json;

constexpr std::string_view kDefinitions = "#/definitions/";

bool ListsKeys(const Json& schema) {
  return schema.is_object() && schema.contains("properties") &&
         schema.value("additionalProperties", Json(true)) == Json(false);
}

bool HasType(const Json& type, const Json& value) {
  if (type.is_array())
    return std::ranges::any_of(type, [&](const Json& one) { return HasType(one, value); });
  return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
         (type == "string" && value.is_string()) || (type == "boolean" && value.is_boolean()) ||
         (type == "number" && value.is_number()) ||
         (type == "integer" && value.is_number_integer());
}

/// Whether it is the schema's fixed word, or one of them.
bool HasWord(const Json& schema, const Json& value) {
  if (schema.contains("const")) return schema.at("const") == value;
  return !schema.contains("enum") || std::ranges::count(schema.at("enum"), value) > 0;
}

}  // namespace

SchemaKeys::Node SchemaKeys::Resolved(const Json& schema, const std::string& definition) const {
  if (!schema.is_object() || !schema.contains("$ref")) return {&schema, definition};
  const std::string name = schema.at("$ref").get<std::string>().substr(kDefinitions.size());
  return Resolved(root_.at("definitions").at(name), name);
}

/// Whether the value may be of this branch of an anyOf: by its type, its keys and their fixed
/// words.
bool SchemaKeys::Fits(const Json& branch, const Json& value) const {
  const Json& schema = *Resolved(branch, "").schema;
  if (schema.contains("anyOf"))
    return std::ranges::any_of(schema.at("anyOf"),
                               [&](const Json& one) { return Fits(one, value); });
  if (schema.contains("type") && !HasType(schema.at("type"), value)) return false;
  if (!HasWord(schema, value)) return false;
  if (!value.is_object()) return true;
  for (const Json& key : schema.value("required", Json::array()))
    if (!value.contains(key.get<std::string>())) return false;
  if (!ListsKeys(schema)) return true;
  return std::ranges::all_of(value.items(), [&](const auto& member) {
    const auto known = schema.at("properties").find(member.key());
    if (known == schema.at("properties").end()) return member.key().starts_with("//");
    return HasWord(*Resolved(*known, "").schema, member.value());
  });
}

std::vector<SchemaKeys::Place> SchemaKeys::PlacesIn(const Json& document) const {
  std::vector<Place> places;
  Visit({&root_, ""}, document, At{"", Json::json_pointer()}, places);
  return places;
}

void SchemaKeys::Visit(const Node& given, const Json& value, const At& at,
                       std::vector<Place>& out) const {
  const Node node = Resolved(*given.schema, given.definition);
  if (!node.schema->is_object()) return;  // true: anything
  const Json& schema = *node.schema;
  if (schema.contains("anyOf"))
    for (const Json& branch : schema.at("anyOf"))
      if (Fits(branch, value)) Visit({&branch, node.definition}, value, at, out);
  if (value.is_object()) {
    if (ListsKeys(schema)) out.push_back({at.path, node.definition, at.pointer});
    VisitMembers(schema, value, at, out);
  }
  if (value.is_array() && schema.contains("items"))
    for (std::size_t i = 0; i < value.size(); ++i)
      Visit({&schema.at("items"), ""}, value[i], {ElementPath(at.path, i), at.pointer / i}, out);
}

void SchemaKeys::VisitMembers(const Json& schema, const Json& value, const At& at,
                              std::vector<Place>& out) const {
  for (const auto& [key, member] : value.items()) {
    const Json* found = nullptr;
    if (schema.contains("properties") && schema.at("properties").contains(key)) {
      found = &schema.at("properties").at(key);
    } else if (schema.contains("additionalProperties")) {
      found = &schema.at("additionalProperties");
    }
    if (found != nullptr)
      Visit({found, ""}, member, {MemberPath(at.path, key), at.pointer / key}, out);
  }
}

std::map<std::string, std::set<std::string>> SchemaKeys::Listed() const {
  std::map<std::string, std::set<std::string>> listed;
  const auto add = [&](const std::string& name, const Json& schema) {
    if (!ListsKeys(schema)) return;
    for (const auto& [key, property] : schema.at("properties").items()) listed[name].insert(key);
  };
  add("", root_);
  for (const auto& [name, schema] : root_.at("definitions").items()) add(name, schema);
  return listed;
}

std::vector<std::string> SchemaKeys::Undescribed() const {
  std::vector<std::string> undescribed;
  const auto judge = [&](const std::string& name, const Json& schema) {
    if (!ListsKeys(schema)) return;
    for (const auto& [key, property] : schema.at("properties").items())
      if (!property.contains("description") &&
          !Resolved(property, "").schema->contains("description"))
        undescribed.push_back(name + "." + key);
  };
  judge("", root_);
  for (const auto& [name, schema] : root_.at("definitions").items()) judge(name, schema);
  return undescribed;
}

}  // namespace stressbot
