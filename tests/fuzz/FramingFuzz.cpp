// A peer's bytes, cut anyhow, through Session and PacketSession: the packets that come out must be
// those that a simple reading of the whole stream finds.
// Input: framing, number of the packet at which to reset (0: none), count of piece sizes, these,
// the stream.

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "ServerCore/net/PacketSession.h"
#include "ServerCore/net/Service.h"
#include "ServerCore/thread/ShardGroup.h"
#include "tests/fuzz/FuzzInput.h"
#include "tests/fuzz/StreamPort.h"

namespace servercore::fuzz {
namespace {

const std::array<PacketFraming, 8> kFramings{{
    {},
    {.big_endian = true},
    {.header_bytes = 2, .length = {0, 1}, .id = {1, 1}, .packet_bytes_max = 255},
    {.header_bytes = 8, .length = {0, 4}, .id = {4, 4}, .packet_bytes_max = 100'000},
    {.length_counts_header = false, .packet_bytes_max = 60},
    {.header_bytes = 12,
     .length = {2, 4},
     .id = {8, 2},
     .big_endian = true,
     .length_counts_header = false,
     .packet_bytes_max = 70'000},
    {.header_bytes = 5, .length = {1, 4}, .id = {0, 1}, .packet_bytes_max = 16 * 1024 * 1024},
    {.length_counts_header = false, .inner_bytes = 2},
}};

struct Expected {
  struct Packet {
    std::size_t offset;
    std::size_t bytes;
    std::uint64_t id;
  };
  std::vector<Packet> packets;
  PacketError error = PacketError::kNone;
};

std::uint64_t Number(std::span<const std::byte> header, PacketFraming::Field field, bool big) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < field.bytes; ++i) {
    const std::size_t place = big ? field.offset + i : field.offset + field.bytes - 1U - i;
    value = value * 256 + std::to_integer<std::uint64_t>(header[place]);
  }
  return value;
}

Expected Split(const PacketFraming& framing, std::span<const std::byte> stream) {
  Expected expected;
  std::size_t at = 0;
  while (stream.size() - at >= framing.header_bytes) {
    const auto header = stream.subspan(at);
    std::uint64_t bytes = Number(header, framing.length, framing.big_endian);
    if (!framing.length_counts_header) bytes += framing.header_bytes - framing.inner_bytes;
    if (bytes < framing.header_bytes) expected.error = PacketError::kTooSmall;
    if (bytes > framing.packet_bytes_max) expected.error = PacketError::kTooLarge;
    if (expected.error != PacketError::kNone || bytes > header.size()) break;
    expected.packets.push_back({at, bytes, Number(header, framing.id, framing.big_endian)});
    at += bytes;
  }
  return expected;
}

class CheckingSession final : public PacketSession {
 public:
  CheckingSession(const SessionOptions& options, const PacketFraming& framing,
                  const Expected& expected, std::span<const std::byte> stream, std::size_t reset_at)
      : PacketSession(options, framing),
        expected_(expected),
        stream_(stream),
        reset_at_(reset_at) {}

 private:
  void OnPacket(const PacketView& packet) override {
    SC_ASSERT(seen_ < expected_.packets.size());
    SC_ASSERT(reset_at_ == 0 || seen_ < reset_at_);
    const Expected::Packet& wanted = expected_.packets[seen_++];
    SC_ASSERT(packet.id == wanted.id);
    SC_ASSERT(std::ranges::equal(packet.bytes, stream_.subspan(wanted.offset, wanted.bytes)));
    SC_ASSERT(packet.payload.size() == wanted.bytes - framing().header_bytes);
    SC_ASSERT(packet.payload.data() == packet.bytes.data() + framing().header_bytes);
    if (seen_ == reset_at_) Disconnect(CloseKind::kReset);
  }
  void OnBadPacket(PacketError error) override {
    SC_ASSERT(error == expected_.error && seen_ == expected_.packets.size());
  }
  void OnDisconnected(CloseReason reason, std::error_code) override {
    if (reset_at_ != 0 && seen_ == reset_at_) {
      SC_ASSERT(reason == CloseReason::kLocalReset);
      return;
    }
    SC_ASSERT(seen_ == expected_.packets.size());
    SC_ASSERT(reason == (expected_.error == PacketError::kNone ? CloseReason::kPeerClosed
                                                               : CloseReason::kBadPacket));
  }

  const Expected& expected_;
  const std::span<const std::byte> stream_;
  const std::size_t reset_at_;
  std::size_t seen_ = 0;
};

}  // namespace
}  // namespace servercore::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace servercore;
  using namespace servercore::fuzz;
  FuzzInput input(data, size);
  const PacketFraming& framing = kFramings[input.TakeByte() % kFramings.size()];
  const std::size_t reset_at = input.TakeByte();
  const auto piece_sizes = input.Take(input.TakeByte() % 16);
  const auto stream = std::as_bytes(input.TakeRest());
  const Expected expected = Split(framing, stream);

  std::vector<std::unique_ptr<CompletionPort>> ports;
  ports.push_back(std::make_unique<StreamPort>(stream, piece_sizes));
  ShardGroup group(std::move(ports));
  ClientService service(group.shard(0), {});
  service.Connect(std::make_unique<CheckingSession>(service.session_options(), framing, expected,
                                                    stream, reset_at),
                  NetAddress::Loopback(1));
  while (!group.shard(0).IsIdle()) group.shard(0).Turn(Clock::time_point::min());
  SC_ASSERT(service.session_count() == 0);
  return 0;
}
