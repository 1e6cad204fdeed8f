#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "StressBot/engine/Program.h"
#include "StressBot/json/Diagnostics.h"

namespace stressbot {

/// Limits of a feed's file.
inline constexpr std::size_t kFeedBytesMax = 64 * 1024 * 1024;
inline constexpr std::size_t kFeedRowsMax = 1'000'000;
inline constexpr std::size_t kFeedColumnsMax = 100;

/// A byte order mark in front, as Excel and Notepad write it, is no part of a text.
inline std::string_view WithoutByteOrderMark(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  return text.starts_with(kMark) ? text.substr(kMark.size()) : text;
}

/// Reads CSV as RFC 4180 writes it: a header row, commas, fields in quotes where they need them
/// (with "" for a quote), lines that end in LF or CRLF; UTF-8, a byte order mark may stand in
/// front. An unquoted field that is a number, true or false is one if it reads the same when it is
/// written again; everything else is text. Empty lines are no rows.
/// nullptr with at least one Diagnostic in `errors`; `file` is for messages.
std::shared_ptr<const FeedTable> ReadCsv(std::string_view text, const std::string& file,
                                         Diagnostics& errors);

/// Reads JSON lines: an object of texts, numbers, true and false on each line, all with the keys of
/// the first.
std::shared_ptr<const FeedTable> ReadJsonLines(std::string_view text, const std::string& file,
                                               Diagnostics& errors);

}  // namespace stressbot
