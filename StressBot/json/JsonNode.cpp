#include "StressBot/json/JsonNode.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

#include "StressBot/json/JsonDocument.h"

namespace stressbot {
namespace {

constexpr std::string_view kDurationHelp =
    "write a number with its unit, such as \"250ms\", \"1.5s\" or \"2m\"";

/// What the user wrote, in the words of people who do not know JSON's.
std::string KindOf(const JsonNode::Json& value) {
  switch (value.type()) {
    case JsonNode::Json::value_t::object:
      return "an object";
    case JsonNode::Json::value_t::array:
      return "a list";
    case JsonNode::Json::value_t::string:
      return "text";
    case JsonNode::Json::value_t::boolean:
      return value.get<bool>() ? "true" : "false";
    case JsonNode::Json::value_t::null:
      return "null";
    default:
      return value.dump();
  }
}

bool IsIdentifier(std::string_view key) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !key.empty() && is_letter(key.front()) && std::all_of(key.begin(), key.end(), [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9');
  });
}

}  // namespace

JsonNode JsonNode::Root(const JsonDocument& document, Diagnostics& errors) {
  return {document, document.root(), "", errors};
}

void JsonNode::Error(std::string message) const {
  errors_->Add({document_->file(), document_->LineOf(path_), path_, std::move(message)});
}

void JsonNode::OnlyKeys(const std::vector<std::string>& known) const {
  for (const auto& [key, node] : Members()) {
    if (key == "$schema" || key.starts_with("//")) continue;
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    node.ErrorOfUnknownKey(key, known);
  }
}

void JsonNode::ErrorOfUnknownKey(const std::string& key,
                                 const std::vector<std::string>& known) const {
  const std::string message = "unknown key \"" + key + "\"";
  for (const Diagnostic& told : errors_->list()) {
    if (told.path == path_ && told.file == document_->file() && told.message.starts_with(message)) {
      return;
    }
  }
  errors_->Add(
      {document_->file(), document_->LineOf(path_), path_, message + Suggest(key, known), known});
}

bool JsonNode::Has(std::string_view key) const {
  return value_->is_object() && value_->find(key) != value_->end();
}

std::optional<JsonNode> JsonNode::Find(std::string_view key) const {
  if (!value_->is_object()) return std::nullopt;
  const auto found = value_->find(key);
  if (found == value_->end()) return std::nullopt;
  return JsonNode(*document_, *found, MemberPath(path_, key), *errors_);
}

std::optional<JsonNode> JsonNode::Require(std::string_view key) const {
  if (!value_->is_object()) {
    Error("must be an object with the key \"" + std::string(key) + "\", not " + KindOf(*value_));
    return std::nullopt;
  }
  std::optional<JsonNode> found = Find(key);
  if (found) return found;
  for (const auto& [name, node] : Members()) {
    if (Nearest(name, {std::string(key)}).empty()) continue;
    node.ErrorOfUnknownKey(name, {std::string(key)});
    return std::nullopt;
  }
  Error("the key \"" + std::string(key) + "\" is missing");
  return std::nullopt;
}

std::vector<JsonNode> JsonNode::Elements() const {
  std::vector<JsonNode> elements;
  if (!value_->is_array()) {
    Error("must be a list, not " + KindOf(*value_));
    return elements;
  }
  elements.reserve(value_->size());
  for (std::size_t i = 0; i < value_->size(); ++i) {
    elements.emplace_back(*document_, (*value_)[i], ElementPath(path_, i), *errors_);
  }
  return elements;
}

std::vector<std::pair<std::string, JsonNode>> JsonNode::Members() const {
  std::vector<std::pair<std::string, JsonNode>> members;
  if (!value_->is_object()) {
    Error("must be an object, not " + KindOf(*value_));
    return members;
  }
  members.reserve(value_->size());
  for (const auto& [key, value] : value_->items()) {
    members.emplace_back(key, JsonNode(*document_, value, MemberPath(path_, key), *errors_));
  }
  return members;
}

std::string JsonNode::AsString() const {
  if (value_->is_string()) return value_->get<std::string>();
  Error("must be text in quotes, not " + KindOf(*value_));
  return "";
}

double JsonNode::AsNumber() const {
  if (value_->is_number()) return value_->get<double>();
  Error("must be a number, not " + KindOf(*value_));
  return 0;
}

std::uint64_t JsonNode::AsUnsigned(std::uint64_t most) const {
  if (value_->is_number_unsigned() && value_->get<std::uint64_t>() <= most) {
    return value_->get<std::uint64_t>();
  }
  Error("must be a whole number from 0 to " + std::to_string(most) + ", not " + KindOf(*value_));
  return 0;
}

bool JsonNode::AsBool() const {
  if (value_->is_boolean()) return value_->get<bool>();
  Error("must be true or false, not " + KindOf(*value_));
  return false;
}

std::chrono::nanoseconds JsonNode::AsDuration() const {
  if (!value_->is_string()) {
    Error("must be a duration, not " + KindOf(*value_) + "; " + std::string(kDurationHelp));
    return {};
  }
  const auto duration = ParseDuration(value_->get_ref<const std::string&>());
  if (!duration) Error(value_->dump() + " is no duration; " + std::string(kDurationHelp));
  return duration.value_or(std::chrono::nanoseconds{});
}

std::optional<std::chrono::nanoseconds> ParseDuration(std::string_view text) {
  struct Unit {
    std::string_view name;
    double nanoseconds;
  };
  static constexpr std::array<Unit, 6> kUnits{
      {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}}};

  if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;  // -1, inf
  double amount = 0;
  const auto [rest, failure] =
      std::from_chars(text.data(), text.data() + text.size(), amount, std::chars_format::fixed);
  if (failure != std::errc{}) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(rest - text.data()));
  for (const Unit& candidate : kUnits) {
    if (unit != candidate.name) continue;
    const double nanoseconds = std::round(amount * candidate.nanoseconds);
    // The largest double below 2^63: what does not fit is no duration that anybody means.
    if (nanoseconds > 9.2e18) return std::nullopt;
    return std::chrono::nanoseconds(static_cast<std::int64_t>(nanoseconds));
  }
  return std::nullopt;
}

std::string MemberPath(std::string_view parent, std::string_view key) {
  std::string path(parent);
  if (!IsIdentifier(key)) return path + "[" + JsonNode::Json(key).dump() + "]";
  if (!path.empty()) path += '.';
  return path.append(key);
}

std::string ElementPath(std::string_view parent, std::size_t index) {
  return std::string(parent) + "[" + std::to_string(index) + "]";
}

}  // namespace stressbot
