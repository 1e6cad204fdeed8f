#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stressbot {

/// What a backslash outside of '...' does: it takes the next character as it is, whatever that is,
/// or only if that is a quotation mark (where paths have backslashes).
enum class Backslash : std::uint8_t { kEscapesAll, kEscapesQuotes };

/// Cuts a command into its words without a shell: blanks part words, "..." and '...' keep blanks.
/// Nothing is expanded.
/// Gives nothing and fills `error` with a sentence when a quote is open or there is no word.
std::optional<std::vector<std::string>> SplitCommand(std::string_view command, Backslash backslash,
                                                     std::string& error);

}  // namespace stressbot
