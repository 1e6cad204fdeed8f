#include "StressBot/scenario/HostileBytes.h"

#include <algorithm>
#include <array>
#include <limits>

namespace stressbot {

using servercore::PacketFraming;

namespace {

/// The greatest number of so many bytes: all ones.
std::uint32_t AllOnes(std::uint8_t bytes) {
  return bytes >= 4 ? std::numeric_limits<std::uint32_t>::max() : (1U << (8U * bytes)) - 1;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<PacketIndex> HostileBytes::AnyPacket() const {
  for (std::size_t i = 0; i < protocol_.packets().size(); ++i) {
    if (protocol_.packets()[i].direction != PacketDirection::kReceive)
      return static_cast<PacketIndex>(i);
  }
  return std::nullopt;
}

std::optional<PacketIndex> HostileBytes::LastPacket() const {
  for (std::size_t i = protocol_.packets().size(); i > 0; --i) {
    if (protocol_.packets()[i - 1].direction != PacketDirection::kReceive)
      return static_cast<PacketIndex>(i - 1);
  }
  return std::nullopt;
}

std::optional<HostileBytes::Bytes> HostileBytes::HeaderOf(PacketIndex packet,
                                                          std::string& error) const {
  FieldNode nothing;
  nothing.content = FieldNode::Members{};
  CompileError mistake;
  const auto content = protocol_.codec().CompileTemplate(packet, nothing, mistake);
  if (!content) {
    error = mistake.message;
    return std::nullopt;
  }
  Bytes bytes(content->BytesMax({}));
  bytes.resize(content->Encode(bytes, {}));
  bytes.resize(protocol_.framing().header_bytes);
  return bytes;
}

std::optional<HostileBytes::Bytes> HostileBytes::AnyHeader(std::string& error) const {
  const auto packet = AnyPacket();
  if (packet) return HeaderOf(*packet, error);
  error = "the protocol has no packet that bots send";
  return std::nullopt;
}

void HostileBytes::SetLength(Bytes& header, std::uint32_t value) const {
  const PacketFraming& framing = protocol_.framing();
  const std::uint32_t id = framing.Read(header).id;
  framing.Write(header, value + framing.uncounted_bytes(), id);
}

std::optional<HostileBytes::Bytes> HostileBytes::Short(std::uint32_t length,
                                                       std::string& error) const {
  if (!protocol_.framing().length_counts_header) {
    error = "the length of this protocol counts the payload alone, so that " +
            std::to_string(length) + " is a length like any other";
    return std::nullopt;
  }
  auto header = AnyHeader(error);
  if (header) SetLength(*header, length);
  return header;
}

std::optional<HostileBytes::Bytes> HostileBytes::SizeHeaderMinusOne(std::string& error) const {
  return Short(protocol_.framing().header_bytes - 1U, error);
}

std::optional<HostileBytes::Bytes> HostileBytes::SizeMax(std::string& error) const {
  auto header = AnyHeader(error);
  if (header) SetLength(*header, AllOnes(protocol_.framing().length.bytes));
  return header;
}

std::optional<HostileBytes::Bytes> HostileBytes::WithId(std::uint32_t id,
                                                        std::string& error) const {
  if (protocol_.framing().id.bytes == 0) {
    error = "the header of this protocol has no id";
    return std::nullopt;
  }
  auto header = AnyHeader(error);
  if (header) protocol_.framing().Write(*header, static_cast<std::uint32_t>(header->size()), id);
  return header;
}

std::optional<HostileBytes::Bytes> HostileBytes::UnknownId(std::string& error) const {
  // Just behind the known ones, where an array of handlers ends. Else any that is free.
  std::uint32_t last = 0;
  for (const PacketType& packet : protocol_.packets()) last = std::max(last, packet.id);
  const std::uint32_t most = AllOnes(protocol_.framing().id.bytes);
  std::uint32_t id = last < most ? last + 1 : 0;
  while (id < most && protocol_.IndexOfId(id) != kUnknownPacket) ++id;
  if (protocol_.IndexOfId(id) == kUnknownPacket) return WithId(id, error);
  error = "every id that the header can hold is a packet of the protocol";
  return std::nullopt;
}

std::optional<HostileBytes::Bytes> HostileBytes::IdMax(std::string& error) const {
  return WithId(AllOnes(protocol_.framing().id.bytes), error);
}

std::optional<HostileBytes::Bytes> HostileBytes::Malformed(PacketIndex packet,
                                                           std::string& error) const {
  constexpr std::byte kOnes{0xFF};
  // A tag that never ends; a text that goes on behind the packet; a packet that breaks off; more
  // than belongs there.
  const std::array<Bytes, 5> payloads{
      Bytes(11, kOnes), Bytes{std::byte{0x0A}, kOnes, kOnes, kOnes, kOnes, std::byte{0x07}},
      Bytes{}, Bytes{kOnes}, Bytes(1'000, kOnes)};
  auto bytes = HeaderOf(packet, error);
  if (!bytes) return std::nullopt;
  const std::size_t most = protocol_.framing().packet_bytes_max;
  for (const Bytes& payload : payloads) {
    const std::size_t whole = bytes->size() + payload.size();
    if (whole > most || protocol_.codec().IsWellFormed(packet, payload)) continue;
    bytes->insert(bytes->end(), payload.begin(), payload.end());
    protocol_.framing().Write(*bytes, static_cast<std::uint32_t>(whole),
                              protocol_.packet(packet).id);
    return bytes;
  }
  error = "any payload is a right one for " + protocol_.packet(packet).name;
  return std::nullopt;
}

std::optional<std::vector<std::byte>> BytesOfHex(std::string_view text) {
  std::vector<std::byte> bytes;
  int high = -1;
  for (const char c : text) {
    if (c == ' ' || c == ':' || c == ',' || c == '\n') {
      if (high >= 0) return std::nullopt;
      continue;
    }
    const int digit = HexDigit(c);
    if (digit < 0) return std::nullopt;
    if (high < 0) {
      high = digit;
    } else {
      bytes.push_back(static_cast<std::byte>(high * 16 + digit));
      high = -1;
    }
  }
  if (high >= 0) return std::nullopt;
  return bytes;
}

}  // namespace stressbot
