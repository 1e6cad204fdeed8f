#include "StressBot/protocol/ProtobufCodec.h"

#include <google/protobuf/descriptor.h>

#include <utility>

#include "ServerCore/Assert.h"
#include "StressBot/protocol/PathCompiler.h"
#include "StressBot/protocol/PayloadText.h"
#include "StressBot/protocol/ProtobufNames.h"
#include "StressBot/protocol/TemplateCompiler.h"

namespace stressbot {

ProtobufCodec::ProtobufCodec(const Protocol& protocol, std::shared_ptr<const ProtoFiles> files,
                             std::vector<const google::protobuf::Descriptor*> messages)
    : protocol_(protocol), files_(std::move(files)), messages_(std::move(messages)) {
  SC_ASSERT(messages_.size() == protocol_.packets().size());
}

std::optional<FieldPath> ProtobufCodec::CompilePath(PacketIndex packet, std::string_view path,
                                                    CompileError& error) const {
  error = {};
  std::optional<CompiledPath> compiled = CompilePathIn(*messages_[packet], path, error.message);
  if (!compiled) return std::nullopt;
  return std::move(compiled->path);
}

std::optional<std::int64_t> ProtobufCodec::EnumNumber(PacketIndex packet, std::string_view path,
                                                      std::string_view name,
                                                      CompileError& error) const {
  error = {};
  const std::optional<CompiledPath> compiled =
      CompilePathIn(*messages_[packet], path, error.message);
  if (!compiled) return std::nullopt;
  const google::protobuf::EnumDescriptor* type = compiled->field->enum_type();
  if (type == nullptr) return std::nullopt;
  if (const auto* value = type->FindValueByName(std::string(name))) return value->number();
  error.message = NoSuchEnumValue(*type, name);
  return std::nullopt;
}

std::optional<PacketTemplate> ProtobufCodec::CompileTemplate(PacketIndex packet,
                                                             const FieldNode& root,
                                                             CompileError& error) const {
  error = {};
  std::optional<std::vector<PacketTemplate::Part>> parts =
      CompileMessage(*messages_[packet], root, error);
  if (!parts) return std::nullopt;
  std::size_t constant_bytes = protocol_.header().size();
  for (const PacketTemplate::Part& part : *parts) {
    if (part.kind == PacketTemplate::Part::Kind::kBytes) constant_bytes += part.bytes.size();
  }
  if (constant_bytes > protocol_.framing().packet_bytes_max) {
    error = {root.where, "the packet has " + std::to_string(constant_bytes) +
                             " bytes with its header, and the protocol allows " +
                             std::to_string(protocol_.framing().packet_bytes_max)};
    return std::nullopt;
  }
  const std::span<const std::byte> header = protocol_.header();
  return PacketTemplate(protocol_.framing(), protocol_.packet(packet).id,
                        {header.begin(), header.end()}, std::move(*parts));
}

std::string ProtobufCodec::Describe(PacketIndex packet, std::span<const std::byte> payload) const {
  if (packet >= messages_.size()) return DescribeUndecodable(payload);
  return DescribePayload(*messages_[packet], payload);
}

}  // namespace stressbot
