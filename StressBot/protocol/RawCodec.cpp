#include "StressBot/protocol/RawCodec.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "ServerCore/packet/Unicode.h"
#include "StressBot/protocol/Description.h"
#include "StressBot/protocol/Hex.h"
#include "StressBot/protocol/PathText.h"

namespace stressbot {
namespace {

std::optional<RawTemplate> CompileRaw(const FieldNode& root, CompileError& error) {
  const auto& members = std::get<FieldNode::Members>(root.content);
  if (members.empty()) return RawTemplate(std::vector<std::byte>{});
  const auto& [name, node] = members.front();
  const bool is_hex = name == "hex";
  if (!is_hex && name != "text") {
    error = {node.where,
             "no field " + Quote(name) + " in a raw packet; it takes \"text\" or \"hex\""};
    return std::nullopt;
  }
  if (members.size() > 1) {
    error = {members[1].node.where,
             "a raw packet has one field: either \"text\" or \"hex\", all of its payload"};
    return std::nullopt;
  }
  if (const auto* argument = std::get_if<FieldNode::Argument>(&node.content)) {
    return RawTemplate(argument->index, is_hex);
  }
  const auto* value = std::get_if<Value>(&node.content);
  const std::string* text = value != nullptr ? std::get_if<std::string>(value) : nullptr;
  if (text == nullptr) {
    error = {node.where, Quote(name) + " takes text in quotes"};
    return std::nullopt;
  }
  std::vector<std::byte> bytes(text->size());
  if (!is_hex) {
    std::transform(text->begin(), text->end(), bytes.begin(),
                   [](char c) { return static_cast<std::byte>(c); });
    return RawTemplate(std::move(bytes));
  }
  if (!IsHex(*text)) {
    error = {node.where, "is no hex; write pairs of digits, such as \"0a ff\""};
    return std::nullopt;
  }
  if (!bytes.empty()) {  // or there is no place to write to
    bytes.resize(static_cast<std::size_t>(WriteHex(*text, bytes.data()) - bytes.data()));
  }
  return RawTemplate(std::move(bytes));
}

/// Whether a person can read it: valid UTF-8 without control characters.
bool IsReadable(std::string_view text) {
  while (!text.empty()) {
    const std::size_t bytes = servercore::Utf8CharacterBytes(text);
    const bool is_control = text.front() >= 0 && text.front() < ' ' && text.front() != '\n';
    if (bytes == 0 || is_control || text.front() == '\x7F') return false;
    text.remove_prefix(bytes);
  }
  return true;
}

}  // namespace

std::optional<FieldPath> RawCodec::CompilePath(PacketIndex /*packet*/, std::string_view path,
                                               CompileError& error) const {
  error = {};
  const std::vector<std::string_view> names = SplitAtDots(path);
  if (path == "size") return FieldPath(RawPath(RawPath::What::kSize));
  if (names.front() != "text" && names.front() != "hex") {
    error.message = "no field " + Quote(path) +
                    " in a raw packet; it has \"text\", \"hex\" and \"size\", and \"hex.4.8\" is 8 "
                    "bytes from the fifth on";
    return std::nullopt;
  }
  const auto what = names.front() == "hex" ? RawPath::What::kHex : RawPath::What::kText;
  std::vector<std::size_t> numbers;
  for (std::size_t i = 1; i < names.size(); ++i) {
    const auto number = ParseElementIndex(names[i]);
    if (!number || numbers.size() == 2) {
      error.message = Quote(path) + " is no part of a payload; write it as \"" +
                      std::string(names.front()) + ".4.8\", 8 bytes from the fifth on, or \"" +
                      std::string(names.front()) + ".4\", all from the fifth on";
      return std::nullopt;
    }
    numbers.push_back(*number);
  }
  if (numbers.empty()) return FieldPath(RawPath(what));
  return FieldPath(
      RawPath(what, numbers[0], numbers.size() == 2 ? std::optional(numbers[1]) : std::nullopt));
}

std::optional<PacketTemplate> RawCodec::CompileTemplate(PacketIndex packet, const FieldNode& root,
                                                        CompileError& error) const {
  error = {};
  std::optional<RawTemplate> raw = CompileRaw(root, error);
  if (!raw) return std::nullopt;
  const std::size_t constant_bytes = raw->constant_bytes();
  return MakeTemplate(protocol_, packet, constant_bytes, std::move(*raw), root.where, error);
}

std::string RawCodec::Describe(PacketIndex /*packet*/, std::span<const std::byte> payload) const {
  const std::string_view text(reinterpret_cast<const char*>(payload.data()), payload.size());
  std::string description;
  if (payload.empty()) return "{}";
  if (IsReadable(text)) {
    AppendQuoted(text, description += "{text: ");
  } else {
    AppendHex(payload.first(std::min(payload.size(), kDescriptionMax)), description += "{hex: ");
  }
  return Shortened(description + "}");
}

}  // namespace stressbot
