#include "StressBot/protocol/ProtobufCodec.h"

#include <google/protobuf/descriptor.h>

#include <utility>

#include "ServerCore/Assert.h"
#include "StressBot/protocol/Description.h"
#include "StressBot/protocol/FieldList.h"
#include "StressBot/protocol/ProtobufNames.h"
#include "StressBot/protocol/ProtobufPathCompiler.h"
#include "StressBot/protocol/ProtobufTemplateCompiler.h"
#include "StressBot/protocol/ProtobufText.h"
#include "StressBot/protocol/WireFormat.h"

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
  return FieldPath(std::move(compiled->path));
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
  std::optional<std::vector<ProtobufTemplate::Part>> parts =
      CompileMessage(*messages_[packet], root, error);
  if (!parts) return std::nullopt;
  std::size_t constant_bytes = 0;
  for (const ProtobufTemplate::Part& part : *parts) {
    if (part.kind == ProtobufTemplate::Part::Kind::kBytes) constant_bytes += part.bytes.size();
  }
  return MakeTemplate(protocol_, packet, constant_bytes, ProtobufTemplate(std::move(*parts)),
                      root.where, error);
}

std::string ProtobufCodec::Fields(PacketIndex packet) const {
  return ProtobufFields(*messages_[packet]);
}

bool ProtobufCodec::IsWellFormed(PacketIndex, std::span<const std::byte> payload) const {
  wire::Reader reader(payload);
  wire::Field field;
  while (reader.Next(field)) {
  }
  return !reader.malformed();
}

std::string ProtobufCodec::Describe(PacketIndex packet, std::span<const std::byte> payload) const {
  if (packet >= messages_.size()) return DescribeUndecodable(payload);
  return DescribePayload(*messages_[packet], payload);
}

}  // namespace stressbot
