#include "StressBot/cli/ProtocolCommand.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "StressBot/metrics/Format.h"
#include "StressBot/protocol/ProtocolDraft.h"
#include "StressBot/protocol/ProtocolFile.h"
#include "StressBot/report/FileWriter.h"
#include "StressBot/report/Table.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

namespace {

ExitCode TellMistakes(const Diagnostics& errors) {
  std::string text = errors.ToString();
  if (!text.ends_with('\n')) text += '\n';
  std::fputs(text.c_str(), stderr);
  return ExitCode::kConfiguration;
}

std::string FieldText(servercore::PacketFraming::Field field) {
  return std::to_string(field.bytes) + (field.bytes == 1 ? " byte" : " bytes") + " at " +
         std::to_string(field.offset);
}

std::string HeaderText(const servercore::PacketFraming& framing) {
  std::string counts = "the packet";
  if (!framing.length_counts_header) {
    counts = framing.inner_bytes == 0
                 ? "the payload"
                 : "the payload with the header's last " + std::to_string(framing.inner_bytes);
  }
  return std::to_string(framing.header_bytes) + " bytes, " +
         (framing.big_endian ? "big-endian" : "little-endian") + ": length " +
         FieldText(framing.length) + " (counts " + counts + "), id " + FieldText(framing.id);
}

std::string HexId(std::uint32_t id) {
  std::array<char, 16> text;
  std::snprintf(text.data(), text.size(), "0x%X", static_cast<unsigned>(id));
  return text.data();
}

const char* DirectionText(PacketDirection direction) {
  switch (direction) {
    case PacketDirection::kSend:
      return "send";
    case PacketDirection::kReceive:
      return "receive";
    case PacketDirection::kBoth:
      break;
  }
  return "both";
}

std::string PacketTable(const Protocol& protocol) {
  std::vector<PacketIndex> order;
  for (std::size_t i = 0; i < protocol.packets().size(); ++i) {
    order.push_back(static_cast<PacketIndex>(i));
  }
  std::sort(order.begin(), order.end(), [&protocol](PacketIndex a, PacketIndex b) {
    return protocol.packet(a).id < protocol.packet(b).id;
  });
  Table table({Align::kRight, Align::kRight, Align::kLeft, Align::kLeft, Align::kLeft});
  table.AddRow({"id", "hex", "packet", "bots", "fields"});
  for (const PacketIndex index : order) {
    const PacketType& packet = protocol.packet(index);
    table.AddRow({std::to_string(packet.id), HexId(packet.id), packet.name,
                  DirectionText(packet.direction), protocol.codec().Fields(index)});
  }
  return table.Format("");
}

}  // namespace

ExitCode ShowProtocol(const ProtocolOptions& options) {
  Diagnostics errors;
  const auto protocol = LoadProtocol(PathOf(options.file), errors);
  if (protocol == nullptr) return TellMistakes(errors);
  std::printf("header    %s\n", HeaderText(protocol->framing()).c_str());
  std::printf("packets   %s, of at most %s bytes each; unknown ids %s\n\n%s",
              FormatCount(protocol->packets().size()).c_str(),
              FormatCount(protocol->framing().packet_bytes_max).c_str(),
              protocol->unknown_packets_close() ? "close the connection" : "are counted",
              PacketTable(*protocol).c_str());
  return ExitCode::kPassed;
}

ExitCode DraftProtocolFile(const ProtocolOptions& options) {
  DraftRequest request;
  for (const std::string& file : options.proto_files) request.proto_files.push_back(PathOf(file));
  for (const std::string& path : options.import_paths) {
    request.import_paths.push_back(PathOf(path));
  }
  const std::filesystem::path out = PathOf(options.out_file);
  request.directory = out.parent_path();
  std::error_code failure;
  if (!out.empty() && std::filesystem::exists(out, failure)) {
    std::fprintf(stderr, "%s is there already; name another file, or remove it first\n",
                 options.out_file.c_str());
    return ExitCode::kConfiguration;
  }
  Diagnostics errors;
  const auto draft = DraftProtocol(request, errors);
  if (!draft) return TellMistakes(errors);
  if (out.empty()) {
    std::fputs(draft->text.c_str(), stdout);
    return ExitCode::kPassed;
  }
  if (std::string problem; !WriteFileAtomically(out, draft->text, problem)) {
    std::fprintf(stderr, "%s\n", problem.c_str());
    return ExitCode::kConfiguration;
  }
  std::fprintf(stderr,
               "%s: %zu %s. Look at what is marked CHECK, then: stressbot protocol show %s\n",
               options.out_file.c_str(), draft->packets, draft->packets == 1 ? "packet" : "packets",
               options.out_file.c_str());
  return ExitCode::kPassed;
}

}  // namespace stressbot
