#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/protocol/ReferenceMessages.h"

namespace stressbot {
namespace {

using Members = FieldNode::Members;
using List = std::vector<FieldNode>;
using testing::HasSubstr;

class ProtobufCodecTest : public testing::Test {
 protected:
  /// Why these fields are refused; the place is that of the field.
  std::string Refusal(std::string_view packet, const std::string& field, FieldNode node) {
    node.where = "flows.a[0].fields." + field;
    CompileError error;
    const FieldNode root{Members{{field, std::move(node)}}, "flows.a[0].fields"};
    EXPECT_FALSE(protocol_->codec().CompileTemplate(protocol_->IndexOfName(packet), root, error));
    EXPECT_THAT(error.where, HasSubstr("flows.a[0].fields"));
    return error.message;
  }
  std::string Refusal(const std::string& field, Value literal) {
    return Refusal("C_ALL", field, FieldNode{std::move(literal), ""});
  }
  std::string PathRefusal(std::string_view path) {
    CompileError error;
    EXPECT_FALSE(
        protocol_->codec().CompilePath(protocol_->IndexOfName("C_ALL"), path, error).has_value())
        << path;
    return error.message;
  }
  std::string Describe(const std::string& payload) {
    return protocol_->codec().Describe(protocol_->IndexOfName("C_ALL"), AsBytes(payload));
  }

  std::shared_ptr<const Protocol> protocol_ = LoadAllTypes();
  ReferenceMessages reference_{TestDataDirectory(), "AllTypes.proto"};
};

TEST_F(ProtobufCodecTest, SuggestsTheFieldThatWasMeant) {
  EXPECT_EQ(Refusal("txet", std::string("x")),
            "no field \"txet\" in C_ALL; did you mean \"text\"?");
  EXPECT_EQ(Refusal("S_EMPTY", "a", {Value(true), ""}),
            "no field \"a\" in S_EMPTY, which has no fields");
  EXPECT_EQ(Refusal("C_OLD", "zzz", {Value(true), ""}),
            "no field \"zzz\" in C_OLD; known: id, level, title, place, loose");
}

TEST_F(ProtobufCodecTest, RefusesLiteralsOfTheWrongType) {
  EXPECT_EQ(Refusal("i32", std::string("five")),
            "\"i32\" takes a whole number (int32), not \"five\"");
  EXPECT_THAT(Refusal("i32", 1.5), HasSubstr("not 1.5"));
  EXPECT_THAT(Refusal("i32", true), HasSubstr("not true"));
  EXPECT_THAT(Refusal("u32", std::int64_t{-1}), HasSubstr("(uint32), not -1"));
  EXPECT_THAT(Refusal("i32", std::int64_t{1} << 40), HasSubstr("not 1099511627776"));
  EXPECT_THAT(Refusal("u64", 1e30), HasSubstr("(uint64)"));
  EXPECT_EQ(Refusal("flag", std::int64_t{1}), "\"flag\" takes true or false, not 1");
  EXPECT_EQ(Refusal("text", std::int64_t{5}), "\"text\" takes text in quotes, not 5");
  EXPECT_EQ(Refusal("text", Value{}), "\"text\" takes text in quotes, not null");
  EXPECT_EQ(Refusal("wide", std::string("much")), "\"wide\" takes a number, not \"much\"");
  EXPECT_EQ(Refusal("color", std::string("COLOR_BLEU")),
            "no value \"COLOR_BLEU\" in Color; did you mean \"COLOR_BLUE\"?");
  EXPECT_EQ(Refusal("color", true), "\"color\" takes a name or number of Color, not true");
}

TEST_F(ProtobufCodecTest, RefusesTheWrongShape) {
  const FieldNode one{Value(std::int64_t{1}), "flows.a[0].fields.numbers[0]"};
  EXPECT_THAT(Refusal("C_ALL", "numbers", one), HasSubstr("is a list; write it as [...]"));
  EXPECT_THAT(Refusal("C_ALL", "i32", {List{one}, ""}), HasSubstr("not a list"));
  EXPECT_THAT(Refusal("C_ALL", "i32", {Members{}, ""}), HasSubstr("not an object"));
  EXPECT_THAT(Refusal("C_ALL", "inner", one),
              HasSubstr("must be an object with the fields of Inner"));
  EXPECT_THAT(Refusal("C_ALL", "inner", {FieldNode::Argument{0}, ""}),
              HasSubstr("must be an object"));
  EXPECT_THAT(Refusal("C_ALL", "list", {List{one}, ""}), HasSubstr("must be an object"));
  EXPECT_THAT(Refusal("C_ALL", "counts", {Members{}, ""}), HasSubstr("maps cannot be sent yet"));
  EXPECT_THAT(Refusal("C_OLD", "id", {Members{}, ""}), HasSubstr("not an object"));
  EXPECT_THAT(Refusal("C_OLD", "level", one), HasSubstr("required field \"id\" of C_OLD"));
}

TEST_F(ProtobufCodecTest, RefusesTwoOfAOneofAndTheSameTwice) {
  CompileError error;
  const FieldNode left{Value(std::int64_t{1}), "left"};
  const FieldNode right{Value(std::string("r")), "right"};
  EXPECT_FALSE(protocol_->codec().CompileTemplate(
      0, {Members{{"left", left}, {"right", right}}, ""}, error));
  EXPECT_EQ(error.where, "right");
  EXPECT_EQ(error.message, "\"right\" and \"left\" exclude each other (oneof choice)");
  EXPECT_FALSE(
      protocol_->codec().CompileTemplate(0, {Members{{"left", left}, {"left", left}}, ""}, error));
  EXPECT_THAT(error.message, HasSubstr("twice"));
}

TEST_F(ProtobufCodecTest, RefusesAConstantPacketThatIsTooLarge) {
  EXPECT_THAT(Refusal("text", std::string(70'000, 'x')), HasSubstr("the protocol allows 65535"));
}

TEST_F(ProtobufCodecTest, RefusesPathsThatLeadNowhere) {
  EXPECT_EQ(PathRefusal("txet"), "no field \"txet\" in C_ALL; did you mean \"text\"?");
  EXPECT_EQ(PathRefusal("inner.nam"), "no field \"nam\" in Inner; did you mean \"name\"?");
  EXPECT_EQ(PathRefusal("text.size"), "\"text\" is text and has no field \"size\"");
  EXPECT_EQ(PathRefusal("i32.0"), "\"i32\" is a single value and has no field \"0\"");
  EXPECT_EQ(PathRefusal("list.name"),
            "\"list\" is a list; name one of its elements, as in \"list.0.name\"");
  EXPECT_THAT(PathRefusal("list.99999999999.name"), HasSubstr("no element that far"));
  EXPECT_THAT(PathRefusal("counts"), HasSubstr("is a map"));
  EXPECT_THAT(PathRefusal(""), HasSubstr("no field \"\""));
  EXPECT_THAT(PathRefusal("inner."), HasSubstr("no field \"\""));
  std::string deep = "inner";
  for (int i = 0; i < 20; ++i) deep += ".next";
  EXPECT_THAT(PathRefusal(deep), HasSubstr("longer than 16"));
}

TEST_F(ProtobufCodecTest, KnowsTheNumbersOfEnumNames) {
  CompileError error;
  const PayloadCodec& codec = protocol_->codec();
  EXPECT_EQ(codec.EnumNumber(0, "color", "COLOR_BLUE", error), 500);
  EXPECT_FALSE(codec.EnumNumber(0, "color", "BLUE", error));
  EXPECT_THAT(error.message, HasSubstr("no value \"BLUE\" in Color"));
  EXPECT_FALSE(codec.EnumNumber(0, "text", "BLUE", error));
  EXPECT_EQ(error.message, "");
}

TEST_F(ProtobufCodecTest, DescribesAPacketInOneLine) {
  const auto player = reference_.FromText("S_EMPTY", "");
  EXPECT_EQ(protocol_->codec().Describe(protocol_->IndexOfName("S_EMPTY"), {}), "{}");
  const std::string text = Describe(
      reference_
          .FromText("C_ALL",
                    "flag: true color: COLOR_BLUE text: 'a\"\\n' inner { name: '안녕' } "
                    "list { depth: -1 } list {} numbers: [1, 2] counts { key: 'k' value: 3 }")
          ->SerializeAsString());
  EXPECT_THAT(text, testing::StartsWith("{flag: true, i32: 0, i64: 0,"));
  EXPECT_THAT(text, HasSubstr("color: COLOR_BLUE, text: \"a\\\"\\n\", raw: \"\", inner: {name: "
                              "\"안녕\", depth: 0}, list: [{name: \"\", depth: -1}, {name: \"\", "
                              "depth: 0}], numbers: [1, 2], counts: [{key: \"k\", value: 3}]}"));
}

TEST_F(ProtobufCodecTest, DescribesWhatIsNotRight) {
  EXPECT_EQ(Describe("\x7A\x05hi"), "undecodable, 4 bytes: 7a 05 68 69");
  EXPECT_EQ(Describe("\xFF"), "undecodable, 1 byte: ff");
  EXPECT_THAT(Describe(std::string(40, '\xFF')), testing::EndsWith("ff ff ff ..."));
  EXPECT_THAT(Describe("\x7A\x03"
                       "a\xC3"
                       "("),
              HasSubstr("text: \"a\\xc3(\""));
  EXPECT_THAT(Describe("\xF8\x07\x01"), HasSubstr("unknown field 127"));
  EXPECT_EQ(protocol_->codec().Describe(kUnknownPacket, AsBytes("a")), "undecodable, 1 byte: 61");
}

TEST_F(ProtobufCodecTest, CutsLongDescriptions) {
  const std::string text =
      Describe(reference_.FromText("C_ALL", "text: '" + std::string(50'000, 'x') + "'")
                   ->SerializeAsString());
  EXPECT_LT(text.size(), 2'100U);
  EXPECT_THAT(text, testing::EndsWith(" ..."));
}

}  // namespace
}  // namespace stressbot
