#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "StressBot/protocol/Protocol.h"

namespace stressbot {

/// Payloads that are not understood: bytes, written and compared as "text" or as "hex".
class RawCodec : public PayloadCodec {
 public:
  /// REQUIRES that `protocol` outlives this: it is the one that owns it.
  explicit RawCodec(const Protocol& protocol) : protocol_(protocol) {}

  /// "text", "hex", "size"; "hex.4.8": 8 bytes from the fifth on; "text.4": all from the fifth on.
  std::optional<FieldPath> CompilePath(PacketIndex packet, std::string_view path,
                                       CompileError& error) const override;
  /// One of "text" and "hex", or nothing: an empty payload.
  std::optional<PacketTemplate> CompileTemplate(PacketIndex packet, const FieldNode& root,
                                                CompileError& error) const override;
  std::string Fields(PacketIndex /*packet*/) const override { return "text or hex"; }
  bool IsWellFormed(PacketIndex /*packet*/, std::span<const std::byte> /*payload*/) const override {
    return true;
  }
  /// {text: "hello"} or, where it is no text, {hex: 0aff}.
  std::string Describe(PacketIndex packet, std::span<const std::byte> payload) const override;

 private:
  const Protocol& protocol_;
};

}  // namespace stressbot
