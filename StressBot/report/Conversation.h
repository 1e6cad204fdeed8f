#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace stressbot {

/// One line of what a bot and its servers said to each other, decoded.
struct ConversationLine {
  enum class Way : std::uint8_t {
    kSent,
    kReceived,
    kUnwanted,  ///< received, and no step wanted it
    kNote       ///< anything else; the words are the content
  };
  std::chrono::nanoseconds at{};  ///< since the start of the run
  Way way = Way::kNote;
  std::string server{};  ///< empty when there is only one
  std::string packet{};  ///< its name; empty for a note
  std::uint32_t id = 0;
  std::uint32_t bytes = 0;    ///< header included
  std::uint32_t skipped = 0;  ///< packets that came before it and are not shown
  std::string content{};      ///< {name: "bot-0"}
  std::string step{};         ///< that sent or took it; may be empty
};

/// Lines of at most so many columns. Whatever a server sent, a line is one line of valid UTF-8
/// without control characters.
class ConversationFormat {
 public:
  /// `name_columns`: room for "PACKET (ID)"; longer ones push their line to the right.
  ConversationFormat(std::size_t columns, std::size_t name_columns)
      : columns_(columns), name_columns_(name_columns) {}

  /// With its line break; two lines when packets before it are not shown.
  std::string Line(const ConversationLine& line) const;

 private:
  std::string Cut(std::string line) const;

  std::size_t columns_, name_columns_;
};

/// All lines, with a width for names that fits them.
std::string FormatConversation(const std::vector<ConversationLine>& lines, std::size_t columns);

}  // namespace stressbot
