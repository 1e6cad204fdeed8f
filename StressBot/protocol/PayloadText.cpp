#include "StressBot/protocol/PayloadText.h"

#include <map>
#include <string_view>
#include <vector>

#include "ServerCore/packet/Unicode.h"
#include "StressBot/protocol/ProtobufNames.h"
#include "StressBot/protocol/Scalar.h"
#include "StressBot/protocol/WireFormat.h"

namespace stressbot {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr std::size_t kTextMax = 2'000;
constexpr std::size_t kHexBytesMax = 16;
constexpr int kDepthMax = 32;

void AppendHex(std::byte byte, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += kDigits[std::to_integer<std::size_t>(byte) >> 4U];
  out += kDigits[std::to_integer<std::size_t>(byte) & 15U];
}

void AppendQuoted(std::string_view text, std::string& out) {
  out += '"';
  while (!text.empty() && out.size() < kTextMax) {
    const std::size_t bytes = servercore::Utf8CharacterBytes(text);
    const char first = text.front();
    if (bytes > 1) {
      out.append(text.substr(0, bytes));
    } else if (first == '"' || first == '\\') {
      (out += '\\') += first;
    } else if (first == '\n') {
      out += "\\n";
    } else if (bytes == 0 || first < ' ' || first == '\x7F') {
      AppendHex(static_cast<std::byte>(first), out += "\\x");
    } else {
      out += first;
    }
    text.remove_prefix(bytes == 0 ? 1 : bytes);
  }
  out += '"';
}

class PayloadWriter {
 public:
  explicit PayloadWriter(std::string& out) : out_(out) {}

  /// False when the bytes do not fit the message.
  bool Message(const Descriptor& message, std::span<const std::byte> payload, int depth) {
    if (depth > kDepthMax) return false;
    std::map<std::uint32_t, std::vector<wire::Field>> by_number;
    wire::Reader reader(payload);
    wire::Field read;
    while (reader.Next(read)) by_number[read.number].push_back(read);
    if (reader.malformed()) return false;

    Separator separator(out_, '{');
    for (int i = 0; i < message.field_count(); ++i) {
      const FieldDescriptor& field = *message.field(i);
      if (IsGroup(field)) continue;  // skipped by the reader
      const auto occurrences = by_number.extract(static_cast<std::uint32_t>(field.number()));
      if (occurrences.empty() && (field.is_repeated() || field.has_presence())) continue;
      separator.Next();
      out_ += field.name() + ": ";
      if (occurrences.empty()) {
        Scalar(field, {});
      } else if (field.is_repeated() ? !List(field, occurrences.mapped(), depth)
                                     : !Single(field, occurrences.mapped().back(), depth)) {
        return false;
      }
    }
    for (const auto& [number, fields] : by_number) {
      separator.Next();
      out_ += "unknown field " + std::to_string(number);
    }
    out_ += '}';
    return true;
  }

 private:
  /// Commas between what is written.
  class Separator {
   public:
    Separator(std::string& out, char open) : out_(out) { out_ += open; }
    void Next() {
      if (!is_first_) out_ += ", ";
      is_first_ = false;
    }

   private:
    std::string& out_;
    bool is_first_ = true;
  };

  bool List(const FieldDescriptor& field, const std::vector<wire::Field>& fields, int depth) {
    Separator separator(out_, '[');
    for (const wire::Field& occurrence : fields) {
      if (IsNumber(ScalarOf(field)) && occurrence.type == wire::Type::kBytes) {
        wire::Reader packed(occurrence.bytes);
        wire::Field element{.type = WireTypeOf(ScalarOf(field))};
        while (packed.NextPacked(element.type, element.bits)) {
          if (out_.size() > kTextMax) continue;
          separator.Next();
          Scalar(field, element);
        }
        if (packed.malformed()) return false;
        continue;
      }
      separator.Next();
      if (!Single(field, occurrence, depth)) return false;
    }
    out_ += ']';
    return true;
  }

  bool Single(const FieldDescriptor& field, const wire::Field& occurrence, int depth) {
    if (occurrence.type != WireTypeOf(ScalarOf(field))) return false;
    if (field.message_type() != nullptr) {
      return Message(*field.message_type(), occurrence.bytes, depth + 1);
    }
    Scalar(field, occurrence);
    return true;
  }

  void Scalar(const FieldDescriptor& field, const wire::Field& occurrence) {
    const FieldView view = DecodeScalar(ScalarOf(field), occurrence.bits, occurrence.bytes);
    if (view.kind == FieldView::Kind::kText) return AppendQuoted(view.text, out_);
    if (field.enum_type() != nullptr) {
      const auto* value = field.enum_type()->FindValueByNumber(static_cast<int>(view.as_int));
      if (value != nullptr) {
        out_ += value->name();
        return;
      }
    }
    AppendText(view.ToValue(), out_);
  }

  std::string& out_;
};

}  // namespace

std::string DescribePayload(const Descriptor& message, std::span<const std::byte> payload) {
  std::string text;
  if (!PayloadWriter(text).Message(message, payload, 0)) return DescribeUndecodable(payload);
  if (text.size() <= kTextMax) return text;
  std::size_t cut = kTextMax;
  while ((static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) --cut;  // not within a character
  return text.substr(0, cut) + " ...";
}

std::string DescribeUndecodable(std::span<const std::byte> payload) {
  std::string text =
      "undecodable, " + std::to_string(payload.size()) + (payload.size() == 1 ? " byte" : " bytes");
  for (std::size_t i = 0; i < payload.size() && i < kHexBytesMax; ++i) {
    text += i == 0 ? ": " : " ";
    AppendHex(payload[i], text);
  }
  return payload.size() > kHexBytesMax ? text + " ..." : text;
}

}  // namespace stressbot
