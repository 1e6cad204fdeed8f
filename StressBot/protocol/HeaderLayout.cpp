#include "StressBot/protocol/HeaderLayout.h"

#include <algorithm>
#include <string>
#include <utility>

namespace stressbot {
namespace {

/// Nobody's packets are larger, and every bot with an incomplete packet needs memory for it.
constexpr std::uint64_t kPacketBytesMax = 16 * 1024 * 1024;
constexpr std::uint64_t kPacketBytesDefault = 65'535;

class HeaderReader {
 public:
  explicit HeaderReader(const JsonNode& root)
      : root_(root), errors_before_(root.errors().list().size()) {}

  std::optional<HeaderLayout> Read() {
    const std::optional<JsonNode> header = root_.Require("header");
    if (!header) return std::nullopt;
    header->OnlyKeys({"byteOrder", "fields"});
    if (const auto order = header->Find("byteOrder"))
      layout_.framing.big_endian = ReadIsBigEndian(*order);
    if (const auto fields = header->Require("fields")) ReadFields(*fields);
    layout_.framing.header_bytes = static_cast<std::uint8_t>(layout_.constant_bytes.size());
    if (HasErrors()) return std::nullopt;
    ReadPacketBytesMax();
    if (HasErrors()) return std::nullopt;
    return std::move(layout_);
  }

 private:
  bool HasErrors() const { return root_.errors().list().size() != errors_before_; }

  void ReadFields(const JsonNode& node) {
    WireFieldReader reader(
        PacketPart::Of::kHeader, "header",
        {"length", "id", "constant", "sequence", "correlation", "checksum", "opaque"});
    reader.set_big_endian(layout_.framing.big_endian);
    for (const JsonNode& field : node.Elements()) reader.Read(field);
    layout_.fields = reader.fields();
    layout_.constant_bytes = reader.bytes();
    layout_.framing.inner_bytes = static_cast<std::uint8_t>(reader.inner_bytes());
    for (const WireField& field : layout_.fields) TakeRole(field);
    if (reader.has_gaps()) return;  // what could not be read may be what is missing
    if (length_most_ == 0)
      node.Error("no field has \"role\": \"length\", so packets could not be told apart");
    if (layout_.id_max == 0)
      node.Error("no field has \"role\": \"id\", so packets could not be named");
  }

  void TakeRole(const WireField& field) {
    const servercore::PacketFraming::Field place{field.place.offset, field.place.bytes};
    if (field.role == "length") {
      if (std::exchange(length_most_, field.type->most) != 0)
        field.node.Find("role")->Error("two header fields have the role length");
      layout_.framing.length = place;
      if (const auto counts = field.node.Require("counts")) ReadCounts(*counts);
    } else if (field.role == "id") {
      if (std::exchange(layout_.id_max, static_cast<std::uint32_t>(field.type->most)) != 0)
        field.node.Find("role")->Error("two header fields have the role id");
      layout_.framing.id = place;
    }
  }

  void ReadCounts(const JsonNode& node) {
    const std::string counts = node.AsString();
    if (counts == "payload") {
      layout_.framing.length_counts_header = false;
    } else if (counts != "packet" && node.IsString()) {
      node.Error("unknown \"" + counts + "\"" + Suggest(counts, {"packet", "payload"}));
    }
  }

  void ReadPacketBytesMax() {
    const auto header_bytes = static_cast<std::uint64_t>(layout_.framing.header_bytes);
    const auto length_most = static_cast<std::uint64_t>(length_most_);
    const std::uint64_t expressible = length_most + layout_.framing.uncounted_bytes();
    const auto node = root_.Find("maxPacketBytes");
    const std::uint64_t bytes =
        node ? node->AsUnsigned(kPacketBytesMax) : std::min(kPacketBytesDefault, expressible);
    layout_.framing.packet_bytes_max = static_cast<std::uint32_t>(bytes);
    if (!node || HasErrors()) return;
    if (bytes < header_bytes) {
      node->Error("is smaller than the header, which has " + std::to_string(header_bytes) +
                  " bytes");
    } else if (bytes > expressible) {
      node->Error("the length field can express packets of at most " + std::to_string(expressible) +
                  " bytes, not " + std::to_string(bytes) + "; make this smaller or that wider");
    }
  }

  const JsonNode& root_;
  std::size_t errors_before_;
  HeaderLayout layout_;
  std::int64_t length_most_ = 0;  ///< 0: no field has the role length yet
};

}  // namespace

std::optional<HeaderLayout> ReadHeaderLayout(const JsonNode& root) {
  return HeaderReader(root).Read();
}

}  // namespace stressbot
