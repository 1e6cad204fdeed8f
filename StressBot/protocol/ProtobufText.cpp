#include "StressBot/protocol/ProtobufText.h"

#include <map>
#include <utility>
#include <vector>

#include "StressBot/protocol/Description.h"
#include "StressBot/protocol/ProtobufNames.h"
#include "StressBot/protocol/Scalar.h"
#include "StressBot/protocol/WireFormat.h"

namespace stressbot {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr int kDepthMax = 32;

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
  bool List(const FieldDescriptor& field, const std::vector<wire::Field>& fields, int depth) {
    Separator separator(out_, '[');
    for (const wire::Field& occurrence : fields) {
      if (IsNumber(ScalarOf(field)) && occurrence.type == wire::Type::kBytes) {
        wire::Reader packed(occurrence.bytes);
        wire::Field element{.type = WireTypeOf(ScalarOf(field))};
        while (packed.NextPacked(element.type, element.bits)) {
          if (out_.size() > kDescriptionMax) continue;
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
  return Shortened(std::move(text));
}

}  // namespace stressbot
