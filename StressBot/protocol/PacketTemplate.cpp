#include "StressBot/protocol/PacketTemplate.h"

#include <cstring>
#include <utility>

#include "ServerCore/Assert.h"

namespace stressbot {

PacketTemplate::PacketTemplate(const servercore::PacketFraming& framing, std::uint32_t packet_id,
                               std::vector<std::byte> header, Payload payload,
                               std::vector<std::byte> trailer)
    : framing_(&framing),
      packet_id_(packet_id),
      header_(std::move(header)),
      trailer_(std::move(trailer)),
      payload_(std::move(payload)) {
  SC_ASSERT(header_.size() == framing.header_bytes);
}

std::size_t PacketTemplate::BytesMax(std::span<const Value> arguments) const {
  std::size_t payload_bytes = 0;
  if (const auto* protobuf = std::get_if<ProtobufTemplate>(&payload_)) {
    payload_bytes = protobuf->BytesMax(arguments);
  } else if (const auto* packed = std::get_if<PackedTemplate>(&payload_)) {
    payload_bytes = packed->BytesMax(arguments);
  } else {
    payload_bytes = std::get_if<RawTemplate>(&payload_)->BytesMax(arguments);
  }
  return header_.size() + payload_bytes + trailer_.size();
}

std::size_t PacketTemplate::Encode(std::span<std::byte> out,
                                   std::span<const Value> arguments) const {
  SC_ASSERT(framing_ != nullptr && out.size() >= BytesMax(arguments));
  std::memcpy(out.data(), header_.data(), header_.size());
  std::byte* const payload = out.data() + header_.size();
  std::byte* end = nullptr;
  if (const auto* protobuf = std::get_if<ProtobufTemplate>(&payload_)) {
    end = protobuf->Write(payload, arguments);
  } else if (const auto* packed = std::get_if<PackedTemplate>(&payload_)) {
    end = packed->Write(out.data(), payload, arguments);
  } else {
    end = std::get_if<RawTemplate>(&payload_)->Write(payload, arguments);
  }
  if (end == nullptr) return 0;
  if (!trailer_.empty()) {
    std::memcpy(end, trailer_.data(), trailer_.size());
    end += trailer_.size();
  }
  const auto bytes = static_cast<std::size_t>(end - out.data());
  if (bytes > framing_->packet_bytes_max) return 0;
  framing_->Write(out.first(bytes), static_cast<std::uint32_t>(bytes), packet_id_);
  return bytes;
}

}  // namespace stressbot
