#include "StressBot/protocol/Protocol.h"

#include <algorithm>

#include "ServerCore/Assert.h"

namespace stressbot {
namespace {

/// Ids of 16 bits always fit; the table of 128 KiB is touched only where ids are.
constexpr std::uint32_t kTableIdsMax = 65'536;

}  // namespace

std::optional<std::int64_t> PayloadCodec::EnumNumber(PacketIndex /*packet*/,
                                                     std::string_view /*path*/,
                                                     std::string_view /*name*/,
                                                     CompileError& error) const {
  error = {};
  return std::nullopt;
}

std::optional<PacketTemplate> MakeTemplate(const Protocol& protocol, PacketIndex packet,
                                           std::size_t constant_bytes,
                                           PacketTemplate::Payload payload,
                                           const std::string& where, CompileError& error) {
  const std::span<const std::byte> header = protocol.header();
  const std::span<const std::byte> trailer = protocol.trailer();
  const std::size_t most = protocol.framing().packet_bytes_max;
  constant_bytes += header.size() + trailer.size();
  if (constant_bytes > most) {
    error = {where, "the packet has " + std::to_string(constant_bytes) +
                        " bytes with its header, and the protocol allows " + std::to_string(most)};
    return std::nullopt;
  }
  return PacketTemplate(protocol.framing(), protocol.packet(packet).id,
                        {header.begin(), header.end()}, std::move(payload),
                        {trailer.begin(), trailer.end()});
}

Protocol::Protocol(servercore::PacketFraming framing, std::vector<PacketType> packets,
                   bool unknown_packets_close, std::vector<std::byte> header)
    : framing_(framing),
      packets_(std::move(packets)),
      unknown_packets_close_(unknown_packets_close),
      header_(std::move(header)) {
  SC_ASSERT(packets_.size() < kUnknownPacket);
  if (header_.empty()) header_.resize(framing_.header_bytes);
  SC_ASSERT(header_.size() == framing_.header_bytes);
  if (packets_.empty()) return;

  const auto by_id = [](const PacketType& a, const PacketType& b) { return a.id < b.id; };
  const auto [first, last] = std::minmax_element(packets_.begin(), packets_.end(), by_id);
  const bool lie_close = last->id - first->id < kTableIdsMax;
  if (lie_close) {
    first_id_ = first->id;
    by_id_.assign(last->id - first->id + 1, kUnknownPacket);
  }
  for (std::size_t i = 0; i < packets_.size(); ++i) {
    const auto index = static_cast<PacketIndex>(i);
    if (lie_close) {
      SC_ASSERT(by_id_[packets_[i].id - first_id_] == kUnknownPacket);
      by_id_[packets_[i].id - first_id_] = index;
    } else {
      sorted_ids_.emplace_back(packets_[i].id, index);
    }
  }
  std::sort(sorted_ids_.begin(), sorted_ids_.end());
}

Protocol::~Protocol() = default;

void Protocol::set_envelope(std::unique_ptr<const Envelope> envelope,
                            std::vector<std::byte> trailer) {
  SC_ASSERT(envelope != nullptr && envelope->trailer_bytes() == trailer.size());
  envelope_ = std::move(envelope);
  trailer_ = std::move(trailer);
}

PacketIndex Protocol::IndexOfName(std::string_view name) const {
  for (std::size_t i = 0; i < packets_.size(); ++i) {
    if (packets_[i].name == name) return static_cast<PacketIndex>(i);
  }
  return kUnknownPacket;
}

PacketIndex Protocol::FindScattered(std::uint32_t id) const noexcept {
  const auto found =
      std::lower_bound(sorted_ids_.begin(), sorted_ids_.end(), std::pair{id, PacketIndex{0}});
  return found != sorted_ids_.end() && found->first == id ? found->second : kUnknownPacket;
}

}  // namespace stressbot
