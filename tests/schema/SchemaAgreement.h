#pragma once
#include <string_view>

#include "StressBot/json/Diagnostics.h"

namespace stressbot {

enum class SchemaFile { kScenario, kProtocol };

/// For every text that a test gives to a compiler: what the compiler takes is valid by the
/// published schema, and a mistake that a schema can see (an unknown or missing key, a wrong type
/// or word) is refused by it. Fails the test otherwise.
void ExpectSchemaAgrees(SchemaFile schema, std::string_view text, bool compiles,
                        const Diagnostics& errors);

}  // namespace stressbot
