#include "StressBot/protocol/Value.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace stressbot {
namespace {

FieldView IntView(std::int64_t value) {
  FieldView view;
  view.kind = FieldView::Kind::kInt;
  view.as_int = value;
  return view;
}
FieldView UintView(std::uint64_t value) {
  FieldView view;
  view.kind = FieldView::Kind::kUint;
  view.as_uint = value;
  return view;
}
FieldView TextView(std::string_view text) {
  FieldView view;
  view.kind = FieldView::Kind::kText;
  view.text = text;
  return view;
}

TEST(ValueTest, IsWrittenAsPeopleWriteIt) {
  EXPECT_EQ(ToText(true), "true");
  EXPECT_EQ(ToText(std::int64_t{-42}), "-42");
  EXPECT_EQ(ToText(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
  EXPECT_EQ(ToText(0.5), "0.5");
  EXPECT_EQ(ToText(0.1), "0.1");
  EXPECT_EQ(ToText(std::string("hello")), "hello");
  EXPECT_EQ(ToText(Value{}), "");
  std::string text = "bot-";
  AppendText(std::int64_t{7}, text);
  EXPECT_EQ(text, "bot-7");
}

TEST(ValueTest, ViewsBecomeValues) {
  EXPECT_EQ(IntView(-1).ToValue(), Value(std::int64_t{-1}));
  EXPECT_EQ(UintView(1).ToValue(), Value(std::uint64_t{1}));
  EXPECT_EQ(TextView("a").ToValue(), Value(std::string("a")));
  EXPECT_EQ(FieldView{}.ToValue(), Value());
}

TEST(CompareTest, NumbersCompareByValueWhateverTheirType) {
  EXPECT_EQ(Compare(UintView(7), std::int64_t{7}), 0);
  EXPECT_EQ(Compare(IntView(-1), std::numeric_limits<std::uint64_t>::max()), -1);
  EXPECT_EQ(Compare(UintView(std::numeric_limits<std::uint64_t>::max()), std::int64_t{-1}), 1);
  EXPECT_EQ(Compare(IntView(7), 7.5), -1);
  EXPECT_EQ(Compare(UintView(1), true), 0);
  FieldView yes;
  yes.kind = FieldView::Kind::kBool;
  yes.as_bool = true;
  EXPECT_EQ(Compare(yes, true), 0);
  EXPECT_EQ(Compare(yes, false), 1);
  EXPECT_EQ(Compare(yes, std::int64_t{1}), 0);
}

TEST(CompareTest, TextComparesWithTextOnly) {
  EXPECT_EQ(Compare(TextView("a"), std::string("a")), 0);
  EXPECT_EQ(Compare(TextView("a"), std::string("b")), -1);
  EXPECT_EQ(Compare(TextView("b"), std::string("a")), 1);
  EXPECT_EQ(Compare(TextView("7"), std::int64_t{7}), 2);
  EXPECT_EQ(Compare(IntView(7), std::string("7")), 2);
}

TEST(CompareTest, NothingComparesWithWhatIsMissingOrNoNumber) {
  EXPECT_EQ(Compare(FieldView{}, std::int64_t{0}), 2);
  EXPECT_EQ(Compare(IntView(0), Value{}), 2);
  EXPECT_EQ(Compare(IntView(0), std::nan("")), 2);
}

}  // namespace
}  // namespace stressbot
