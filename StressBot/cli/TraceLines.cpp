#include "StressBot/cli/TraceLines.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <string>

#include "StressBot/cli/HexText.h"
#include "StressBot/system/Terminal.h"

namespace stressbot {
namespace {

using Kind = TraceHead::Kind;
using Way = ConversationLine::Way;

Way WayOf(Kind kind) {
  switch (kind) {
    case Kind::kSent:
      return Way::kSent;
    case Kind::kTaken:
      return Way::kReceived;
    case Kind::kUnwanted:
    case Kind::kUnknown:
      return Way::kUnwanted;
    case Kind::kNote:
      break;
  }
  return Way::kNote;
}

std::string ContentOf(const TraceRecord& record, const Protocol& protocol) {
  const std::size_t payload = record.head.packet_bytes - protocol.framing().header_bytes;
  if (record.bytes.size() < payload) return "begins with " + HexText(record.bytes);
  const PacketIndex packet = protocol.IndexOfId(record.head.packet_id);
  if (packet == kUnknownPacket) return HexText(record.bytes);
  return protocol.codec().Describe(packet, record.bytes);
}

}  // namespace

ConversationLine LineOf(const TraceRecord& record, const Program& program) {
  const TraceHead& head = record.head;
  ConversationLine line;
  line.at = head.at;
  line.way = WayOf(head.kind);
  const Server& server = program.servers[head.server];
  if (head.kind == Kind::kNote) {
    line.content.assign(reinterpret_cast<const char*>(record.bytes.data()), record.bytes.size());
    return line;
  }
  if (program.servers.size() > 1) line.server = server.name;
  const PacketIndex packet = server.protocol->IndexOfId(head.packet_id);
  line.packet = packet == kUnknownPacket ? "unknown" : server.protocol->packet(packet).name;
  line.id = head.packet_id;
  line.bytes = head.packet_bytes;
  line.content = ContentOf(record, *server.protocol);
  if (head.step != nullptr) line.step = *head.step;
  return line;
}

std::vector<ConversationLine> LinesOf(const std::vector<TraceRecord>& records,
                                      const Program& program) {
  std::vector<ConversationLine> lines;
  std::array<std::optional<std::uint32_t>, kConnectionsMax> received;
  for (const TraceRecord& record : records) {
    ConversationLine& line = lines.emplace_back(LineOf(record, program));
    const bool is_received = line.way == Way::kReceived || line.way == Way::kUnwanted;
    std::optional<std::uint32_t>& before = received[record.head.server];
    // Less than before: it is another connection.
    const std::uint32_t others = record.head.received - (is_received ? 1U : 0U);
    if (before && others > *before) line.skipped = others - *before;
    before = record.head.received;
  }
  return lines;
}

std::size_t OutputColumns() {
  constexpr std::size_t kOfFiles = 160;
  const int columns = TerminalColumns(stdout);
  return columns > 0 ? static_cast<std::size_t>(columns) : kOfFiles;
}

std::size_t PacketNameColumns(const Program& program) {
  constexpr std::size_t kMost = 36;
  std::size_t columns = 0;
  for (const Server& server : program.servers)
    for (const PacketType& packet : server.protocol->packets())
      columns = std::max(columns, packet.name.size() + std::to_string(packet.id).size() + 3);
  return std::min(columns, kMost);
}

}  // namespace stressbot
