#include "StressBot/protocol/FieldPath.h"

#include <gtest/gtest.h>

#include "tests/protocol/ReferenceMessages.h"

namespace stressbot {
namespace {

using Want = FieldPath::Want;

class FieldPathTest : public testing::Test {
 protected:
  FieldPath Compile(std::string_view packet, std::string_view path) {
    CompileError error;
    auto compiled = protocol_->codec().CompilePath(protocol_->IndexOfName(packet), path, error);
    EXPECT_TRUE(compiled) << error.message;
    return compiled.value_or(FieldPath{});
  }
  Value Read(std::string_view path, const std::string& payload, Want want = Want::kValue) {
    FieldView view;
    EXPECT_EQ(Compile("C_ALL", path).Read(AsBytes(payload), want, view), ReadStatus::kOk) << path;
    return view.ToValue();
  }
  ReadStatus StatusOf(std::string_view path, const std::string& payload) {
    FieldView view;
    return Compile("C_ALL", path).Read(AsBytes(payload), Want::kValue, view);
  }
  std::string Payload(const std::string& text) {
    return reference_.FromText("C_ALL", text)->SerializeAsString();
  }

  std::shared_ptr<const Protocol> protocol_ = LoadAllTypes();
  ReferenceMessages reference_{TestDataDirectory(), "AllTypes.proto"};
};

TEST_F(FieldPathTest, ReadsEveryKindOfScalar) {
  const std::string payload = Payload(
      "flag: true i32: -5 i64: -6000000000 u32: 4000000000 u64: 18446744073709551615 s32: -7 "
      "s64: -8 f32: 9 f64: 10 sf32: -11 sf64: -12 real: 0.1 wide: 2.5 color: COLOR_DARK "
      "text: 'hi' raw: '\\x00\\xff'");
  EXPECT_EQ(Read("flag", payload), Value(true));
  EXPECT_EQ(Read("i32", payload), Value(std::int64_t{-5}));
  EXPECT_EQ(Read("i64", payload), Value(std::int64_t{-6'000'000'000}));
  EXPECT_EQ(Read("u32", payload), Value(std::uint64_t{4'000'000'000}));
  EXPECT_EQ(Read("u64", payload), Value(std::uint64_t{18446744073709551615U}));
  EXPECT_EQ(Read("s32", payload), Value(std::int64_t{-7}));
  EXPECT_EQ(Read("s64", payload), Value(std::int64_t{-8}));
  EXPECT_EQ(Read("f32", payload), Value(std::uint64_t{9}));
  EXPECT_EQ(Read("f64", payload), Value(std::uint64_t{10}));
  EXPECT_EQ(Read("sf32", payload), Value(std::int64_t{-11}));
  EXPECT_EQ(Read("sf64", payload), Value(std::int64_t{-12}));
  EXPECT_EQ(Read("real", payload), Value(0.1));  // as written, not as the float nearest to it
  EXPECT_EQ(Read("wide", payload), Value(2.5));
  EXPECT_EQ(Read("color", payload), Value(std::int64_t{-1}));
  EXPECT_EQ(Read("text", payload), Value(std::string("hi")));
  EXPECT_EQ(Read("raw", payload), Value(std::string("\0\xff", 2)));
}

TEST_F(FieldPathTest, AnAbsentScalarReadsAsItsDefault) {
  EXPECT_EQ(Read("flag", ""), Value(false));
  EXPECT_EQ(Read("i32", ""), Value(std::int64_t{0}));
  EXPECT_EQ(Read("u64", ""), Value(std::uint64_t{0}));
  EXPECT_EQ(Read("wide", ""), Value(0.0));
  EXPECT_EQ(Read("text", ""), Value(std::string()));
  EXPECT_EQ(Read("inner.next.name", ""), Value(std::string()));
  EXPECT_EQ(Read("text", "", Want::kSize), Value(std::uint64_t{0}));
  EXPECT_EQ(Read("list", "", Want::kSize), Value(std::uint64_t{0}));
}

TEST_F(FieldPathTest, Proto2SaysWhatAnAbsentFieldReadsAs) {
  FieldView view;
  const FieldPath level = Compile("C_OLD", "level");
  ASSERT_EQ(level.Read({}, Want::kValue, view), ReadStatus::kOk);
  EXPECT_EQ(view.as_int, 7);
  const FieldPath title = Compile("C_OLD", "title");
  ASSERT_EQ(title.Read({}, Want::kValue, view), ReadStatus::kOk);
  EXPECT_EQ(view.text, "novice");
}

TEST_F(FieldPathTest, ReadsThroughMessagesAndLists) {
  const std::string payload = Payload(
      "inner { name: 'a' next { name: 'b' depth: -3 } }"
      "list { name: 'first' } list { name: 'second' marks: [7, 300] next { name: 'deep' } }"
      "numbers: [1, 2, 300] loose: [4, 5] words: ['x', 'yz'] reals: [0.5, 1.5]");
  EXPECT_EQ(Read("inner.next.depth", payload), Value(std::int64_t{-3}));
  EXPECT_EQ(Read("list.1.name", payload), Value(std::string("second")));
  EXPECT_EQ(Read("list.1.next.name", payload), Value(std::string("deep")));
  EXPECT_EQ(Read("list.1.marks.1", payload), Value(std::uint64_t{300}));
  EXPECT_EQ(Read("numbers.2", payload), Value(std::int64_t{300}));
  EXPECT_EQ(Read("loose.1", payload), Value(std::int64_t{5}));
  EXPECT_EQ(Read("words.1", payload), Value(std::string("yz")));
  EXPECT_EQ(Read("words.1", payload, Want::kSize), Value(std::uint64_t{2}));
  EXPECT_EQ(Read("reals.0", payload), Value(0.5));
}

TEST_F(FieldPathTest, CountsPackedAndUnpackedLists) {
  const std::string payload = Payload(
      "numbers: [1, 2, 300] loose: [4, 5] words: 'x' list { marks: [1, 2] } list {} inner {}");
  EXPECT_EQ(Read("numbers", payload, Want::kSize), Value(std::uint64_t{3}));
  EXPECT_EQ(Read("loose", payload, Want::kSize), Value(std::uint64_t{2}));
  EXPECT_EQ(Read("words", payload, Want::kSize), Value(std::uint64_t{1}));
  EXPECT_EQ(Read("list", payload, Want::kSize), Value(std::uint64_t{2}));
  EXPECT_EQ(Read("list.0.marks", payload, Want::kSize), Value(std::uint64_t{2}));
  EXPECT_EQ(Read("list.1.marks", payload, Want::kSize), Value(std::uint64_t{0}));
  EXPECT_EQ(Read("inner", payload, Want::kExists), Value(true));
  EXPECT_EQ(Read("inner.next", payload, Want::kExists), Value(false));
  EXPECT_EQ(Read("numbers", payload, Want::kExists), Value(true));
  EXPECT_EQ(Read("text", payload, Want::kExists), Value(false));
}

TEST_F(FieldPathTest, AnElementThatTheListDoesNotHaveIsMissing) {
  const std::string payload = Payload("numbers: 1 list { name: 'a' }");
  EXPECT_EQ(Read("numbers.1", payload), Value());
  EXPECT_EQ(Read("list.1.name", payload), Value());
  EXPECT_EQ(Read("list.1.marks", payload, Want::kSize), Value());
  EXPECT_EQ(Read("list.0.name", payload), Value(std::string("a")));
  EXPECT_EQ(Read("list.1", payload, Want::kExists), Value(false));
  EXPECT_EQ(Read("list.0", payload, Want::kExists), Value(true));
}

TEST_F(FieldPathTest, KnowsWhatCanBeAskedOfAField) {
  EXPECT_FALSE(Compile("C_ALL", "list").Fits(Want::kValue));
  EXPECT_TRUE(Compile("C_ALL", "list").Fits(Want::kSize));
  EXPECT_FALSE(Compile("C_ALL", "inner").Fits(Want::kValue));
  EXPECT_FALSE(Compile("C_ALL", "i32").Fits(Want::kSize));
  EXPECT_TRUE(Compile("C_ALL", "text").Fits(Want::kSize));
  EXPECT_TRUE(Compile("C_ALL", "inner").Fits(Want::kExists));
  EXPECT_EQ(Read("list", Payload("list {}")), Value());
  EXPECT_EQ(Read("i32", Payload("i32: 1"), Want::kSize), Value());
}

TEST_F(FieldPathTest, OfSeveralOccurrencesTheLastWinsAndMessagesMerge) {
  const std::string payload = Payload("i32: 1 inner { name: 'a' depth: 2 marks: 1 }") +
                              Payload("i32: 2 inner { name: 'b' marks: [2, 3] }");
  EXPECT_EQ(Read("i32", payload), Value(std::int64_t{2}));
  EXPECT_EQ(Read("inner.name", payload), Value(std::string("b")));
  EXPECT_EQ(Read("inner.depth", payload), Value(std::int64_t{2}));
  EXPECT_EQ(Read("inner.marks", payload, Want::kSize), Value(std::uint64_t{3}));
  EXPECT_EQ(Read("inner.marks.1", payload), Value(std::uint64_t{2}));
}

TEST_F(FieldPathTest, TakesListsPackedTheOtherWay) {
  const std::string unpacked("\x98\x01\x05\x98\x01\x06", 6);  // numbers: 5, 6
  EXPECT_EQ(Read("numbers", unpacked, Want::kSize), Value(std::uint64_t{2}));
  EXPECT_EQ(Read("numbers.1", unpacked), Value(std::int64_t{6}));
  const std::string packed("\xA2\x01\x02\x05\x06", 5);  // loose: [5, 6]
  EXPECT_EQ(Read("loose.1", packed), Value(std::int64_t{6}));
}

TEST_F(FieldPathTest, SkipsGroupsAndUnknownFields) {
  const std::string group("\xA3\x06\x08\x01\xAB\x06\xAC\x06\xA4\x06", 10);  // 100 { 1: 1 101 {} }
  EXPECT_EQ(Read("i32", group + Payload("i32: 9")), Value(std::int64_t{9}));
  EXPECT_TRUE(protocol_->codec().IsWellFormed(0, AsBytes(group)));
}

TEST_F(FieldPathTest, RefusesWhatIsMalformed) {
  EXPECT_EQ(StatusOf("text", "\x10\x01"), ReadStatus::kOk);         // another field
  EXPECT_EQ(StatusOf("i32", "\x12\x01x"), ReadStatus::kMalformed);  // bytes for a number
  EXPECT_EQ(StatusOf("text", "\x78\x01"), ReadStatus::kMalformed);  // a number for text
  EXPECT_EQ(StatusOf("inner.name", "\x88\x01\x01"), ReadStatus::kMalformed);
  EXPECT_EQ(StatusOf("f32", std::string("\x41\0\0\0\0\0\0\0\0", 9)), ReadStatus::kMalformed);
  EXPECT_EQ(StatusOf("i32", std::string("\0", 1)), ReadStatus::kMalformed);  // field number 0
  for (const std::string& broken : {
           std::string("\x10"),        // no content
           std::string("\x7A\x05hi"),  // text longer than the packet
           std::string("\x7A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"),  // length of 2^64 - 1
           std::string("\x10") + std::string(11, '\xFF'),                // a varint without an end
           std::string("\x45\x01\x02"),      // three bytes short of a fixed32
           std::string("\xA3\x06\x08\x01"),  // a group that does not end
           std::string("\xA3\x06\xAC\x06"),  // a group that ends as another
           std::string("\xA4\x06"),          // an end without a group
           std::string("\x17"),              // wire type 7
           std::string(100, '\x0B'),         // groups in groups in groups
       }) {
    EXPECT_EQ(StatusOf("i32", broken), ReadStatus::kMalformed) << testing::PrintToString(broken);
    EXPECT_FALSE(protocol_->codec().IsWellFormed(0, AsBytes(broken)))
        << testing::PrintToString(broken);
  }
}

}  // namespace
}  // namespace stressbot
