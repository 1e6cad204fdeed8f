#include "StressBot/protocol/PayloadSource.h"

#include <google/protobuf/descriptor.h>

#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>

#include "StressBot/protocol/PackedCodec.h"
#include "StressBot/protocol/PackedFile.h"
#include "StressBot/protocol/ProtoFiles.h"
#include "StressBot/protocol/ProtobufCodec.h"
#include "StressBot/protocol/RawCodec.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {
namespace {

/// nullopt after an error.
std::optional<std::string> ReadCodecName(const JsonNode& payload) {
  const auto node = payload.Require("codec");
  if (!node) return std::nullopt;
  const std::string codec = node->AsString();
  if (codec == "protobuf" || codec == "packed" || codec == "raw") return codec;
  if (node->IsString()) {
    node->Error("unknown codec \"" + codec + "\"" + Suggest(codec, {"protobuf", "packed", "raw"}));
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

IdEnum EnumOf(const google::protobuf::EnumDescriptor& type) {
  IdEnum values{type.full_name(), {}};
  for (int i = 0; i < type.value_count(); ++i) {
    values.values.emplace_back(type.value(i)->name(), type.value(i)->number());
  }
  return values;
}

class ProtobufSource : public PayloadSource {
 public:
  ProtobufSource(std::shared_ptr<const ProtoFiles> files, std::vector<std::string> names)
      : files_(std::move(files)), names_(std::move(names)) {}

  PacketSources Sources() const override {
    PacketSources sources;
    std::set<const google::protobuf::EnumDescriptor*> seen;
    for (const std::string& name : names_) {
      PacketSource& source = sources.list.emplace_back(PacketSource{name, {}});
      for (const auto* message : files_->MessagesOf(name)) {
        source.names.push_back(message->name());
        source.full_names.push_back(message->full_name());
      }
      for (const auto* type : files_->EnumsOf(name)) {
        if (seen.insert(type).second) sources.enums.push_back(EnumOf(*type));
      }
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

  PacketSources Sources() const override {
    PacketSources sources{.list = std::vector<PacketSource>(1)};
    for (const PackedShape::Member& packet : packets_) {
      sources.list[0].names.push_back(packet.name);
    }
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

/// Packets are those that "ids" names.
class RawSource : public PayloadSource {
 public:
  PacketSources Sources() const override {
    return {.list = std::vector<PacketSource>(1), .are_open = true};
  }
  std::unique_ptr<PayloadCodec> MakeCodec(
      const Protocol& protocol, const std::vector<PacketTable::Origin>& /*origins*/) override {
    return std::make_unique<RawCodec>(protocol);
  }
};

}  // namespace

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
  if (*codec == "raw") {
    payload->OnlyKeys({"codec"});
    return std::make_unique<RawSource>();
  }
  const std::size_t errors_before = root.errors().list().size();
  const servercore::PacketFraming framing = header ? header->framing : servercore::PacketFraming{};
  auto packets = ReadPackedPackets(*payload, framing.header_bytes, framing.packet_bytes_max);
  if (root.errors().list().size() != errors_before) return nullptr;
  return std::make_unique<PackedSource>(std::move(packets));
}

}  // namespace stressbot
