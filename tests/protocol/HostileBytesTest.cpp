#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <vector>

#include "tests/protocol/ReferenceMessages.h"

// Nothing from a server is trusted: whatever the bytes, reading stays within them, and where
// protobuf itself accepts them too, both read the same.

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

class HostileBytesTest : public testing::Test {
 protected:
  struct Top {
    const FieldDescriptor* field;
    FieldPath path;
  };

  void SetUp() override {
    CompileError error;
    const PacketIndex packet = protocol_->IndexOfName("C_ALL");
    for (int i = 0; i < message_->GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor& field = *message_->GetDescriptor()->field(i);
      if (field.is_map()) continue;
      auto path = protocol_->codec().CompilePath(packet, field.name(), error);
      ASSERT_TRUE(path) << error.message;
      tops_.push_back({&field, std::move(*path)});
    }
    for (const char* deep : {"inner.name", "inner.next.next.depth", "inner.marks", "list.1.name",
                             "list.0.marks.1", "numbers.2", "loose.1", "words.1", "reals.1"}) {
      auto path = protocol_->codec().CompilePath(packet, deep, error);
      ASSERT_TRUE(path) << error.message;
      deep_.push_back(std::move(*path));
    }
  }

  /// Reads everything in every way, and compares with protobuf where both accept the bytes. (Ours
  /// is stricter with damaged ones: protobuf cuts a field number that is too large.)
  void ReadAll(const std::string& payload) {
    // A copy of exactly this size, so that the address sanitizer sees a step past its end.
    const std::vector<std::byte> bytes(AsBytes(payload).begin(), AsBytes(payload).end());
    FieldView view;
    for (const FieldPath& path : deep_) {
      for (const auto want :
           {FieldPath::Want::kValue, FieldPath::Want::kSize, FieldPath::Want::kExists}) {
        std::ignore = path.Read(bytes, want, view);
      }
    }
    EXPECT_FALSE(protocol_->codec().Describe(0, bytes).empty());
    if (!protocol_->codec().IsWellFormed(0, bytes) || !message_->ParsePartialFromString(payload))
      return;
    for (const Top& top : tops_) CompareTop(top, bytes);
  }

  void CompareTop(const Top& top, std::span<const std::byte> bytes) {
    FieldView view;
    const auto want = top.path.repeated() ? FieldPath::Want::kSize : FieldPath::Want::kValue;
    // Protobuf keeps a field of another wire type as an unknown one. A oneof forgets the field
    // before when two arrive, which no encoder sends.
    if (top.path.Read(bytes, want, view) == ReadStatus::kMalformed) return;
    if (top.field->real_containing_oneof() != nullptr) return;
    if (top.field->is_repeated()) {
      EXPECT_EQ(view.as_uint, static_cast<std::uint64_t>(
                                  message_->GetReflection()->FieldSize(*message_, top.field)))
          << top.field->name();
    } else if (const auto expected = ReferenceValue(*message_, *top.field)) {
      EXPECT_EQ(view.ToValue(), *expected) << top.field->name();
    }
  }

  std::shared_ptr<const Protocol> protocol_ = LoadAllTypes();
  ReferenceMessages reference_{TestDataDirectory(), "AllTypes.proto"};
  std::unique_ptr<Message> message_ = reference_.New("C_ALL");
  std::vector<Top> tops_;
  std::vector<FieldPath> deep_;
  google::protobuf::LogSilencer silence_;  // protobuf complains of each text that is no UTF-8
};

TEST_F(HostileBytesTest, EveryTruncationOfAMessage) {
  std::mt19937_64 random(7);
  for (int n = 0; n < 5; ++n) {
    const auto message = reference_.New("C_ALL");
    reference_.Fill(*message, random);
    const std::string payload = message->SerializeAsString();
    for (std::size_t bytes = 0; bytes <= payload.size() && bytes < 800; ++bytes) {
      ReadAll(payload.substr(0, bytes));
    }
  }
}

TEST_F(HostileBytesTest, MessagesReadAsProtobufReadsThem) {
  constexpr std::uint64_t kSeed = 11;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  std::mt19937_64 random(kSeed);
  for (int n = 0; n < 200; ++n) {
    const auto message = reference_.New("C_ALL");
    reference_.Fill(*message, random);
    const std::string payload = message->SerializeAsString();
    EXPECT_TRUE(protocol_->codec().IsWellFormed(0, AsBytes(payload)));
    ReadAll(payload);
  }
}

TEST_F(HostileBytesTest, MessagesWithDamagedBytes) {
  constexpr std::uint64_t kSeed = 13;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  std::mt19937_64 random(kSeed);
  for (int n = 0; n < 2'000; ++n) {
    const auto message = reference_.New("C_ALL");
    reference_.Fill(*message, random, 2);
    std::string payload = message->SerializeAsString();
    for (std::uint64_t hits = 1 + random() % 4; hits > 0 && !payload.empty(); --hits) {
      payload[random() % payload.size()] = static_cast<char>(random());
    }
    ReadAll(payload);
  }
}

TEST_F(HostileBytesTest, RandomBytes) {
  constexpr std::uint64_t kSeed = 17;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  std::mt19937_64 random(kSeed);
  for (int n = 0; n < 10'000; ++n) {
    std::string payload(random() % 48, '\0');
    for (char& byte : payload) byte = static_cast<char>(random());
    ReadAll(payload);
  }
}

}  // namespace
}  // namespace stressbot
