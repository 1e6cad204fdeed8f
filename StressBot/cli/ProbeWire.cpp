#include "StressBot/cli/ProbeWire.h"

namespace stressbot {
namespace {

constexpr std::uint64_t kHookSeed = 1;  // what a hook draws is the same in each talk

}  // namespace

ProbeWire::Bytes ProbeWire::Open() {
  const Hook* hook = protocol_.hook();
  if (hook == nullptr) return {};
  hook_.emplace(*hook, protocol_.framing().packet_bytes_max);
  answer_.resize(HookConnection::kAnswerBytesMax);
  plain_.resize(protocol_.framing().packet_bytes_max);
  wire_.resize(hook_->wire_bytes_max());
  const HookConnection::Bytes greeting = hook_->Open(kHookSeed, answer_);
  return {greeting.fault, greeting.bytes};
}

ProbeWire::Bytes ProbeWire::Wrap(std::span<const std::byte> packet) {
  sealed_.assign(packet.begin(), packet.end());
  if (const Envelope* envelope = protocol_.envelope())
    envelope->Seal(sealed_, envelope_state_, ++correlation_);
  if (!hook_) return {nullptr, sealed_};
  const HookConnection::Bytes wire = hook_->Encode(sealed_, wire_);
  return {wire.fault, wire.bytes};
}

ProbeWire::Measured ProbeWire::Measure(std::span<const std::byte> bytes) {
  if (hook_ && protocol_.hook()->measures()) {
    const HookConnection::Measured measured = hook_->Measure(bytes);
    return {measured.fault != nullptr, measured.fault, measured.wire_bytes};
  }
  const servercore::PacketFraming& framing = protocol_.framing();
  if (bytes.size() < framing.header_bytes) return {false, nullptr, framing.header_bytes};
  const auto measure = framing.Read(bytes);
  return {measure.error != servercore::PacketError::kNone, nullptr, measure.packet_bytes};
}

ProbeWire::Taken ProbeWire::Take(std::span<const std::byte> wire) {
  if (!hook_) return TakePlain(wire);
  const HookConnection::Decoded decoded = hook_->Decode(wire, plain_, answer_);
  if (decoded.fault != nullptr) return {.fault = decoded.fault};
  Taken taken;
  if (!decoded.plain.empty()) taken = TakePlain(decoded.plain);
  taken.answer = decoded.answer;
  return taken;
}

ProbeWire::Taken ProbeWire::TakePlain(std::span<const std::byte> plain) {
  const servercore::PacketFraming& framing = protocol_.framing();
  if (plain.size() < framing.header_bytes)
    return {.fault = "a packet without its header, as the hook decoded it"};
  const auto measure = framing.Read(plain);
  if (measure.error != servercore::PacketError::kNone || measure.packet_bytes != plain.size())
    return {.fault = "a packet with another length than its header says, as the hook decoded it"};
  const Envelope* envelope = protocol_.envelope();
  if (envelope == nullptr) return {.packet = plain, .id = measure.id};
  opened_.resize(plain.size());
  const Envelope::Opened opened = envelope->Open(plain, opened_, envelope_state_);
  if (opened.fault != Envelope::Fault::kNone) return {.fault = Describe(opened.fault)};
  return {.packet = opened.packet, .id = framing.Read(opened.packet).id};
}

}  // namespace stressbot
