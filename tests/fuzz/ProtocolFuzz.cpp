// Any bytes as a protocol file: it is refused with a sentence or its packets can be found and read.
// The import paths and the headers with ids are replaced, so that no path of the fuzzer's is
// opened; the names of .proto files stay, because they must not lead out of the import paths. The
// bytes are read as such a header, too.

#include <array>
#include <string>

#include "ServerCore/Assert.h"
#include "StressBot/protocol/CppConstants.h"
#include "StressBot/protocol/ProtocolFile.h"
#include "tests/fuzz/FuzzInput.h"

namespace stressbot {
namespace {

void NameOurHeader(JsonDocument::Json& protocol) {
  if (!protocol.is_object() || !protocol.contains("ids") || !protocol["ids"].is_array()) return;
  for (auto& entry : protocol["ids"]) {
    if (entry.is_object() && entry.contains("header")) entry["header"] = "PacketIds.h";
  }
}

void NameOurImportPaths(JsonDocument::Json& protocol) {
  if (!protocol.is_object() || !protocol.contains("payload")) return;
  auto& payload = protocol["payload"];
  if (payload.is_object() && payload.contains("importPaths")) payload["importPaths"] = {"."};
}

void UsePackets(const Protocol& protocol) {
  const servercore::PacketFraming& framing = protocol.framing();
  SC_ASSERT(protocol.header().empty() || protocol.header().size() == framing.header_bytes);
  std::array<std::byte, 64> bytes{};
  SC_ASSERT(framing.header_bytes <= bytes.size());
  for (PacketIndex i = 0; i < protocol.packets().size(); ++i) {
    const PacketType& packet = protocol.packet(i);
    SC_ASSERT(protocol.IndexOfId(packet.id) == i && protocol.IndexOfName(packet.name) == i);
    framing.Write(bytes, framing.header_bytes, packet.id);
    const auto measure = framing.Read(bytes);
    SC_ASSERT(measure.error == servercore::PacketError::kNone && measure.id == packet.id);
    std::ignore = protocol.codec().Describe(i, {});
    std::ignore = protocol.codec().Fields(i);
  }
}

}  // namespace
}  // namespace stressbot

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace stressbot;
  for (const CppConstant& constant : ReadCppConstants(servercore::fuzz::AsText({data, size}))) {
    SC_ASSERT(!constant.name.empty() && constant.line > 0);
  }
  Diagnostics errors;
  const auto read = JsonDocument::Parse(servercore::fuzz::AsText({data, size}), "read", errors);
  if (!read) return 0;
  JsonDocument::Json json = read->root();
  NameOurImportPaths(json);
  NameOurHeader(json);
  const auto document =
      JsonDocument::Parse(json.dump(1), STRESSBOT_FUZZ_DATA "/fuzz.protocol.json", errors);
  SC_ASSERT(document);
  const auto protocol = CompileProtocol(*document, errors);
  SC_ASSERT((protocol != nullptr) == errors.empty());
  if (protocol == nullptr) {
    SC_ASSERT(!errors.ToString().empty());
  } else {
    UsePackets(*protocol);
  }
  return 0;
}
