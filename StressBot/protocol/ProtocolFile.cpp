#include "StressBot/protocol/ProtocolFile.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "StressBot/protocol/EnvelopeFile.h"
#include "StressBot/protocol/HeaderLayout.h"
#include "StressBot/protocol/HookFile.h"
#include "StressBot/protocol/PacketIds.h"
#include "StressBot/protocol/PayloadSource.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {
namespace {

bool ReadUnknownPacketsClose(const JsonNode& root) {
  const auto node = root.Find("unknownPackets");
  if (!node) return false;
  const std::string word = node->AsString();
  if (word != "count" && word != "close" && node->IsString()) {
    node->Error("unknown \"" + word + "\"" + Suggest(word, {"count", "close"}));
  }
  return word == "close";
}

}  // namespace

std::shared_ptr<const Protocol> LoadProtocol(const std::filesystem::path& file,
                                             Diagnostics& errors) {
  const std::optional<JsonDocument> document = JsonDocument::Load(file, errors);
  return document ? CompileProtocol(*document, errors) : nullptr;
}

std::shared_ptr<const Protocol> CompileProtocol(const JsonDocument& document, Diagnostics& errors) {
  const std::size_t errors_before = errors.list().size();
  const JsonNode root = JsonNode::Root(document, errors);
  root.OnlyKeys({"header", "trailer", "transforms", "hook", "maxPacketBytes", "payload", "ids",
                 "directions", "unknownPackets"});
  if (!root.IsObject()) return nullptr;

  std::optional<HeaderLayout> header = ReadHeaderLayout(root);
  EnvelopeParts around;
  if (header) around = ReadEnvelope(root, *header);
  const auto hook = ReadHook(root, PathOf(document.file()).parent_path());
  const bool unknown_packets_close = ReadUnknownPacketsClose(root);
  const std::filesystem::path directory = PathOf(document.file()).parent_path();
  const auto payload = ReadPayload(root, header ? &*header : nullptr, directory);
  // Without a header that could be read there is no limit to ids; the other mistakes still show.
  PacketTable table;
  if (payload) {
    PacketSources sources = payload->Sources();
    sources.directory = directory;
    table = ReadPacketTable(root, sources, header ? header->id_max : ~0U);
  }
  if (errors.list().size() != errors_before) return nullptr;

  auto protocol =
      std::make_shared<Protocol>(header->framing, std::move(table.packets), unknown_packets_close,
                                 std::move(header->constant_bytes));
  if (around.envelope)
    protocol->set_envelope(std::move(around.envelope), std::move(around.trailer));
  protocol->set_hook(hook);
  protocol->set_codec(payload->MakeCodec(*protocol, table.origins));
  return protocol;
}

}  // namespace stressbot
