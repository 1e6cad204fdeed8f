// A packet from a server through an envelope, or a stream through the shipped hook: nothing breaks,
// what is accepted is written again to the same bytes, and what we write is read back.
// Input: which envelope (the last number: the hook), then the packet or stream.

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "ServerCore/Assert.h"
#include "StressBot/protocol/Envelope.h"
#include "StressBot/protocol/Hook.h"
#include "StressBot/system/SharedLibrary.h"
#include "tests/fuzz/FuzzInput.h"

namespace stressbot {
namespace {

using Of = PacketPart::Of;
using servercore::fuzz::FuzzInput;

std::vector<std::byte> Key(std::initializer_list<unsigned> bytes) {
  std::vector<std::byte> key;
  for (const unsigned byte : bytes) key.push_back(static_cast<std::byte>(byte));
  return key;
}

const std::array<Envelope, 4>& Envelopes() {
  static const std::array<Envelope, 4> kEnvelopes{
      Envelope({.header_bytes = 5,
                .checksums = {{ChecksumKind::kSum, {Of::kHeader, 4, 1}, {PacketPart{}}}}}),
      Envelope({.header_bytes = 6,
                .trailer_bytes = 4,
                .sequence = {{.place = {Of::kHeader, 4, 1}, .start = 7, .verified = true}},
                .correlation = PacketPart{Of::kHeader, 5, 1},
                .checksums = {{ChecksumKind::kCrc32,
                               {Of::kTrailer, 0, 4},
                               {{Of::kHeader, 0, 6}, PacketPart{}}}},
                .transforms = {{Key({0x5A, 0x17}), {{Of::kHeader, 2, 2}, PacketPart{}}}}}),
      Envelope({.header_bytes = 4,
                .trailer_bytes = 3,
                .big_endian = true,
                .checksums = {{ChecksumKind::kCrc16CcittFalse,
                               {Of::kTrailer, 1, 2},
                               {PacketPart{}, {Of::kTrailer, 0, 1}},
                               true}},
                .transforms = {{Key({1, 2, 3}), {PacketPart{}}}, {Key({0xA5}), {PacketPart{}}}}}),
      Envelope({.header_bytes = 8,
                .inner_bytes = 4,
                .checksums = {{ChecksumKind::kCrc16Arc, {Of::kHeader, 4, 2}, {PacketPart{}}},
                              {ChecksumKind::kSum, {Of::kHeader, 2, 1}, {{Of::kHeader, 0, 4}}}}})};
  return kEnvelopes;
}

void TryEnvelope(const Envelope& envelope, std::span<const std::byte> packet,
                 std::size_t header_bytes) {
  if (packet.size() < header_bytes) return;  // as the framing makes sure
  std::vector<std::byte> room(packet.size());
  EnvelopeState state;
  const Envelope::Opened opened = envelope.Open(packet, room, state);
  if (opened.fault == Envelope::Fault::kNone) {
    SC_ASSERT(opened.packet.size() == packet.size());
    std::vector<std::byte> again(opened.packet.begin(), opened.packet.end());
    EnvelopeState sender;
    envelope.Seal(again, sender, envelope.CorrelationOf(opened.packet));
    SC_ASSERT(std::ranges::equal(again, packet));
  }
  if (packet.size() < header_bytes + envelope.trailer_bytes()) return;
  std::vector<std::byte> ours(packet.begin(), packet.end());
  EnvelopeState sender;
  EnvelopeState receiver;
  envelope.Seal(ours, sender, 3);
  SC_ASSERT(envelope.Open(ours, room, receiver).fault == Envelope::Fault::kNone);
}

const Hook& ShippedHook() {
  static const std::shared_ptr<const Hook> kHook = [] {
    std::string error;
    auto hook = Hook::Load(SharedLibrary::FileOf(STRESSBOT_HOOKS "/five_byte_header"), {}, error);
    SC_ASSERT(hook != nullptr);
    return hook;
  }();
  return *kHook;
}

void TryHook(std::span<const std::byte> stream) {
  constexpr std::size_t kHeaderBytes = 5;
  constexpr std::size_t kPacketBytesMax = 70'000;
  HookConnection connection(ShippedHook(), kPacketBytesMax);
  std::vector<std::byte> answer(HookConnection::kAnswerBytesMax);
  SC_ASSERT(connection.Open(1, answer).fault == nullptr);
  while (!stream.empty()) {
    const HookConnection::Measured measured = connection.Measure(stream);
    if (measured.fault != nullptr || measured.wire_bytes > stream.size()) return;
    // Exactly as large as they may be, so that the address sanitizer sees any byte behind.
    std::vector<std::byte> plain_room(measured.wire_bytes);
    const HookConnection::Decoded decoded =
        connection.Decode(stream.first(measured.wire_bytes), plain_room, answer);
    stream = stream.subspan(measured.wire_bytes);
    if (decoded.fault != nullptr) continue;
    std::vector<std::byte> wire_room(connection.wire_bytes_max());
    const HookConnection::Bytes wire = connection.Encode(decoded.plain, wire_room);
    SC_ASSERT(wire.fault == nullptr && wire.bytes.size() == decoded.plain.size());
    std::vector<std::byte> again_room(wire.bytes.size());
    const HookConnection::Decoded again = connection.Decode(wire.bytes, again_room, answer);
    SC_ASSERT(again.fault == nullptr);
    SC_ASSERT(
        std::ranges::equal(again.plain.subspan(kHeaderBytes), decoded.plain.subspan(kHeaderBytes)));
  }
}

}  // namespace
}  // namespace stressbot

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace stressbot;
  constexpr std::array<std::size_t, 4> kHeaderBytes{5, 6, 4, 8};
  FuzzInput input(data, size);
  const std::size_t which = input.TakeByte() % (Envelopes().size() + 1);
  const auto bytes = std::as_bytes(input.TakeRest());
  if (which == Envelopes().size()) {
    TryHook(bytes);
  } else {
    TryEnvelope(Envelopes()[which], bytes, kHeaderBytes[which]);
  }
  return 0;
}
