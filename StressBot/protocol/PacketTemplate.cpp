#include "StressBot/protocol/PacketTemplate.h"

#include <cstring>
#include <utility>

#include "ServerCore/Assert.h"

namespace stressbot {

PacketTemplate::PacketTemplate(const servercore::PacketFraming& framing, std::uint32_t packet_id,
                               std::vector<std::byte> header, Payload payload)
    : framing_(&framing),
      packet_id_(packet_id),
      header_(std::move(header)),
      payload_(std::move(payload)) {
  SC_ASSERT(header_.size() == framing.header_bytes);
}

std::size_t PacketTemplate::BytesMax(std::span<const Value> arguments) const {
  const auto* protobuf = std::get_if<ProtobufTemplate>(&payload_);
  return header_.size() + (protobuf != nullptr
                               ? protobuf->BytesMax(arguments)
                               : std::get_if<PackedTemplate>(&payload_)->BytesMax(arguments));
}

std::size_t PacketTemplate::Encode(std::span<std::byte> out,
                                   std::span<const Value> arguments) const {
  SC_ASSERT(framing_ != nullptr && out.size() >= BytesMax(arguments));
  std::memcpy(out.data(), header_.data(), header_.size());
  std::byte* const payload = out.data() + header_.size();
  const auto* protobuf = std::get_if<ProtobufTemplate>(&payload_);
  const std::byte* const end = protobuf != nullptr ? protobuf->Write(payload, arguments)
                                                   : std::get_if<PackedTemplate>(&payload_)->Write(
                                                         out.data(), payload, arguments);
  if (end == nullptr) return 0;
  const auto bytes = static_cast<std::size_t>(end - out.data());
  if (bytes > framing_->packet_bytes_max) return 0;
  framing_->Write(out.first(bytes), static_cast<std::uint32_t>(bytes), packet_id_);
  return bytes;
}

}  // namespace stressbot
