#include "tests/protocol/ReferenceMessages.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "StressBot/protocol/ProtocolFile.h"

namespace stressbot {

using google::protobuf::FieldDescriptor;
using google::protobuf::Reflection;

ReferenceMessages::ReferenceMessages(const std::filesystem::path& directory,
                                     const std::string& file) {
  tree_.MapPath("", directory.string());
  file_ = importer_.Import(file);
  EXPECT_NE(file_, nullptr) << file;
}

std::unique_ptr<ReferenceMessages::Message> ReferenceMessages::New(const std::string& name) {
  return std::unique_ptr<Message>(factory_.GetPrototype(file_->FindMessageTypeByName(name))->New());
}

std::unique_ptr<ReferenceMessages::Message> ReferenceMessages::FromText(const std::string& name,
                                                                        const std::string& text) {
  std::unique_ptr<Message> message = New(name);
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, message.get())) << text;
  return message;
}

namespace {

/// Mostly small, sometimes at the ends of the range: both lengths of a varint matter.
template <typename Number>
Number DrawNumber(std::mt19937_64& random) {
  const std::uint64_t bits = random();
  return static_cast<Number>(bits >> (random() % 64));
}

void FillField(google::protobuf::Message& message, const FieldDescriptor& field,
               std::mt19937_64& random, int depth, const ReferenceMessages& reference) {
  const Reflection& fields = *message.GetReflection();
  const bool add = field.is_repeated();
  switch (field.cpp_type()) {
#define DRAW(Type, Name, value)                            \
  case FieldDescriptor::CPPTYPE_##Type:                    \
    return add ? fields.Add##Name(&message, &field, value) \
               : fields.Set##Name(&message, &field, value)
    DRAW(INT32, Int32, DrawNumber<std::int32_t>(random));
    DRAW(INT64, Int64, DrawNumber<std::int64_t>(random));
    DRAW(UINT32, UInt32, DrawNumber<std::uint32_t>(random));
    DRAW(UINT64, UInt64, DrawNumber<std::uint64_t>(random));
    DRAW(DOUBLE, Double, static_cast<double>(DrawNumber<std::int32_t>(random)) / 8);
    DRAW(FLOAT, Float, static_cast<float>(DrawNumber<std::int16_t>(random)) / 8);
    DRAW(BOOL, Bool, random() % 2 == 0);
    DRAW(ENUM, EnumValue, DrawNumber<std::int16_t>(random));
    DRAW(STRING, String, std::string(random() % 200, 'x'));
#undef DRAW
    case FieldDescriptor::CPPTYPE_MESSAGE:
      reference.Fill(
          add ? *fields.AddMessage(&message, &field) : *fields.MutableMessage(&message, &field),
          random, depth + 1);
  }
}

}  // namespace

void ReferenceMessages::Fill(Message& message, std::mt19937_64& random, int depth) const {
  constexpr int kDepthMax = 3;
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (field.message_type() != nullptr && depth == kDepthMax) continue;
    const std::uint64_t times = field.is_repeated() ? random() % 4 : random() % 2;
    for (std::uint64_t n = 0; n < times; ++n) FillField(message, field, random, depth, *this);
  }
}

std::filesystem::path SourceDirectory() { return STRESSBOT_SOURCE_DIR; }

std::filesystem::path TestDataDirectory() {
  return SourceDirectory() / "tests" / "protocol" / "data";
}

std::shared_ptr<const Protocol> LoadAllTypes() {
  Diagnostics errors;
  auto protocol = LoadProtocol(TestDataDirectory() / "all_types.protocol.json", errors);
  EXPECT_NE(protocol, nullptr) << errors.ToString();
  return protocol;
}

std::span<const std::byte> AsBytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::string AsText(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace stressbot
