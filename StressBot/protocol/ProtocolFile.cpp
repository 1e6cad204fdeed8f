#include "StressBot/protocol/ProtocolFile.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "StressBot/json/JsonDocument.h"
#include "StressBot/protocol/HeaderLayout.h"
#include "StressBot/protocol/PacketIds.h"
#include "StressBot/protocol/ProtoFiles.h"
#include "StressBot/protocol/ProtobufCodec.h"

namespace stressbot {
namespace {

/// Words that later versions will know are refused by name, so that nobody looks for a typing
/// error.
void CheckKeys(const JsonNode& root) {
  std::vector<std::string> known{"header", "maxPacketBytes", "payload",
                                 "ids",    "directions",     "unknownPackets"};
  for (const char* planned : {"trailer", "trailers", "checksum", "checksums", "transform",
                              "transforms", "hook", "hooks"}) {
    const auto node = root.Find(planned);
    if (!node) continue;
    node->Error("\"" + std::string(planned) + "\" is not supported yet");
    known.emplace_back(planned);
  }
  root.OnlyKeys(known);
}

bool ReadUnknownPacketsClose(const JsonNode& root) {
  const auto node = root.Find("unknownPackets");
  if (!node) return false;
  const std::string word = node->AsString();
  if (word != "count" && word != "close" && node->IsString()) {
    node->Error("unknown \"" + word + "\"" + Suggest(word, {"count", "close"}));
  }
  return word == "close";
}

/// Whether the payload is of the codec that is there.
bool CheckCodec(const JsonNode& payload) {
  const auto node = payload.Require("codec");
  if (!node) return false;
  const std::string codec = node->AsString();
  if (codec == "protobuf") return true;
  if (codec == "packed" || codec == "raw") {
    node->Error("the codec \"" + codec + "\" is not supported yet; \"protobuf\" is");
  } else if (node->IsString()) {
    node->Error("unknown codec \"" + codec + "\"" + Suggest(codec, {"protobuf"}));
  }
  return false;
}

std::vector<std::filesystem::path> ReadImportPaths(const JsonNode& payload,
                                                   const std::filesystem::path& directory) {
  const auto node = payload.Find("importPaths");
  if (!node) return {directory};
  std::vector<std::filesystem::path> paths;
  for (const JsonNode& element : node->Elements()) {
    std::filesystem::path path = (directory / element.AsString()).lexically_normal();
    if (!path.has_filename()) path = path.parent_path();  // "scenarios/" as "scenarios"
    std::error_code failure;
    if (element.IsString() && !std::filesystem::is_directory(path, failure)) {
      element.Error("no such directory: " + path.string());
    }
    paths.push_back(path);
  }
  return paths;
}

void ErrorOfMissing(const JsonNode& node, const std::string& name,
                    const std::vector<std::filesystem::path>& paths) {
  std::string looked_in;
  std::string suggestion;
  for (const std::filesystem::path& path : paths) {
    looked_in += (looked_in.empty() ? "" : ", ") + (path.empty() ? "." : path.string());
    if (suggestion.empty()) suggestion = SuggestFile(path / name);
  }
  node.Error("no file \"" + name + "\" in the import paths (" + looked_in + ")" + suggestion);
}

/// The .proto files of the payload; nullptr after an error.
std::shared_ptr<const ProtoFiles> ImportFiles(const JsonNode& payload,
                                              const std::filesystem::path& directory,
                                              std::vector<std::string>& names) {
  payload.OnlyKeys({"codec", "importPaths", "files"});
  Diagnostics& errors = payload.errors();
  const std::size_t errors_before = errors.list().size();
  const std::vector<std::filesystem::path> paths = ReadImportPaths(payload, directory);
  const auto list = payload.Require("files");
  if (!list || errors.list().size() != errors_before) return nullptr;
  auto files = std::make_shared<ProtoFiles>(paths);
  for (const JsonNode& element : list->Elements()) {
    const std::string name = element.AsString();
    if (!element.IsString()) continue;
    names.push_back(name);
    if (files->Finds(name)) {
      files->Import(name, errors);
    } else {
      ErrorOfMissing(element, name, paths);
    }
  }
  if (errors.list().size() == errors_before && names.empty()) list->Error("names no file");
  if (errors.list().size() != errors_before) return nullptr;
  return files;
}

}  // namespace

std::shared_ptr<const Protocol> LoadProtocol(const std::filesystem::path& file,
                                             Diagnostics& errors) {
  const std::size_t errors_before = errors.list().size();
  const std::optional<JsonDocument> document = JsonDocument::Load(file, errors);
  if (!document) return nullptr;
  const JsonNode root = JsonNode::Root(*document, errors);
  CheckKeys(root);
  if (!root.IsObject()) return nullptr;

  std::optional<HeaderLayout> header = ReadHeaderLayout(root);
  const bool unknown_packets_close = ReadUnknownPacketsClose(root);
  std::vector<std::string> file_names;
  std::shared_ptr<const ProtoFiles> files;
  if (const auto payload = root.Require("payload"); payload && CheckCodec(*payload)) {
    files = ImportFiles(*payload, file.parent_path(), file_names);
  }
  // Without a header that could be read there is no limit to ids; the other mistakes still show.
  PacketTable table;
  if (files) table = ReadPacketTable(root, *files, file_names, header ? header->id_max : ~0U);
  if (errors.list().size() != errors_before) return nullptr;

  auto protocol =
      std::make_shared<Protocol>(header->framing, std::move(table.packets), unknown_packets_close,
                                 std::move(header->constant_bytes));
  protocol->set_codec(
      std::make_unique<ProtobufCodec>(*protocol, std::move(files), std::move(table.messages)));
  return protocol;
}

}  // namespace stressbot
