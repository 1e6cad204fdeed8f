#include "StressBot/cli/ProbeWords.h"

#include <fmt/format.h>

#include <algorithm>

#include "StressBot/cli/HexText.h"
#include "StressBot/json/JsonDocument.h"
#include "StressBot/metrics/Format.h"

namespace stressbot {
namespace {

using servercore::PacketError;
using servercore::PacketFraming;

constexpr std::string_view kBlank = " \t\r\n";

FieldNode NodeOf(const JsonNode& json) {
  FieldNode node;
  node.where = json.path();
  if (json.IsObject()) {
    FieldNode::Members members;
    for (const auto& [name, member] : json.Members()) members.push_back({name, NodeOf(member)});
    node.content = std::move(members);
  } else if (json.IsArray()) {
    std::vector<FieldNode> list;
    for (const JsonNode& element : json.Elements()) list.push_back(NodeOf(element));
    node.content = std::move(list);
  } else {
    const auto& value = json.json();
    Value literal;
    if (value.is_string()) {
      literal = value.get<std::string>();
    } else if (value.is_boolean()) {
      literal = value.get<bool>();
    } else if (value.is_number_float()) {
      literal = value.get<double>();
    } else if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) {
      literal = value.get<std::uint64_t>();
    } else if (value.is_number_integer()) {
      literal = value.get<std::int64_t>();
    } else {
      json.Error("needs a text, a number, true or false");
    }
    node.content = std::move(literal);
  }
  return node;
}

std::optional<FieldNode> ReadFields(std::string_view text, std::string& mistake) {
  Diagnostics errors;
  std::optional<FieldNode> node;
  if (const auto document = JsonDocument::Parse(text.empty() ? "{}" : text, "", errors)) {
    const JsonNode root = JsonNode::Root(*document, errors);
    if (!root.IsObject()) root.Error("a packet's fields are an object: {\"name\": \"a\"}");
    node = NodeOf(root);
  }
  if (errors.empty()) return node;
  const Diagnostic& first = errors.list().front();
  mistake = (first.path.empty() ? "" : first.path + ": ") + first.message;
  return std::nullopt;
}

PacketIndex FindSendable(const Protocol& protocol, std::string_view name, std::string& mistake) {
  std::vector<std::string> names;
  for (const PacketType& packet : protocol.packets())
    if (packet.direction != PacketDirection::kReceive) names.push_back(packet.name);
  const PacketIndex index = protocol.IndexOfName(name);
  if (index == kUnknownPacket) {
    mistake = fmt::format("no packet \"{}\" in the protocol{}; \"packets\" lists them", name,
                          Suggest(name, names));
    return index;
  }
  if (protocol.packet(index).direction != PacketDirection::kReceive) return index;
  mistake = fmt::format(
      "\"{}\" is sent by the server, so nobody else sends it (\"directions\" of the protocol "
      "file){}",
      name, Suggest(name, names));
  return kUnknownPacket;
}

std::uint32_t ReadNumber(std::span<const std::byte> bytes, PacketFraming::Field field, bool big) {
  std::uint32_t value = 0;
  for (std::uint8_t i = 0; i < field.bytes; ++i) {
    const unsigned shift = 8U * (big ? field.bytes - 1U - i : i);
    value |= std::to_integer<std::uint32_t>(bytes[field.offset + i]) << shift;
  }
  return value;
}

const char* OrderName(bool big) { return big ? "big" : "little"; }

}  // namespace

std::optional<ProbePacket> ReadProbePacket(const Protocol& protocol, std::string_view line,
                                           std::string& mistake) {
  const std::size_t name_end = std::min(line.find_first_of(kBlank), line.size());
  const std::string_view name = line.substr(0, name_end);
  std::string_view fields = line.substr(name_end);
  fields.remove_prefix(std::min(fields.find_first_not_of(kBlank), fields.size()));
  const PacketIndex packet = FindSendable(protocol, name, mistake);
  if (packet == kUnknownPacket) return std::nullopt;
  const auto root = ReadFields(fields, mistake);
  if (!root) return std::nullopt;
  CompileError error;
  const auto content = protocol.codec().CompileTemplate(packet, *root, error);
  if (!content) {
    mistake = (error.where.empty() ? "" : error.where + ": ") + error.message;
    return std::nullopt;
  }
  ProbePacket made{packet, std::vector<std::byte>(content->BytesMax({}))};
  made.bytes.resize(content->Encode(made.bytes, {}));
  if (made.bytes.empty()) {
    mistake = "the packet is larger than the protocol allows";
    return std::nullopt;
  }
  return made;
}

std::string ListPackets(const Protocol& protocol) {
  std::size_t width = 0;
  for (const PacketType& packet : protocol.packets()) width = std::max(width, packet.name.size());
  std::string text;
  for (const PacketType& packet : protocol.packets()) {
    const char* way = packet.direction == PacketDirection::kSend      ? "you send it"
                      : packet.direction == PacketDirection::kReceive ? "the server sends it"
                                                                      : "both send it";
    const auto index = static_cast<PacketIndex>(&packet - protocol.packets().data());
    text += fmt::format("  {:{}}  {:>6}  {:19}  {}\n", packet.name, width, packet.id, way,
                        protocol.codec().Fields(index));
  }
  return text;
}

std::string ExplainLength(const PacketFraming& framing, std::span<const std::byte> bytes) {
  const PacketFraming::Measure measure = framing.Read(bytes);
  const std::uint32_t length = ReadNumber(bytes, framing.length, framing.big_endian);
  std::string text =
      fmt::format("the length field ({}, {} endian) says {}",
                  HexText(bytes.subspan(framing.length.offset, framing.length.bytes)),
                  OrderName(framing.big_endian), FormatCount(length));
  if (measure.error == PacketError::kTooSmall) {
    text += fmt::format(
        ", less than the header's own {} bytes: does it count the payload alone (\"counts\": "
        "\"payload\")?",
        framing.header_bytes);
  } else if (measure.error == PacketError::kTooLarge) {
    text += fmt::format(", more than the {} bytes that a packet may have",
                        FormatCount(framing.packet_bytes_max));
  } else {
    text += fmt::format(", and {} bytes are here", FormatCount(bytes.size()));
  }
  PacketFraming other = framing;
  other.big_endian = !framing.big_endian;
  const PacketFraming::Measure turned = other.Read(bytes);
  if (framing.length.bytes > 1 && turned.error == PacketError::kNone &&
      turned.packet_bytes <= bytes.size()) {
    text += fmt::format(". Read as {} endian it says {}: is \"byteOrder\" right?",
                        OrderName(other.big_endian),
                        FormatCount(ReadNumber(bytes, framing.length, other.big_endian)));
  } else if (measure.error != PacketError::kTooSmall) {
    text += ". Is the length where \"header\" has it, and of that size?";
  }
  return text;
}

std::string ExplainUnknownId(const Protocol& protocol, std::span<const std::byte> packet,
                             std::uint32_t id) {
  const PacketFraming& framing = protocol.framing();
  const std::uint32_t turned = ReadNumber(packet, framing.id, !framing.big_endian);
  const PacketIndex other = protocol.IndexOfId(turned);
  if (framing.id.bytes > 1 && other != kUnknownPacket) {
    return fmt::format(
        "no packet has the id {}; read as {} endian it is {}, {}: is \"byteOrder\" "
        "right?",
        id, OrderName(!framing.big_endian), turned, protocol.packet(other).name);
  }
  std::uint32_t least = ~0U, most = 0;
  for (const PacketType& known : protocol.packets()) {
    least = std::min(least, known.id);
    most = std::max(most, known.id);
  }
  return fmt::format(
      "no packet has the id {}; the protocol's ids lie between {} and {}: compare "
      "\"ids\" with what the server's generator made",
      id, least, most);
}

}  // namespace stressbot
