#include <chrono>
#include <string>

#include "StressBot/engine/Bot.h"
#include "StressBot/engine/BotReport.h"
#include "StressBot/engine/BotSession.h"
#include "StressBot/engine/BotShard.h"
#include "StressBot/engine/GroupRun.h"
#include "StressBot/protocol/Description.h"

/// What is kept of a bot's conversation, for a failure and for `stressbot trace`.
namespace stressbot {
namespace {

constexpr std::size_t kFoundTextMax = 80;

std::span<const std::byte> BytesOf(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace

bool Bot::WantsReport(std::string_view metric) const {
  return followed_ || shard_.failures().Wants(metric, shard_.recorder().Wants(id_));
}

void Bot::AddReport(std::string_view metric, const std::string& text) {
  if (followed_) AddNote("failed: " + text);
  if (!shard_.failures().Wants(metric, shard_.recorder().Wants(id_))) return;
  const auto at = shard_.now() - shard_.started_at();
  const double seconds = std::chrono::duration<double>(at).count();
  shard_.failures().Add(metric, at, fmt::format("bot {} at {:.1f} s, {}", id_, seconds, text),
                        shard_.recorder().Last(id_));
}

TraceHead Bot::HeadOf(TraceHead::Kind kind, std::uint8_t server) const {
  TraceHead head;
  head.at = shard_.now() - shard_.started_at();
  head.bot = id_;
  head.kind = kind;
  head.server = server;
  const BotSession* session = connections_[server];
  if (session != nullptr) head.received = static_cast<std::uint32_t>(session->packets_received());
  return head;
}

void Bot::AddNote(std::string_view text, std::uint8_t server) {
  if (!shard_.recorder().Wants(id_)) return;
  shard_.recorder().Add(HeadOf(TraceHead::Kind::kNote, server), BytesOf(text));
}

void Bot::RecordSent(const Outgoing& outgoing, std::span<const std::byte> packet,
                     const std::string& step) {
  const Protocol& protocol = *group_.program.servers[outgoing.server].protocol;
  TraceHead head = HeadOf(TraceHead::Kind::kSent, outgoing.server);
  head.step = &step;
  head.packet_id = protocol.packet(outgoing.packet).id;
  head.packet_bytes = static_cast<std::uint32_t>(packet.size());
  const std::size_t trailer = protocol.envelope() ? protocol.envelope()->trailer_bytes() : 0;
  const std::size_t header = protocol.framing().header_bytes;
  shard_.recorder().Add(head, packet.subspan(header, packet.size() - header - trailer));
}

void Bot::RecordReceived(TraceHead::Kind kind, std::uint8_t server, PacketIndex packet,
                         std::span<const std::byte> payload, const std::string* step) {
  if (!shard_.recorder().Wants(id_)) return;
  const Protocol& protocol = *group_.program.servers[server].protocol;
  TraceHead head = HeadOf(kind, server);
  head.step = step;
  head.packet_id = protocol.packet(packet).id;
  head.packet_bytes = static_cast<std::uint32_t>(payload.size() + protocol.framing().header_bytes);
  shard_.recorder().Add(head, payload);
}

void Bot::RecordUnknown(std::uint8_t server, std::uint32_t packet_id,
                        std::span<const std::byte> payload) {
  if (!shard_.recorder().Wants(id_)) return;
  TraceHead head = HeadOf(TraceHead::Kind::kUnknown, server);
  head.packet_id = packet_id;
  head.packet_bytes = static_cast<std::uint32_t>(
      payload.size() + group_.program.servers[server].protocol->framing().header_bytes);
  shard_.recorder().Add(head, payload);
}

bool Bot::LeaveUnwanted(std::uint8_t server, PacketIndex packet,
                        std::span<const std::byte> payload) {
  RecordReceived(TraceHead::Kind::kUnwanted, server, packet, payload, nullptr);
  return false;
}

/// "it is 3": what a check found instead.
std::string Bot::FoundText(const Condition& condition, std::span<const std::byte> payload) {
  FieldView view;
  if (condition.field.Read(payload, condition.want, view) != ReadStatus::kOk)
    return "it cannot be decoded";
  if (view.kind == FieldView::Kind::kMissing) return "it is missing";
  const Value value = view.ToValue();
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return "it is " + ToText(value);
  std::string quoted;
  AppendQuoted(std::string_view(*text).substr(0, kFoundTextMax), quoted);
  return "it is " + quoted + (text->size() > kFoundTextMax ? " ..." : "");
}

}  // namespace stressbot
