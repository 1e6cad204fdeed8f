#include "tests/schema/JsonSchema.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <regex>
#include <stdexcept>

#include "StressBot/json/JsonNode.h"

namespace stressbot {
namespace {

using Json = JsonSchema::Json;

constexpr bool kIgnoreComments = true;

/// Judges one value by one schema; the first mistake is kept.
class Validator {
 public:
  Validator(const Json& root, const Json& value, std::string path)
      : root_(root), value_(value), path_(std::move(path)) {}

  std::optional<std::string> MistakeBy(const Json& schema) {
    if (schema.is_boolean())
      return schema.get<bool>() ? std::nullopt : Mistake("nothing may stand here");
    if (schema.contains("$ref"))
      return MistakeBy(Referenced(schema));  // what is beside it is unused
    for (const auto& [keyword, rule] : schema.items()) {
      const auto check = Checks().find(keyword);
      if (check == Checks().end()) throw std::logic_error("unknown schema keyword " + keyword);
      if (check->second == nullptr) continue;
      if (auto mistake = (this->*check->second)(rule, schema)) return mistake;
    }
    return std::nullopt;
  }

 private:
  using Found = std::optional<std::string>;
  using Check = Found (Validator::*)(const Json& rule, const Json& schema);

  static const std::map<std::string, Check>& Checks() {
    static const std::map<std::string, Check> kChecks{
        {"$schema", nullptr},
        {"title", nullptr},
        {"description", nullptr},
        {"examples", nullptr},
        {"definitions", nullptr},
        {"patternProperties", nullptr},  // with additionalProperties
        {"then", nullptr},               // with if
        {"else", nullptr},
        {"type", &Validator::Type},
        {"const", &Validator::Const},
        {"enum", &Validator::Enum},
        {"pattern", &Validator::Pattern},
        {"minimum", &Validator::Minimum},
        {"maximum", &Validator::Maximum},
        {"minItems", &Validator::MinItems},
        {"maxItems", &Validator::MaxItems},
        {"items", &Validator::Items},
        {"contains", &Validator::Contains},
        {"minProperties", &Validator::MinProperties},
        {"maxProperties", &Validator::MaxProperties},
        {"required", &Validator::Required},
        {"dependencies", &Validator::Dependencies},
        {"properties", &Validator::Properties},
        {"additionalProperties", &Validator::AdditionalProperties},
        {"propertyNames", &Validator::PropertyNames},
        {"anyOf", &Validator::AnyOf},
        {"allOf", &Validator::AllOf},
        {"not", &Validator::Not},
        {"if", &Validator::If}};
    return kChecks;
  }

  const Json& Referenced(const Json& schema) const {
    return root_.at(Json::json_pointer(schema.at("$ref").get<std::string>().substr(1)));
  }
  Found Mistake(const std::string& what) const { return path_ + ": " + what; }
  Found Unless(bool is_right, const std::string& what, const Json& rule) const {
    return is_right ? std::nullopt : Mistake(what + " " + rule.dump());
  }
  Found Of(const Json& value, std::string path, const Json& schema) const {
    return Validator(root_, value, std::move(path)).MistakeBy(schema);
  }
  bool Fits(const Json& schema) const { return !Of(value_, path_, schema); }

  bool Is(const std::string& type) const {
    return (type == "object" && value_.is_object()) || (type == "array" && value_.is_array()) ||
           (type == "string" && value_.is_string()) || (type == "boolean" && value_.is_boolean()) ||
           (type == "number" && value_.is_number()) ||
           (type == "integer" && value_.is_number_integer());
  }
  Found Type(const Json& rule, const Json& /*schema*/) {
    const bool fits = rule.is_string() ? Is(rule.get<std::string>())
                                       : std::ranges::any_of(rule, [&](const Json& type) {
                                           return Is(type.get<std::string>());
                                         });
    return Unless(fits, "is no", rule);
  }
  Found Const(const Json& rule, const Json& /*schema*/) {
    return Unless(value_ == rule, "is not", rule);
  }
  Found Enum(const Json& rule, const Json& /*schema*/) {
    return Unless(std::ranges::find(rule, value_) != rule.end(), "is none of", rule);
  }
  static bool Matches(const std::string& text, const std::string& pattern) {
    static std::map<std::string, std::regex> known;
    return std::regex_search(text, known.try_emplace(pattern, pattern).first->second);
  }
  Found Pattern(const Json& rule, const Json& /*schema*/) {
    const bool fits =
        !value_.is_string() || Matches(value_.get<std::string>(), rule.get<std::string>());
    return Unless(fits, "does not fit", rule);
  }
  Found Minimum(const Json& rule, const Json& /*schema*/) {
    return Unless(!value_.is_number() || value_ >= rule, "is less than", rule);
  }
  Found Maximum(const Json& rule, const Json& /*schema*/) {
    return Unless(!value_.is_number() || value_ <= rule, "is more than", rule);
  }

  Found MinItems(const Json& rule, const Json& /*schema*/) {
    return Unless(!value_.is_array() || value_.size() >= rule, "has fewer elements than", rule);
  }
  Found MaxItems(const Json& rule, const Json& /*schema*/) {
    return Unless(!value_.is_array() || value_.size() <= rule, "has more elements than", rule);
  }
  Found Items(const Json& rule, const Json& /*schema*/) {
    for (std::size_t i = 0; value_.is_array() && i < value_.size(); ++i)
      if (auto mistake = Of(value_[i], ElementPath(path_, i), rule)) return mistake;
    return std::nullopt;
  }
  Found Contains(const Json& rule, const Json& /*schema*/) {
    const bool fits = !value_.is_array() || std::ranges::any_of(value_, [&](const Json& element) {
      return !Of(element, path_, rule);
    });
    return Unless(fits, "has no element that is", rule);
  }

  Found MinProperties(const Json& rule, const Json& /*schema*/) {
    return Unless(!value_.is_object() || value_.size() >= rule, "has fewer keys than", rule);
  }
  Found MaxProperties(const Json& rule, const Json& /*schema*/) {
    return Unless(!value_.is_object() || value_.size() <= rule, "has more keys than", rule);
  }
  Found Required(const Json& rule, const Json& /*schema*/) {
    for (const Json& key : rule)
      if (value_.is_object() && !value_.contains(key.get<std::string>()))
        return Mistake("lacks " + key.dump());
    return std::nullopt;
  }
  Found Dependencies(const Json& rule, const Json& schema) {
    for (const auto& [key, needed] : rule.items())
      if (value_.is_object() && value_.contains(key))
        if (auto mistake = Required(needed, schema)) return mistake;
    return std::nullopt;
  }
  Found Properties(const Json& rule, const Json& /*schema*/) {
    if (!value_.is_object()) return std::nullopt;
    for (const auto& [key, member] : value_.items())
      if (rule.contains(key))
        if (auto mistake = Of(member, MemberPath(path_, key), rule.at(key))) return mistake;
    return std::nullopt;
  }
  Found AdditionalProperties(const Json& rule, const Json& schema) {
    if (!value_.is_object()) return std::nullopt;
    for (const auto& [key, member] : value_.items()) {
      if (schema.contains("properties") && schema.at("properties").contains(key)) continue;
      const Json patterns = schema.value("patternProperties", Json::object());
      const Json* found = &rule;
      for (const auto& [pattern, of_pattern] : patterns.items())
        if (Matches(key, pattern)) found = &of_pattern;
      if (auto mistake = Of(member, MemberPath(path_, key), *found)) return mistake;
    }
    return std::nullopt;
  }
  Found PropertyNames(const Json& rule, const Json& /*schema*/) {
    if (!value_.is_object()) return std::nullopt;
    for (const auto& [key, member] : value_.items())
      if (auto mistake = Of(Json(key), MemberPath(path_, key), rule)) return mistake;
    return std::nullopt;
  }

  Found AnyOf(const Json& rule, const Json& /*schema*/) {
    std::string mistakes;
    for (const Json& schema : rule) {
      const auto mistake = Of(value_, path_, schema);
      if (!mistake) return std::nullopt;
      mistakes += "\n  " + *mistake;
    }
    return Mistake("fits none of" + mistakes);
  }
  Found AllOf(const Json& rule, const Json& /*schema*/) {
    for (const Json& schema : rule)
      if (auto mistake = Of(value_, path_, schema)) return mistake;
    return std::nullopt;
  }
  Found Not(const Json& rule, const Json& /*schema*/) {
    return Unless(!Fits(rule), "must not be", rule);
  }
  Found If(const Json& rule, const Json& schema) {
    const auto then = schema.find(Fits(rule) ? "then" : "else");
    return then == schema.end() ? std::nullopt : Of(value_, path_, *then);
  }

  const Json& root_;
  const Json& value_;
  std::string path_;
};

}  // namespace

JsonSchema::JsonSchema(std::string name) : name_(std::move(name)) {
  std::ifstream file(STRESSBOT_SCHEMAS "/" + name_);
  root_ = Json::parse(file);
}

const JsonSchema& JsonSchema::Scenario() {
  static const JsonSchema kSchema("scenario.schema.json");
  return kSchema;
}

const JsonSchema& JsonSchema::Protocol() {
  static const JsonSchema kSchema("protocol.schema.json");
  return kSchema;
}

std::optional<std::string> JsonSchema::MistakeIn(std::string_view text) const {
  const Json document = Json::parse(text, nullptr, false, kIgnoreComments);
  if (document.is_discarded()) return std::nullopt;
  return Validator(root_, document, "").MistakeBy(root_);
}

}  // namespace stressbot
