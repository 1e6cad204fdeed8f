#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "StressBot/protocol/ProtoFiles.h"
#include "StressBot/protocol/Protocol.h"

namespace stressbot {

/// Payloads as protobuf messages whose .proto files were read at run time. Descriptors are used
/// while loading only: what it compiles works on bytes.
class ProtobufCodec : public PayloadCodec {
 public:
  /// `messages` are those of the protocol's packets, in their order, and lie in `files`.
  /// REQUIRES that `protocol` outlives this: it is the one that owns it.
  ProtobufCodec(const Protocol& protocol, std::shared_ptr<const ProtoFiles> files,
                std::vector<const google::protobuf::Descriptor*> messages);

  std::optional<FieldPath> CompilePath(PacketIndex packet, std::string_view path,
                                       CompileError& error) const override;
  std::optional<std::int64_t> EnumNumber(PacketIndex packet, std::string_view path,
                                         std::string_view name, CompileError& error) const override;
  std::optional<PacketTemplate> CompileTemplate(PacketIndex packet, const FieldNode& root,
                                                CompileError& error) const override;
  std::string Fields(PacketIndex packet) const override;
  /// Looks at the outermost level only, whatever the message is.
  bool IsWellFormed(PacketIndex packet, std::span<const std::byte> payload) const override;
  /// Fields that proto3 leaves out when they are 0 are shown. A payload that does not fit its
  /// message is shown as bytes: "undecodable, 12 bytes: 0a ff ...".
  std::string Describe(PacketIndex packet, std::span<const std::byte> payload) const override;

 private:
  const Protocol& protocol_;
  std::shared_ptr<const ProtoFiles> files_;
  std::vector<const google::protobuf::Descriptor*> messages_;
};

}  // namespace stressbot
