#include "StressBot/protocol/Hex.h"
#include "tests/protocol/ProtocolFiles.h"
#include "tests/protocol/ReferenceMessages.h"

namespace stressbot {
namespace {

using testing::HasSubstr;

class RawCodecTest : public ProtocolFiles {
 protected:
  void SetUp() override {
    protocol_ = Load(R"({"header": {"fields": [
      {"name": "size", "type": "u8", "role": "length", "counts": "packet"},
      {"name": "id", "type": "u8", "role": "id"}]}, "maxPacketBytes": 20,
      "payload": {"codec": "raw"}, "ids": [{"assign": "table", "table": {"A": 65}}]})");
    ASSERT_NE(protocol_, nullptr);
  }
  static FieldNode Fields(FieldNode::Members members) { return {std::move(members), "fields"}; }
  static FieldNode::Member Literal(std::string name, Value value) {
    return {std::move(name), {std::move(value), "fields.x"}};
  }
  static FieldNode::Member Argument(std::string name) {
    return {std::move(name), {FieldNode::Argument{0}, "fields.x"}};
  }
  /// The payload; "refused" when it cannot be sent.
  std::string Encoded(FieldNode::Members members, const Value& argument = {}) {
    CompileError error;
    const auto packet = protocol_->codec().CompileTemplate(0, Fields(std::move(members)), error);
    if (!packet) return "mistake: " + error.message;
    std::vector<std::byte> bytes(packet->BytesMax(std::span(&argument, 1)));
    bytes.resize(packet->Encode(bytes, std::span(&argument, 1)));
    if (bytes.empty()) return "refused";
    return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()).substr(2);
  }
  FieldPath Path(std::string_view path) const {
    CompileError error;
    const auto compiled = protocol_->codec().CompilePath(0, path, error);
    EXPECT_TRUE(compiled) << error.message;
    return compiled.value_or(FieldPath(RawPath(RawPath::What::kSize)));
  }
  FieldView Read(const FieldPath& path, std::string_view payload,
                 FieldWant want = FieldWant::kValue) const {
    FieldView view;
    EXPECT_EQ(path.Read(AsBytes(payload), want, view), ReadStatus::kOk);
    return view;
  }
  std::string Shown(std::string_view path, std::string_view payload,
                    FieldWant want = FieldWant::kValue) const {
    const FieldPath compiled = Path(path);
    const FieldView view = Read(compiled, payload, want);
    return view.kind == FieldView::Kind::kMissing ? "missing" : ToText(view.ToValue());
  }

  std::shared_ptr<const Protocol> protocol_;
};

TEST_F(RawCodecTest, WritesTextAndHex) {
  EXPECT_EQ(Encoded({}), "");
  EXPECT_EQ(Encoded({Literal("text", std::string("가 b"))}), "가 b");
  EXPECT_EQ(Encoded({Literal("hex", std::string("0a Ff00 "))}), std::string("\x0A\xFF\0", 3));
  EXPECT_EQ(Encoded({Literal("hex", std::string())}), "");
  EXPECT_EQ(Encoded({Argument("text")}, std::string("hi")), "hi");
  EXPECT_EQ(Encoded({Argument("text")}, std::int64_t{-7}), "-7");
  EXPECT_EQ(Encoded({Argument("text")}), "");
  EXPECT_EQ(Encoded({Argument("hex")}, std::string("68 69")), "hi");
  EXPECT_EQ(Encoded({Argument("hex")}, std::int64_t{68}), "h");
  EXPECT_EQ(Encoded({Argument("hex")}, std::string("6")), "refused");
  EXPECT_EQ(Encoded({Argument("text")}, std::string(19, 'x')), "refused");  // beyond 20 bytes
}

TEST_F(RawCodecTest, RefusesOtherFields) {
  EXPECT_THAT(Encoded({Literal("txt", std::string("a"))}), HasSubstr("no field \"txt\""));
  EXPECT_THAT(Encoded({Literal("text", std::string("a")), Literal("hex", std::string("00"))}),
              HasSubstr("either \"text\" or \"hex\""));
  EXPECT_THAT(Encoded({Literal("text", std::int64_t{5})}), HasSubstr("takes text in quotes"));
  EXPECT_THAT(Encoded({Literal("hex", std::string("0x10"))}), HasSubstr("is no hex"));
  EXPECT_THAT(Encoded({Literal("hex", std::string(40, '0'))}), HasSubstr("the protocol allows 20"));
}

TEST_F(RawCodecTest, ReadsParts) {
  const std::string_view payload("\x01\xFFhey", 5);
  EXPECT_EQ(Shown("hex", payload), "01ff686579");
  EXPECT_EQ(Shown("text.2", payload), "hey");
  EXPECT_EQ(Shown("text.2.2", payload), "he");
  EXPECT_EQ(Shown("hex.1.1", payload), "ff");
  EXPECT_EQ(Shown("size", payload), "5");
  EXPECT_EQ(Shown("hex.5", payload), "");
  EXPECT_EQ(Shown("hex.6", payload), "missing");
  EXPECT_EQ(Shown("hex.4.2", payload), "missing");
  EXPECT_EQ(Shown("hex.4.4294967295", payload), "missing");
  EXPECT_EQ(Shown("hex", payload, FieldWant::kSize), "5");
  EXPECT_EQ(Shown("text.2", payload, FieldWant::kSize), "3");
  EXPECT_EQ(Shown("size", payload, FieldWant::kSize), "missing");
  EXPECT_EQ(Shown("hex.4.2", payload, FieldWant::kExists), "false");
  EXPECT_EQ(Shown("text", "", FieldWant::kExists), "true");
  EXPECT_TRUE(Path("hex").Fits(FieldWant::kSize));
  EXPECT_FALSE(Path("size").Fits(FieldWant::kSize));
}

TEST_F(RawCodecTest, RefusesOtherPaths) {
  for (const char* path :
       {"", "texts", "text.a", "hex.1.2.3", "hex.", "size.1", "hex.99999999999"}) {
    CompileError error;
    EXPECT_FALSE(protocol_->codec().CompilePath(0, path, error)) << path;
    EXPECT_THAT(error.message, HasSubstr("4.8")) << path;
  }
}

TEST_F(RawCodecTest, HexComparesAsBytes) {
  const FieldPath hex = Path("hex");
  const auto compare = [&](std::string_view payload, const Value& with) {
    return Compare(Read(hex, payload), with);
  };
  EXPECT_EQ(compare("\x0A\xBC", std::string("0A bc")), 0);
  EXPECT_EQ(compare("\x0A\xBC", std::string("0abd")), -1);
  EXPECT_EQ(compare("\x0A\xBC", std::string("0abb")), 1);
  EXPECT_EQ(compare("\x0A\xBC", std::string("0a")), 1);
  EXPECT_EQ(compare("\x0A", std::string("0abc")), -1);
  EXPECT_EQ(compare("", std::string("")), 0);
  EXPECT_EQ(compare("\x0A", std::string("hello")), 2);
  EXPECT_EQ(compare("\x0A", std::int64_t{10}), 2);
  EXPECT_TRUE(IsHex("00 ff") && IsHex("") && !IsHex("0") && !IsHex("0 0") && !IsHex("0g"));
}

TEST_F(RawCodecTest, DescribesForPeople) {
  const auto describe = [this](std::string_view payload) {
    return protocol_->codec().Describe(0, AsBytes(payload));
  };
  EXPECT_EQ(describe("hello 가"), "{text: \"hello 가\"}");
  EXPECT_EQ(describe(std::string_view("\0\xFF", 2)), "{hex: 00ff}");
  EXPECT_EQ(describe(""), "{}");
  EXPECT_LT(describe(std::string(10'000, '\x01')).size(), 2'100U);
  EXPECT_TRUE(protocol_->codec().IsWellFormed(0, AsBytes("anything")));
}

}  // namespace
}  // namespace stressbot
