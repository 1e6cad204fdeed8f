#include "StressBot/protocol/EnvelopeFile.h"

#include <algorithm>
#include <string>
#include <utility>

#include "StressBot/protocol/Hex.h"

namespace stressbot {
namespace {

constexpr std::size_t kKeyBytesMax = 256;

class EnvelopeReader {
 public:
  EnvelopeReader(const JsonNode& root, const HeaderLayout& header)
      : root_(root),
        header_bytes_(std::size_t{header.framing.header_bytes} - header.framing.inner_bytes),
        fields_(header.fields) {
    layout_.header_bytes = header.framing.header_bytes;
    layout_.inner_bytes = header.framing.inner_bytes;
    layout_.big_endian = header.framing.big_endian;
    bytes_max_ = header.framing.packet_bytes_max;
  }

  EnvelopeParts Read() {
    EnvelopeParts parts;
    if (const auto trailer = root_.Find("trailer")) parts.trailer = ReadTrailer(*trailer);
    layout_.trailer_bytes = static_cast<std::uint8_t>(parts.trailer.size());
    for (const WireField& field : fields_) TakeRole(field);
    if (const auto transforms = root_.Find("transforms")) {
      for (const JsonNode& transform : transforms->Elements()) ReadTransform(transform);
    }
    const bool does_something = layout_.trailer_bytes > 0 || layout_.sequence ||
                                layout_.correlation || !layout_.checksums.empty() ||
                                !layout_.transforms.empty();
    if (does_something) parts.envelope = std::make_unique<const Envelope>(std::move(layout_));
    return parts;
  }

 private:
  std::vector<std::byte> ReadTrailer(const JsonNode& node) {
    node.OnlyKeys({"fields"});
    const auto list = node.IsObject() ? node.Require("fields") : std::nullopt;
    if (!list) return {};
    WireFieldReader reader(PacketPart::Of::kTrailer, "trailer", {"checksum", "constant", "opaque"});
    reader.set_big_endian(layout_.big_endian);
    for (const JsonNode& field : list->Elements()) reader.Read(field);
    if (std::size_t{layout_.header_bytes} + reader.bytes().size() > bytes_max_)
      node.Error("header and trailer are longer than a packet may be, " +
                 std::to_string(bytes_max_) + " bytes (\"maxPacketBytes\")");
    for (const WireField& field : reader.fields()) {
      const auto is_same = [&](const WireField& other) { return other.name == field.name; };
      if (!field.name.empty() && std::any_of(fields_.begin(), fields_.end(), is_same))
        field.node.Find("name")->Error("a header field is called \"" + field.name + "\" already");
    }
    fields_.insert(fields_.end(), reader.fields().begin(), reader.fields().end());
    return reader.bytes();
  }

  void TakeRole(const WireField& field) {
    if (field.role == "sequence") {
      if (layout_.sequence) field.node.Find("role")->Error("two fields have the role sequence");
      layout_.sequence = ReadSequence(field);
    } else if (field.role == "correlation") {
      if (layout_.correlation)
        field.node.Find("role")->Error("two fields have the role correlation");
      layout_.correlation = field.place;
    } else if (field.role == "checksum") {
      layout_.checksums.push_back(ReadChecksum(field));
    }
  }

  static Envelope::Sequence ReadSequence(const WireField& field) {
    Envelope::Sequence sequence;
    sequence.place = field.place;
    if (const auto start = field.node.Find("start"))
      sequence.start = ReadWireNumber(*start, *field.type);
    if (const auto step = field.node.Find("step")) {
      sequence.step = ReadWireNumber(*step, *field.type);
    }
    if (const auto node = field.node.Find("received")) {
      const std::string word = node->AsString();
      if (word != "ignored" && word != "verified" && node->IsString())
        node->Error("unknown \"" + word + "\"" + Suggest(word, {"ignored", "verified"}));
      sequence.verified = word == "verified";
    }
    return sequence;
  }

  Envelope::Checksum ReadChecksum(const WireField& field) {
    Envelope::Checksum checksum;
    checksum.place = field.place;
    if (const auto node = field.node.Require("algorithm")) ReadAlgorithm(*node, field, checksum);
    if (const auto over = field.node.Require("over")) {
      checksum.over = ReadOver(*over);
      ForbidFields(*over, checksum.over, "checksum",
                   "a checksum cannot be over a checksum; in \"header\" they count as 0");
    }
    if (const auto node = field.node.Find("of")) {
      const std::string word = node->AsString();
      if (word != "plain" && word != "wire" && node->IsString())
        node->Error("unknown \"" + word + "\"" + Suggest(word, {"plain", "wire"}));
      checksum.of_wire = word == "wire";
    }
    return checksum;
  }

  static void ReadAlgorithm(const JsonNode& node, const WireField& field,
                            Envelope::Checksum& checksum) {
    const std::string name = node.AsString();
    std::vector<std::string> names;
    for (const ChecksumName& known : ChecksumNames()) {
      names.emplace_back(known.name);
      if (known.name != name) continue;
      checksum.kind = known.kind;
      if (8U * field.place.bytes < known.bits)
        node.Error("has " + std::to_string(known.bits) + " bits, which a field of type \"" +
                   std::string(field.type->name) + "\" cannot hold");
      return;
    }
    std::string known;
    for (const std::string& each : names) known += (known.empty() ? "" : ", ") + each;
    if (node.IsString())
      node.Error("unknown algorithm \"" + name + "\"" + Suggest(name, names) + "; known: " + known);
  }

  /// "payload", "header" or a field's name; one or a list of them.
  std::vector<PacketPart> ReadOver(const JsonNode& node) {
    std::vector<PacketPart> parts;
    if (!node.IsArray()) {
      ReadPart(node, parts);
    } else {
      for (const JsonNode& element : node.Elements()) ReadPart(element, parts);
      if (node.json().empty()) node.Error("needs at least one part");
    }
    return parts;
  }

  void ReadPart(const JsonNode& node, std::vector<PacketPart>& parts) {
    const std::string name = node.AsString();
    if (name.empty()) return;
    if (name == "payload") return parts.push_back({});
    if (name == "header") {
      parts.push_back({PacketPart::Of::kHeader, 0, static_cast<std::uint8_t>(header_bytes_)});
      return;
    }
    std::vector<std::string> names{"payload", "header"};
    for (const WireField& field : fields_) {
      if (field.name == name) return parts.push_back(field.place);
      names.push_back(field.name);
    }
    node.Error("no field \"" + name + "\" in header or trailer" + Suggest(name, names));
  }

  /// An error when the parts hold exactly a field of that role.
  void ForbidFields(const JsonNode& over, const std::vector<PacketPart>& parts,
                    std::string_view role, const std::string& message) const {
    for (const PacketPart& part : parts) {
      const auto is_it = [&](const WireField& field) {
        return field.role == role && field.place.of == part.of &&
               part.of != PacketPart::Of::kPayload && part.offset <= field.place.offset &&
               field.place.offset < part.offset + part.bytes && part.bytes == field.place.bytes;
      };
      if (std::any_of(fields_.begin(), fields_.end(), is_it)) return over.Error(message);
    }
  }

  void ReadTransform(const JsonNode& node) {
    node.OnlyKeys({"xor", "over"});
    if (!node.IsObject()) return;
    Envelope::Transform transform;
    if (const auto key = node.Require("xor")) {
      const std::string text = key->AsString();
      transform.key.resize(text.size() / 2 + 1);
      std::byte* const end = WriteHex(text, transform.key.data());
      transform.key.resize(end == nullptr ? 0
                                          : static_cast<std::size_t>(end - transform.key.data()));
      if (key->IsString() && (transform.key.empty() || transform.key.size() > kKeyBytesMax))
        key->Error("must be the bytes of a key in hexadecimal, 1 to " +
                   std::to_string(kKeyBytesMax) + " of them, such as \"A5\" or \"0badcafe\"");
    }
    if (const auto over = node.Require("over")) {
      transform.over = ReadOver(*over);
      JudgeScrambled(*over, transform.over);
    }
    layout_.transforms.push_back(std::move(transform));
  }

  void JudgeScrambled(const JsonNode& over, const std::vector<PacketPart>& parts) const {
    for (const PacketPart& part : parts) {
      if (part.of == PacketPart::Of::kPayload) continue;
      for (const WireField& field : fields_) {
        const bool is_inside = field.place.of == part.of && part.offset <= field.place.offset &&
                               field.place.offset < part.offset + part.bytes;
        if (!is_inside) continue;
        if (field.role == "length")
          return over.Error(
              "the length must be readable before the packet is whole; name other "
              "fields, or use a hook");
        const auto of = field.node.Find("of");
        if (field.role == "checksum" && of && of->AsString() == "wire")
          return over.Error("\"" + field.name +
                            "\" is a checksum of the bytes on the wire, so it "
                            "cannot be transformed itself");
      }
    }
  }

  const JsonNode& root_;
  const std::size_t header_bytes_;
  std::size_t bytes_max_ = 0;
  std::vector<WireField> fields_;  ///< those of the header, then those of the trailer
  Envelope::Layout layout_;
};

}  // namespace

EnvelopeParts ReadEnvelope(const JsonNode& root, const HeaderLayout& header) {
  return EnvelopeReader(root, header).Read();
}

}  // namespace stressbot
