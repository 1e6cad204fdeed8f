#include "StressBot/protocol/ProtocolFile.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "StressBot/protocol/HeaderLayout.h"
#include "StressBot/protocol/PackedCodec.h"
#include "StressBot/protocol/PackedFile.h"
#include "StressBot/protocol/PacketIds.h"
#include "StressBot/protocol/ProtoFiles.h"
#include "StressBot/protocol/ProtobufCodec.h"
#include "StressBot/system/Utf8Path.h"

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

/// "protobuf" or "packed"; nullopt after an error.
std::optional<std::string> ReadCodecName(const JsonNode& payload) {
  const auto node = payload.Require("codec");
  if (!node) return std::nullopt;
  const std::string codec = node->AsString();
  if (codec == "protobuf" || codec == "packed") return codec;
  if (codec == "raw") {
    node->Error("the codec \"raw\" is not supported yet; \"protobuf\" and \"packed\" are");
  } else if (node->IsString()) {
    node->Error("unknown codec \"" + codec + "\"" + Suggest(codec, {"protobuf", "packed"}));
  }
  return std::nullopt;
}

std::vector<std::filesystem::path> ReadImportPaths(const JsonNode& payload,
                                                   const std::filesystem::path& directory) {
  const auto node = payload.Find("importPaths");
  if (!node) return {directory};
  std::vector<std::filesystem::path> paths;
  for (const JsonNode& element : node->Elements()) {
    std::filesystem::path path = (directory / PathOf(element.AsString())).lexically_normal();
    if (!path.has_filename()) path = path.parent_path();  // "scenarios/" as "scenarios"
    std::error_code failure;
    if (element.IsString() && !std::filesystem::is_directory(path, failure)) {
      element.Error("no such directory: " + Utf8Of(path));
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
    looked_in += (looked_in.empty() ? "" : ", ") + (path.empty() ? "." : Utf8Of(path));
    if (suggestion.empty()) suggestion = SuggestFile(path / PathOf(name));
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

/// What a payload declares, before it is known which of it are packets.
class PayloadSource {
 public:
  virtual ~PayloadSource() = default;
  virtual std::vector<PacketSource> Sources() const = 0;
  virtual std::unique_ptr<PayloadCodec> MakeCodec(
      const Protocol& protocol, const std::vector<PacketTable::Origin>& origins) = 0;
};

class ProtobufSource : public PayloadSource {
 public:
  ProtobufSource(std::shared_ptr<const ProtoFiles> files, std::vector<std::string> names)
      : files_(std::move(files)), names_(std::move(names)) {}

  std::vector<PacketSource> Sources() const override {
    std::vector<PacketSource> sources;
    for (const std::string& name : names_) {
      PacketSource& source = sources.emplace_back(PacketSource{name, {}});
      for (const auto* message : files_->MessagesOf(name)) source.names.push_back(message->name());
    }
    return sources;
  }
  std::unique_ptr<PayloadCodec> MakeCodec(
      const Protocol& protocol, const std::vector<PacketTable::Origin>& origins) override {
    std::vector<const google::protobuf::Descriptor*> messages;
    messages.reserve(origins.size());
    for (const auto& [source, name] : origins) {
      messages.push_back(files_->MessagesOf(names_[source])[name]);
    }
    return std::make_unique<ProtobufCodec>(protocol, files_, std::move(messages));
  }

 private:
  std::shared_ptr<const ProtoFiles> files_;
  std::vector<std::string> names_;
};

class PackedSource : public PayloadSource {
 public:
  explicit PackedSource(std::vector<PackedShape::Member> packets) : packets_(std::move(packets)) {}

  std::vector<PacketSource> Sources() const override {
    std::vector<PacketSource> sources(1);
    for (const PackedShape::Member& packet : packets_) sources[0].names.push_back(packet.name);
    return sources;
  }
  std::unique_ptr<PayloadCodec> MakeCodec(
      const Protocol& protocol, const std::vector<PacketTable::Origin>& origins) override {
    std::vector<std::shared_ptr<const PackedShape>> shapes;
    shapes.reserve(origins.size());
    for (const auto& [source, name] : origins) shapes.push_back(packets_[name].shape);
    return std::make_unique<PackedCodec>(protocol, std::move(shapes));
  }

 private:
  std::vector<PackedShape::Member> packets_;
};

/// nullptr after an error. Without a header that could be read, what it allows is not judged.
std::unique_ptr<PayloadSource> ReadPayload(const JsonNode& root, const HeaderLayout* header,
                                           const std::filesystem::path& directory) {
  const auto payload = root.Require("payload");
  if (!payload) return nullptr;
  const std::optional<std::string> codec = ReadCodecName(*payload);
  if (!codec) return nullptr;
  if (*codec == "protobuf") {
    std::vector<std::string> names;
    auto files = ImportFiles(*payload, directory, names);
    if (!files) return nullptr;
    return std::make_unique<ProtobufSource>(std::move(files), std::move(names));
  }
  const std::size_t errors_before = root.errors().list().size();
  const servercore::PacketFraming framing = header ? header->framing : servercore::PacketFraming{};
  auto packets = ReadPackedPackets(*payload, framing.header_bytes, framing.packet_bytes_max);
  if (root.errors().list().size() != errors_before) return nullptr;
  return std::make_unique<PackedSource>(std::move(packets));
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
  CheckKeys(root);
  if (!root.IsObject()) return nullptr;

  std::optional<HeaderLayout> header = ReadHeaderLayout(root);
  const bool unknown_packets_close = ReadUnknownPacketsClose(root);
  const auto payload =
      ReadPayload(root, header ? &*header : nullptr, PathOf(document.file()).parent_path());
  // Without a header that could be read there is no limit to ids; the other mistakes still show.
  PacketTable table;
  if (payload) table = ReadPacketTable(root, payload->Sources(), header ? header->id_max : ~0U);
  if (errors.list().size() != errors_before) return nullptr;

  auto protocol =
      std::make_shared<Protocol>(header->framing, std::move(table.packets), unknown_packets_close,
                                 std::move(header->constant_bytes));
  protocol->set_codec(payload->MakeCodec(*protocol, table.origins));
  return protocol;
}

}  // namespace stressbot
