#include "tests/protocol/ReaderComparison.h"

#include "ServerCore/Assert.h"

namespace stressbot {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

/// What protobuf says a field holds, as a Value; nullopt for what has none.
std::optional<Value> ReferenceValue(const Message& message, const FieldDescriptor& field) {
  const google::protobuf::Reflection& fields = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return fields.GetBool(message, &field);
    case FieldDescriptor::CPPTYPE_INT32:
      return std::int64_t{fields.GetInt32(message, &field)};
    case FieldDescriptor::CPPTYPE_INT64:
      return std::int64_t{fields.GetInt64(message, &field)};
    case FieldDescriptor::CPPTYPE_UINT32:
      return std::uint64_t{fields.GetUInt32(message, &field)};
    case FieldDescriptor::CPPTYPE_UINT64:
      return std::uint64_t{fields.GetUInt64(message, &field)};
    case FieldDescriptor::CPPTYPE_ENUM:
      return std::int64_t{fields.GetEnumValue(message, &field)};
    case FieldDescriptor::CPPTYPE_STRING:
      return fields.GetString(message, &field);
    default:
      return std::nullopt;  // floating point: NaN is not equal to itself
  }
}

}  // namespace

ReaderComparison::ReaderComparison() {
  CompileError error;
  const PacketIndex packet = protocol_->IndexOfName("C_ALL");
  for (int i = 0; i < message_->GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *message_->GetDescriptor()->field(i);
    if (field.is_map()) continue;
    auto path = protocol_->codec().CompilePath(packet, field.name(), error);
    SC_ASSERT(path);
    tops_.push_back({&field, std::move(*path)});
  }
  for (const char* deep : {"inner.name", "inner.next.next.depth", "inner.marks", "list.1.name",
                           "list.0.marks.1", "numbers.2", "loose.1", "words.1", "reals.1"}) {
    auto path = protocol_->codec().CompilePath(packet, deep, error);
    SC_ASSERT(path);
    deep_.push_back(std::move(*path));
  }
}

std::string ReaderComparison::Difference(const std::string& payload) {
  // A copy of exactly this size, so that the address sanitizer sees a step past its end.
  const std::vector<std::byte> bytes(AsBytes(payload).begin(), AsBytes(payload).end());
  const bool well_formed = protocol_->codec().IsWellFormed(0, bytes);
  FieldView view;
  for (const FieldPath& path : deep_) {
    for (const auto want :
         {FieldPath::Want::kValue, FieldPath::Want::kSize, FieldPath::Want::kExists}) {
      if (path.Read(bytes, want, view) == ReadStatus::kOk && !well_formed) {
        return "a path is read in what is not well formed";
      }
    }
  }
  if (protocol_->codec().Describe(0, bytes).empty()) return "no description";
  if (!well_formed || !message_->ParsePartialFromString(payload)) return {};
  for (const Top& top : tops_) {
    if (std::string difference = CompareTop(top, bytes); !difference.empty()) return difference;
  }
  return {};
}

std::string ReaderComparison::CompareTop(const Top& top, std::span<const std::byte> bytes) const {
  FieldView view;
  const auto want = top.path.repeated() ? FieldPath::Want::kSize : FieldPath::Want::kValue;
  // Protobuf keeps a field of another wire type as an unknown one. A oneof forgets the field
  // before when two arrive, which no encoder sends.
  if (top.path.Read(bytes, want, view) == ReadStatus::kMalformed) return {};
  if (top.field->real_containing_oneof() != nullptr) return {};
  if (top.field->is_repeated()) {
    const auto size = message_->GetReflection()->FieldSize(*message_, top.field);
    if (view.as_uint != static_cast<std::uint64_t>(size)) return "size of " + top.field->name();
  } else if (const auto expected = ReferenceValue(*message_, *top.field)) {
    if (view.ToValue() != *expected) return "value of " + top.field->name();
  }
  return {};
}

}  // namespace stressbot
