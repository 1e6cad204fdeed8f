// Any bytes as a JSON file: what is refused is refused with a sentence that a terminal can show,
// and what is read has a line for each value and reads the same when written again.

#include <algorithm>
#include <string>

#include "ServerCore/Assert.h"
#include "StressBot/json/JsonDocument.h"
#include "tests/fuzz/FuzzInput.h"

namespace stressbot {
namespace {

void CheckErrors(const Diagnostics& errors) {
  for (const Diagnostic& error : errors.list()) {
    const std::string text = error.ToString();
    SC_ASSERT(!error.message.empty());
    SC_ASSERT(std::none_of(text.begin(), text.end(), [](char character) {
      const auto byte = static_cast<unsigned char>(character);
      return byte < 0x20 || byte == 0x7F;
    }));
  }
}

void ReadInEveryWay(const JsonNode& node) {
  std::ignore = node.AsString();
  std::ignore = node.AsNumber();
  std::ignore = node.AsUnsigned(65'535);
  std::ignore = node.AsBool();
  std::ignore = node.AsDuration();
  node.OnlyKeys({"size", "id"});
  std::ignore = node.Require("size");
}

void Visit(const JsonDocument& document, const JsonNode& node, int lines, int parent_line) {
  const int line = document.LineOf(node.path());
  SC_ASSERT(line >= parent_line && line <= lines);
  ReadInEveryWay(node);
  if (node.IsObject()) {
    for (const auto& [key, member] : node.Members()) Visit(document, member, lines, line);
  } else if (node.IsArray()) {
    for (const JsonNode& element : node.Elements()) Visit(document, element, lines, line);
  }
}

}  // namespace
}  // namespace stressbot

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace stressbot;
  const std::string_view text = servercore::fuzz::AsText({data, size});
  Diagnostics errors;
  const auto document = JsonDocument::Parse(text, "input.json", errors);
  SC_ASSERT(document.has_value() == errors.empty());
  CheckErrors(errors);
  if (!document) return 0;

  Diagnostics complaints;
  const auto lines = 1 + std::count(text.begin(), text.end(), '\n');
  Visit(*document, JsonNode::Root(*document, complaints), static_cast<int>(lines), 1);
  CheckErrors(complaints);

  const auto again = JsonDocument::Parse(document->root().dump(), "input.json", errors);
  SC_ASSERT(again.has_value() && again->root() == document->root());
  return 0;
}
