#include "StressBot/report/Conversation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "StressBot/metrics/Format.h"
#include "StressBot/report/Table.h"
#include "StressBot/report/Utf8.h"

namespace stressbot {
namespace {

constexpr std::size_t kNameColumnsMax = 36;
constexpr std::string_view kCutMark = " ...";

std::string NameOf(const ConversationLine& line) {
  if (line.packet.empty()) return {};
  return fmt::format("{} ({})", ToPrintable(line.packet), line.id);
}

const char* ArrowOf(ConversationLine::Way way) {
  constexpr std::array<const char*, 4> kArrows{"->", "<-", "< ", "--"};
  return kArrows[static_cast<std::size_t>(way)];
}

/// The bytes of the character that begins there. REQUIRES valid UTF-8.
std::size_t CharacterBytes(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

}  // namespace

std::string ConversationFormat::Cut(std::string line) const {
  if (DisplayWidth(line) <= columns_) return line + "\n";
  const std::size_t room = columns_ - std::min(columns_, kCutMark.size());
  std::size_t bytes = 0;
  for (std::size_t width = 0; bytes < line.size();) {
    const std::size_t next = CharacterBytes(line[bytes]);
    width += DisplayWidth(std::string_view(line).substr(bytes, next));
    if (width > room) break;
    bytes += next;
  }
  return line.substr(0, bytes).append(kCutMark) + "\n";
}

std::string ConversationFormat::Line(const ConversationLine& line) const {
  std::string text;
  if (line.skipped > 0) {
    text += Cut(fmt::format("{:>10}  < {} {} not shown", "", FormatCount(line.skipped),
                            line.skipped == 1 ? "packet" : "packets"));
  }
  const double seconds = std::chrono::duration<double>(line.at).count();
  std::string main = fmt::format("{:8.3f} s  {} ", seconds, ArrowOf(line.way));
  if (!line.server.empty()) main += ToPrintable(line.server) + " ";
  if (line.way != ConversationLine::Way::kNote) {
    main += PadRight(NameOf(line), name_columns_) +
            fmt::format(" {:>7}  ", FormatCount(line.bytes) + " B");
    if (line.way == ConversationLine::Way::kUnwanted) main += "(nobody waits for it) ";
  }
  std::string tail;
  if (!line.step.empty() && line.step != line.packet) tail = "  [" + ToPrintable(line.step) + "]";
  // The step is short and tells more than the end of a long packet.
  const std::size_t tail_columns = DisplayWidth(tail);
  const ConversationFormat inner(columns_ > tail_columns ? columns_ - tail_columns : 0, 0);
  std::string cut = inner.Cut(main + ToPrintable(line.content));
  cut.pop_back();
  return text + cut + tail + "\n";
}

std::string FormatConversation(const std::vector<ConversationLine>& lines, std::size_t columns) {
  std::size_t name_columns = 0;
  for (const ConversationLine& line : lines)
    name_columns = std::max(name_columns, DisplayWidth(NameOf(line)));
  const ConversationFormat format(columns, std::min(name_columns, kNameColumnsMax));
  std::string text;
  for (const ConversationLine& line : lines) text += format.Line(line);
  return text;
}

}  // namespace stressbot
