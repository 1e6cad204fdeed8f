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

/// Whose rules a line follows that a user pastes into a terminal.
enum class Quoting : std::uint8_t { kPosix, kCmd };

/// The words as one line that the shell takes for just these words; those that need no quotes have
/// none. For kPosix SplitCommand takes it so too, whatever a backslash does there.
/// kCmd: as Microsoft's C library cuts a line; cmd itself still expands a %NAME% that exists, for
/// which it knows no quotes.
std::string JoinCommand(const std::vector<std::string>& words, Quoting quoting);

}  // namespace stressbot
