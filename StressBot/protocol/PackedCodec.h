#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "StressBot/protocol/PackedShape.h"
#include "StressBot/protocol/Protocol.h"

namespace stressbot {

/// Payloads as packed structs that are declared in the protocol file.
class PackedCodec : public PayloadCodec {
 public:
  /// `packets` are structs: those of the protocol's packets, in their order.
  /// REQUIRES that `protocol` outlives this: it is the one that owns it.
  PackedCodec(const Protocol& protocol, std::vector<std::shared_ptr<const PackedShape>> packets);

  std::optional<FieldPath> CompilePath(PacketIndex packet, std::string_view path,
                                       CompileError& error) const override;
  std::optional<PacketTemplate> CompileTemplate(PacketIndex packet, const FieldNode& root,
                                                CompileError& error) const override;
  std::string Fields(PacketIndex packet) const override;
  bool IsWellFormed(PacketIndex packet, std::span<const std::byte> payload) const override;
  /// A payload that does not fit its packet is shown as bytes: "undecodable, 12 bytes: 0a ff ...".
  std::string Describe(PacketIndex packet, std::span<const std::byte> payload) const override;

 private:
  PackedPayload Payload(std::span<const std::byte> bytes) const {
    return {bytes, protocol_.framing().header_bytes};
  }

  const Protocol& protocol_;
  std::vector<std::shared_ptr<const PackedShape>> packets_;
};

}  // namespace stressbot
