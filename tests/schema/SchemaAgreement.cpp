#include "tests/schema/SchemaAgreement.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "tests/schema/JsonSchema.h"

namespace stressbot {
namespace {

/// What the compilers say of mistakes that need nothing but the text to be seen.
bool IsOfTheText(const Diagnostic& error) {
  constexpr std::array<std::string_view, 9> kWords{
      "the key \"",         "must be text",        "must be a number",
      "must be a list",     "must be an object",   "must be true or false",
      "must be a duration", "must be longer than", "is no duration"};
  if (error.file.starts_with("--")) return false;  // an option's
  return !error.known.empty() || std::ranges::any_of(kWords, [&](std::string_view words) {
    return error.message.find(words) != std::string::npos;
  });
}

}  // namespace

void ExpectSchemaAgrees(SchemaFile file, std::string_view text, bool compiles,
                        const Diagnostics& errors) {
  const JsonSchema& schema =
      file == SchemaFile::kScenario ? JsonSchema::Scenario() : JsonSchema::Protocol();
  const auto mistake = schema.MistakeIn(text);
  if (compiles && mistake)
    ADD_FAILURE() << "the compiler takes this, " << schema.name() << " does not:\n"
                  << *mistake << "in\n"
                  << text;
  if (compiles || mistake) return;
  for (const Diagnostic& error : errors.list())
    if (IsOfTheText(error))
      ADD_FAILURE() << schema.name() << " does not see this mistake: " << error.ToString()
                    << "\nin\n"
                    << text;
}

}  // namespace stressbot
