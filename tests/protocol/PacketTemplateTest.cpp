#include "StressBot/protocol/PacketTemplate.h"

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/protocol/ReferenceMessages.h"

namespace stressbot {
namespace {

using Members = FieldNode::Members;
using List = std::vector<FieldNode>;
using Values = std::vector<Value>;

FieldNode Literal(Value value) { return {std::move(value), ""}; }
FieldNode Argument(std::uint16_t index) { return {FieldNode::Argument{index}, ""}; }
FieldNode Object(Members members) { return {std::move(members), ""}; }
FieldNode Listed(List elements) { return {std::move(elements), ""}; }
Value Int(std::int64_t value) { return value; }
Value Text(std::string text) { return text; }

class PacketTemplateTest : public testing::Test {
 protected:
  PacketTemplate Compile(Members members) {
    CompileError error;
    auto compiled = protocol_->codec().CompileTemplate(protocol_->IndexOfName("C_ALL"),
                                                       Object(std::move(members)), error);
    EXPECT_TRUE(compiled) << error.message;
    return compiled.value_or(PacketTemplate{});
  }

  /// The payload; its header is looked at here.
  std::string Encode(const PacketTemplate& packet, const Values& arguments) {
    std::vector<std::byte> out(packet.BytesMax(arguments));
    const std::size_t bytes = packet.Encode(out, arguments);
    EXPECT_GE(bytes, 4U);
    EXPECT_LE(bytes, out.size());
    const auto read = protocol_->framing().Read(out);
    EXPECT_EQ(read.packet_bytes, bytes);
    EXPECT_EQ(read.id, 1U);
    return AsText(std::span(out).subspan(4, bytes - 4));
  }

  /// What is written is what protobuf itself writes, to the byte.
  void ExpectSame(const PacketTemplate& packet, const Values& arguments, const std::string& text) {
    const std::string payload = Encode(packet, arguments);
    const auto expected = reference_.FromText("C_ALL", text);
    EXPECT_EQ(testing::PrintToString(payload),
              testing::PrintToString(expected->SerializeAsString()));
    const auto parsed = reference_.New("C_ALL");
    ASSERT_TRUE(parsed->ParseFromString(payload));
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(*parsed, *expected))
        << parsed->ShortDebugString();
  }

  std::shared_ptr<const Protocol> protocol_ = LoadAllTypes();
  ReferenceMessages reference_{TestDataDirectory(), "AllTypes.proto"};
};

TEST_F(PacketTemplateTest, WritesLiteralsOfEveryKind) {
  const PacketTemplate packet =
      Compile({{"text", Literal(Text("hi"))},  // in another order than the fields' numbers
               {"flag", Literal(true)},
               {"i32", Literal(Int(-5))},
               {"i64", Literal(Int(-6'000'000'000))},
               {"u32", Literal(Int(4'000'000'000))},
               {"u64", Literal(std::uint64_t{18446744073709551615U})},
               {"s32", Literal(Int(-7))},
               {"s64", Literal(Int(-8))},
               {"f32", Literal(Int(9))},
               {"f64", Literal(Int(10))},
               {"sf32", Literal(Int(-11))},
               {"sf64", Literal(Int(-12))},
               {"real", Literal(0.1)},
               {"wide", Literal(Int(2))},
               {"color", Literal(Text("COLOR_DARK"))},
               {"raw", Literal(Text("\x01\xff"))},
               {"inner", Object({{"name", Literal(Text("a"))}, {"next", Object({})}})},
               {"list", Listed({Object({{"depth", Literal(Int(-1))}}), Object({})})},
               {"numbers", Listed({Literal(Int(0)), Literal(Int(-1)), Literal(Int(300))})},
               {"loose", Listed({Literal(Int(0)), Literal(Int(7))})},
               {"words", Listed({Literal(Text("")), Literal(Text("x"))})},
               {"reals", Listed({Literal(0.5)})},
               {"right", Literal(Text("r"))},
               {"maybe", Literal(Int(0))}});
  ExpectSame(packet, {},
             "flag: true i32: -5 i64: -6000000000 u32: 4000000000 u64: 18446744073709551615 "
             "s32: -7 s64: -8 f32: 9 f64: 10 sf32: -11 sf64: -12 real: 0.1 wide: 2 "
             "color: COLOR_DARK text: 'hi' raw: '\\x01\\xff' inner { name: 'a' next {} } "
             "list { depth: -1 } list {} numbers: [0, -1, 300] loose: [0, 7] words: ['', 'x'] "
             "reals: 0.5 right: 'r' maybe: 0");
}

TEST_F(PacketTemplateTest, WritesArgumentsOfEveryKind) {
  const char* const fields[] = {"flag", "i32", "i64",  "u32",  "u64",  "s32",  "s64",
                                "f32",  "f64", "sf32", "sf64", "real", "wide", "color"};
  Members members;
  for (std::uint16_t i = 0; i < std::size(fields); ++i) {
    members.emplace_back(fields[i], Argument(i));
  }
  const PacketTemplate packet = Compile(members);
  ExpectSame(packet,
             {true, Int(-5), Int(-6), Int(7), Int(8), Int(-9), Int(-10), Int(11), Int(12), Int(-13),
              Int(-14), 0.5, 2.5, Int(500)},
             "flag: true i32: -5 i64: -6 u32: 7 u64: 8 s32: -9 s64: -10 f32: 11 f64: 12 sf32: -13 "
             "sf64: -14 real: 0.5 wide: 2.5 color: COLOR_BLUE");
  ExpectSame(packet, Values(std::size(fields), Text("1")),  // text that is a number
             "flag: true i32: 1 i64: 1 u32: 1 u64: 1 s32: 1 s64: 1 f32: 1 f64: 1 sf32: 1 sf64: 1 "
             "real: 1 wide: 1 color: COLOR_RED");
  ExpectSame(packet, Values(std::size(fields)), "");  // unset: 0, which proto3 leaves out
}

TEST_F(PacketTemplateTest, WritesArgumentsWithinMessagesAndLists) {
  const PacketTemplate packet =
      Compile({{"inner", Object({{"name", Argument(0)},
                                 {"next", Object({{"depth", Argument(1)}, {"name", Argument(0)}})},
                                 {"marks", Listed({Literal(Int(1)), Argument(2)})}})},
               {"list", Listed({Object({{"name", Argument(0)}}), Object({})})},
               {"numbers", Listed({Argument(1), Argument(2)})},
               {"words", Listed({Argument(0), Literal(Text("end"))})}});
  for (const std::size_t bytes : {0U, 1U, 100U, 123U, 127U, 128U, 5'000U}) {  // longer lengths
    const std::string name(bytes, 'n');
    ExpectSame(packet, {Text(name), Int(-3), Int(300)},
               "inner { name: '" + name + "' next { depth: -3 name: '" + name +
                   "' } marks: [1, 300] } list { name: '" + name +
                   "' } list {} numbers: [-3, 300] words: ['" + name + "', 'end']");
  }
}

TEST_F(PacketTemplateTest, WritesAnyValueAsText) {
  const PacketTemplate packet = Compile({{"text", Argument(0)}, {"raw", Argument(1)}});
  ExpectSame(packet, {Int(42), true}, "text: '42' raw: 'true'");
  ExpectSame(packet, {0.5, Text("\x01")}, "text: '0.5' raw: '\\x01'");
  ExpectSame(packet, {Value{}, Text("안녕")}, "raw: '안녕'");
}

TEST_F(PacketTemplateTest, TakesNumbersAsFarAsTheFieldGoes) {
  const PacketTemplate packet = Compile({{"i32", Argument(0)}, {"u32", Argument(1)}});
  ExpectSame(packet, {Int(5'000'000'000), Int(-1)}, "i32: 2147483647");
  ExpectSame(packet, {-1e30, 1e30}, "i32: -2147483648 u32: 4294967295");
  ExpectSame(packet, {2.6, 2.4}, "i32: 3 u32: 2");
  ExpectSame(packet, {Text("-2.6"), Text("7")}, "i32: -3 u32: 7");

  const PacketTemplate wide = Compile({{"i64", Argument(0)}, {"u64", Argument(1)}});
  ExpectSame(wide, {1e30, 1e30}, "i64: 9223372036854775807 u64: 18446744073709551615");
  ExpectSame(wide, {-1e30, -1e30}, "i64: -9223372036854775808");
  const PacketTemplate real = Compile({{"real", Argument(0)}});
  ExpectSame(real, {1e300}, "real: 3.4028234663852886e38");
}

TEST_F(PacketTemplateTest, RefusesTextThatIsNoNumber) {
  const PacketTemplate packet = Compile({{"i32", Argument(0)}});
  for (const Value& value :
       {Text("abc"), Text("7x"), Text(""), Value(std::numeric_limits<double>::quiet_NaN())}) {
    std::vector<std::byte> out(packet.BytesMax(Values{value}));
    EXPECT_EQ(packet.Encode(out, Values{value}), 0U) << ToText(value);
  }
}

TEST_F(PacketTemplateTest, RefusesAPacketThatIsLargerThanTheProtocolAllows) {
  const PacketTemplate packet = Compile({{"text", Argument(0)}});
  const auto encoded_bytes = [&](std::size_t text_bytes) {
    const Values arguments{Text(std::string(text_bytes, 'x'))};
    std::vector<std::byte> out(packet.BytesMax(arguments));
    return packet.Encode(out, arguments);
  };
  const std::size_t around = 4 + 1 + 3;  // header, tag, length
  EXPECT_EQ(encoded_bytes(65'535 - around), 65'535U);
  EXPECT_EQ(encoded_bytes(65'535 - around + 1), 0U);
}

TEST_F(PacketTemplateTest, APacketWithoutFieldsIsItsHeader) {
  EXPECT_EQ(Encode(Compile({}), {}), "");
}

TEST(PacketTemplateHeaderTest, KeepsTheConstantBytesOfTheHeader) {
  const servercore::PacketFraming framing{.header_bytes = 7,
                                          .length = {1, 2},
                                          .id = {3, 2},
                                          .big_endian = true,
                                          .length_counts_header = false,
                                          .packet_bytes_max = 100};
  std::vector<std::byte> header(7);
  header[0] = std::byte{0x77};
  header[6] = std::byte{0x99};
  const PacketTemplate packet(
      framing, 0x0102, header,
      ProtobufTemplate({{.bytes = {std::byte{'a'}, std::byte{'b'}, std::byte{'c'}}}}));
  std::vector<std::byte> out(packet.BytesMax({}));
  ASSERT_EQ(packet.Encode(out, {}), 10U);
  EXPECT_EQ(AsText(out), std::string("\x77\x00\x03\x01\x02\x00\x99"
                                     "abc",
                                     10));
}

}  // namespace
}  // namespace stressbot
