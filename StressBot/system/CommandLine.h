#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stressbot {

/// Cuts a command into its words without a shell: blanks part words, "..." and '...' keep blanks, a
/// backslash outside of '...' takes the next character as it is. Nothing is expanded.
/// Gives nothing and fills `error` with a sentence when a quote is open or there is no word.
std::optional<std::vector<std::string>> SplitCommand(std::string_view command, std::string& error);

}  // namespace stressbot
