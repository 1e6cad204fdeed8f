#include "StressBot/protocol/PackedText.h"

#include "ServerCore/packet/Unicode.h"
#include "StressBot/protocol/Description.h"
#include "StressBot/protocol/Scalar.h"
#include "StressBot/protocol/Value.h"

namespace stressbot {
namespace {

/// Writes a payload that is well-formed.
class PackedWriter {
 public:
  PackedWriter(const PackedPayload& payload, std::string& out) : payload_(payload), out_(out) {}

  void Write(const PackedShape& shape, std::size_t at) {
    if (out_.size() > kDescriptionMax) return;  // cut there
    switch (shape.kind) {
      case PackedShape::Kind::kNumber: {
        const std::uint64_t bits = payload_.Number(at, shape.unit_bytes, shape.big_endian);
        return AppendText(DecodeScalar(shape.scalar, bits, {}).ToValue(), out_);
      }
      case PackedShape::Kind::kText:
        return Text(shape, at);
      case PackedShape::Kind::kList:
        return List(shape, at);
      case PackedShape::Kind::kStruct:
        return Struct(shape, at);
    }
  }

 private:
  void Struct(const PackedShape& shape, std::size_t at) {
    Separator separator(out_, '{');
    for (const PackedShape::Member& member : shape.members) {
      separator.Next();
      out_ += member.name + ": ";
      Write(*member.shape, at);
      at = payload_.Skip(*member.shape, at);
    }
    out_ += '}';
  }

  void Text(const PackedShape& shape, std::size_t at) {
    PackedPayload::Elements units;
    if (!payload_.Find(shape, at, units)) return;
    const std::span<const std::byte> bytes = payload_.TextOf(shape, units);
    if (shape.encoding != PackedShape::Encoding::kUtf16) {
      return AppendQuoted({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, out_);
    }
    std::string utf8;
    servercore::AppendUtf16AsUtf8(bytes, utf8);
    AppendQuoted(utf8, out_);
  }

  void List(const PackedShape& shape, std::size_t at) {
    PackedPayload::Elements elements;
    if (!payload_.Find(shape, at, elements)) return;
    at = elements.at;
    Separator separator(out_, '[');
    for (std::size_t i = 0; i < elements.count && out_.size() <= kDescriptionMax; ++i) {
      separator.Next();
      Write(*shape.element, at);
      at = payload_.Skip(*shape.element, at);
    }
    out_ += ']';
  }

  const PackedPayload& payload_;
  std::string& out_;
};

}  // namespace

std::string DescribePacked(const PackedShape& packet, const PackedPayload& payload) {
  if (!IsWellFormed(packet, payload)) return DescribeUndecodable(payload.bytes());
  std::string text;
  PackedWriter(payload, text).Write(packet, 0);
  return Shortened(std::move(text));
}

}  // namespace stressbot
