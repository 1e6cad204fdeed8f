#pragma once
#include <string>
#include <vector>

#include "StressBot/engine/Program.h"
#include "StressBot/json/JsonDocument.h"

namespace stressbot {

bool Contains(const std::vector<std::string>& list, const std::string& word);

/// A duration that must be longer than zero.
Nanoseconds ReadPositiveDuration(const JsonNode& node);
/// A number within [least, most].
double ReadNumber(const JsonNode& node, double least, double most);
/// A whole number from 1; 0 is returned after an error only.
std::uint32_t ReadCount(const JsonNode& node);

/// Whether the text can be a name in `${...}`: letters, digits and _, not beginning with a digit.
bool IsIdentifier(const std::string& text);

}  // namespace stressbot
