#include "StressBot/scenario/HostileCompiler.h"

#include <algorithm>
#include <map>

#include "StressBot/scenario/HostileBytes.h"
#include "StressBot/scenario/Keys.h"

namespace stressbot {
namespace {

using HostileKind = HostileStep::Kind;

constexpr std::size_t kRawBytesMax = 256 * 1024;
constexpr std::uint32_t kGluedMax = 1'000;
constexpr std::uint32_t kFloodMax = 100'000'000;
constexpr std::uint32_t kGluedDefault = 10;
constexpr std::uint32_t kFloodDefault = 10'000;
constexpr std::chrono::milliseconds kBytePauseDefault{1};
constexpr std::chrono::seconds kUnreadDefault{10};

/// Siblings that each kind has beside those that all have.
const std::map<std::string, std::vector<std::string>>& SiblingsByKind() {
  static const std::map<std::string, std::vector<std::string>> kSiblings = {
      {"size-zero", {}},
      {"size-one", {}},
      {"size-header-minus-one", {}},
      {"size-max", {}},
      {"unknown-id", {}},
      {"id-max", {}},
      {"malformed-payload", {"packet"}},
      {"out-of-order", {"packet", "fields"}},
      {"byte-by-byte", {"packet", "fields", "pause"}},
      {"glued", {"packet", "fields", "count"}},
      {"flood", {"packet", "fields", "count"}},
      {"slow-reader", {"duration"}},
      {"half-open", {}}};
  return kSiblings;
}

std::vector<std::string> WithCommon(std::vector<std::string> keys) {
  keys.insert(keys.end(), {"expect", "timeout", "name", "onFail", "on"});
  return keys;
}

std::optional<HostileBytes::Bytes> BytesOf(const std::string& kind, const HostileBytes& bytes,
                                           std::string& error) {
  if (kind == "size-zero") return bytes.SizeZero(error);
  if (kind == "size-one") return bytes.SizeOne(error);
  if (kind == "size-header-minus-one") return bytes.SizeHeaderMinusOne(error);
  if (kind == "size-max") return bytes.SizeMax(error);
  if (kind == "unknown-id") return bytes.UnknownId(error);
  return bytes.IdMax(error);
}

}  // namespace

const std::vector<std::string>& HostileKinds() {
  static const std::vector<std::string> kNames = NamesOf(SiblingsByKind());
  return kNames;
}

void HostileCompiler::CompileBytes(const JsonNode& step) {
  step.OnlyKeys(WithCommon({"bytes", "as"}));
  const JsonNode noun = *step.Find("bytes");
  const std::string text = noun.AsString();
  const auto as = step.Find("as");
  const std::string form = as ? as->AsString() : "hex";
  if (as && as->IsString() && form != "hex" && form != "text")
    as->Error("cannot be \"" + form + "\"" + Suggest(form, {"hex", "text"}));
  HostileStep hostile;
  if (form == "text") {
    const auto bytes = std::as_bytes(std::span(text));
    hostile.bytes.assign(bytes.begin(), bytes.end());
  } else if (const auto bytes = BytesOfHex(text)) {
    hostile.bytes = *bytes;
  } else {
    noun.Error(
        "is no hexadecimal text such as \"08 00 e8 03\"; for other text add \"as\": \"text\"");
  }
  if (noun.IsString() && text.empty()) noun.Error("needs at least one byte");
  if (hostile.bytes.size() > kRawBytesMax)
    noun.Error("has more than " + std::to_string(kRawBytesMax) + " bytes; use several steps");
  if (const auto server = packets_.CompileOpenServer(step)) {
    hostile.server = *server;
    Finish(step, "bytes", hostile);
  }
}

void HostileCompiler::CompileHostile(const JsonNode& step) {
  const JsonNode noun = *step.Find("hostile");
  const std::string kind = noun.AsString();
  const auto siblings = SiblingsByKind().find(kind);
  if (siblings == SiblingsByKind().end()) {
    std::string names;
    for (const std::string& name : HostileKinds()) names += (names.empty() ? "" : ", ") + name;
    const std::string_view near = Nearest(kind, HostileKinds());
    if (noun.IsString())
      noun.Error(
          "no misbehaviour \"" + kind + "\"; " +
          (near.empty() ? "known: " + names : "did you mean \"" + std::string(near) + "\"?"));
    return;
  }
  std::vector<std::string> keys = WithCommon(siblings->second);
  keys.emplace_back("hostile");
  step.OnlyKeys(keys);
  HostileStep hostile;
  if (const auto server = packets_.CompileOpenServer(step)) {
    hostile.server = *server;
    if (CompileKind(step, kind, hostile)) Finish(step, kind, hostile);
  }
}

/// False after an error, or when the protocol could not be read.
bool HostileCompiler::CompileKind(const JsonNode& step, const std::string& kind,
                                  HostileStep& hostile) {
  const Protocol* protocol = packets_.ProtocolOf(hostile.server);
  if (protocol == nullptr) return false;
  const JsonNode noun = *step.Find("hostile");
  const HostileBytes bytes(*protocol);
  std::string error;
  std::optional<HostileBytes::Bytes> made;
  if (kind == "half-open") {
    hostile.kind = HostileKind::kHalfOpen;
    return true;
  }
  if (kind == "slow-reader") {
    hostile.kind = HostileKind::kSlowReader;
    const auto duration = step.Find("duration");
    hostile.pause = duration ? ReadPositiveDuration(*duration) : Nanoseconds(kUnreadDefault);
    return true;
  }
  if (kind == "out-of-order" || kind == "byte-by-byte" || kind == "glued" || kind == "flood") {
    hostile.kind = kind == "byte-by-byte" ? HostileKind::kByteByByte
                   : kind == "flood"      ? HostileKind::kFlood
                                          : HostileKind::kPackets;
    const auto otherwise = kind == "out-of-order" ? bytes.LastPacket() : bytes.AnyPacket();
    return CompilePackets(step, hostile, otherwise,
                          kind == "glued"   ? kGluedDefault
                          : kind == "flood" ? kFloodDefault
                                            : 1);
  }
  if (kind == "malformed-payload") {
    const auto packet = CompilePacket(step, *protocol, bytes.AnyPacket());
    if (!packet) return false;
    made = bytes.Malformed(*packet, error);
  } else {
    made = BytesOf(kind, bytes, error);
  }
  if (!made) {
    noun.Error("cannot be done here: " + error);
    return false;
  }
  hostile.bytes = std::move(*made);
  return true;
}

std::optional<PacketIndex> HostileCompiler::CompilePacket(const JsonNode& step,
                                                          const Protocol& protocol,
                                                          std::optional<PacketIndex> otherwise) {
  if (const auto named = step.Find("packet")) {
    const PacketIndex packet = packets_.CompilePacketName(*named, protocol, PacketDirection::kSend);
    if (packet == kUnknownPacket) return std::nullopt;
    return packet;
  }
  if (!otherwise)
    step.Find("hostile")->Error("cannot be done here: the protocol has no packet that bots send");
  return otherwise;
}

bool HostileCompiler::CompilePackets(const JsonNode& step, HostileStep& hostile,
                                     std::optional<PacketIndex> otherwise,
                                     std::uint32_t count_default) {
  hostile.count = count_default;
  if (const auto count = step.Find("count")) {
    const std::uint32_t most = hostile.kind == HostileKind::kFlood ? kFloodMax : kGluedMax;
    hostile.count = static_cast<std::uint32_t>(ReadNumber(*count, 1, most));
  }
  const auto pause = step.Find("pause");
  hostile.pause = pause ? ReadPositiveDuration(*pause) : Nanoseconds(kBytePauseDefault);
  const auto packet = CompilePacket(step, *packets_.ProtocolOf(hostile.server), otherwise);
  if (!packet) return false;
  FieldTree tree;
  hostile.send = packets_.CompileOutgoing(step, *packet, hostile.server, build_.Scope(), tree);
  return true;
}

void HostileCompiler::CompileExpected(const JsonNode& step, HostileStep& hostile) {
  const auto expect = step.Find("expect");
  if (!expect) return;
  if (expect->IsArray()) {
    if (expect->json().empty()) expect->Error("needs at least one of close, ignore, reply");
    for (const JsonNode& word : expect->Elements()) CompileOutcome(word, hostile);
  } else {
    CompileOutcome(*expect, hostile);
  }
  hostile.rule = packets_.NextRule(step);
  if (!hostile.Expects(HostileOutcome::kClosed)) return;
  if (hostile.expected == 1U << static_cast<unsigned>(HostileOutcome::kClosed)) {
    build_.connections.Disconnect(hostile.server);
  } else {
    build_.connections.Forget(hostile.server);
  }
}

void HostileCompiler::CompileOutcome(const JsonNode& word, HostileStep& hostile) {
  const std::string text = word.AsString();
  if (!word.IsString()) return;
  HostileOutcome outcome = HostileOutcome::kReplied;
  if (text == "close") {
    outcome = HostileOutcome::kClosed;
  } else if (text == "ignore") {
    outcome = HostileOutcome::kIgnored;
  } else if (text != "reply") {
    const Protocol* protocol = packets_.ProtocolOf(hostile.server);
    if (protocol == nullptr) return;
    if (protocol->IndexOfName(text) == kUnknownPacket) {
      std::vector<std::string> known = {"close", "ignore", "reply"};
      for (const PacketType& packet : protocol->packets())
        if (packet.direction != PacketDirection::kSend) known.push_back(packet.name);
      const std::string_view near = Nearest(text, known);
      return word.Error(
          "\"" + text + "\" is neither close, ignore or reply nor a packet" +
          (near.empty() ? std::string() : "; did you mean \"" + std::string(near) + "\"?"));
    }
    if (hostile.Expects(HostileOutcome::kReplied))
      return word.Error("is a second reply; one packet, or \"reply\" for any");
    hostile.reply = packets_.CompilePacketName(word, *protocol, PacketDirection::kReceive);
  }
  hostile.expected |= static_cast<std::uint8_t>(1U << static_cast<unsigned>(outcome));
  hostile.check += (hostile.check.empty() ? "" : " or ") + text;
}

void HostileCompiler::Finish(const JsonNode& step, const std::string& name, HostileStep& hostile) {
  hostile.name = packets_.StepName(step, name);
  hostile.flow = build_.flow;
  hostile.timeout = packets_.StepTimeout(step);
  hostile.on_fail = packets_.StepOnFail(step);
  CompileExpected(step, hostile);
  build_.program.hostiles.push_back(std::move(hostile));
  build_.Emit(Instruction::Op::kHostile, build_.program.hostiles.size());
}

}  // namespace stressbot
