#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "StressBot/protocol/Protocol.h"

namespace stressbot {

/// What a misbehaviour sends, made of the header layout of a protocol.
/// All give nullopt and a sentence in `error` where the protocol has no such misbehaviour.
class HostileBytes {
 public:
  using Bytes = std::vector<std::byte>;
  explicit HostileBytes(const Protocol& protocol) : protocol_(protocol) {}

  /// A header whose length says less than the header has bytes: 0, 1, or one less than it has.
  std::optional<Bytes> SizeZero(std::string& error) const { return Short(0, error); }
  std::optional<Bytes> SizeOne(std::string& error) const { return Short(1, error); }
  std::optional<Bytes> SizeHeaderMinusOne(std::string& error) const;
  /// A header whose length is all ones: 65535 in 16 bits, and -1 where it is signed.
  std::optional<Bytes> SizeMax(std::string& error) const;
  /// A whole packet without payload whose id the protocol does not know.
  std::optional<Bytes> UnknownId(std::string& error) const;
  /// The same with an id that is all ones: 65535 in 16 bits.
  std::optional<Bytes> IdMax(std::string& error) const;
  /// A whole packet whose payload cannot be that packet.
  std::optional<Bytes> Malformed(PacketIndex packet, std::string& error) const;

  /// The first packet that bots send; nullopt when there is none.
  std::optional<PacketIndex> AnyPacket() const;
  /// The last one: most files begin with the login, so this one has no place before it.
  std::optional<PacketIndex> LastPacket() const;

 private:
  std::optional<Bytes> Short(std::uint32_t length, std::string& error) const;
  std::optional<Bytes> HeaderOf(PacketIndex packet, std::string& error) const;
  std::optional<Bytes> AnyHeader(std::string& error) const;
  std::optional<Bytes> WithId(std::uint32_t id, std::string& error) const;
  /// Writes just this into the length field, whatever it counts.
  void SetLength(Bytes& header, std::uint32_t value) const;

  const Protocol& protocol_;
};

/// "DE AD be:ef" as bytes; nullopt when it is no hexadecimal text.
std::optional<std::vector<std::byte>> BytesOfHex(std::string_view text);

}  // namespace stressbot
