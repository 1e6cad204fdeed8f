#include "StressBot/report/Utf8.h"

#include <gtest/gtest.h>

#include "StressBot/report/Table.h"

namespace stressbot {
namespace {

TEST(Utf8Test, BadBytesAreReplacedAndGoodOnesKept) {
  EXPECT_EQ(ToValidUtf8("채팅 chat"), "채팅 chat");
  EXPECT_EQ(ToValidUtf8("a\xFF"
                        "b"),
            "a\uFFFDb");
  EXPECT_EQ(ToValidUtf8("\xC0\x80"), "\uFFFD\uFFFD");            // overlong
  EXPECT_EQ(ToValidUtf8("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");  // a surrogate
  EXPECT_EQ(ToValidUtf8("x\xEC\xB1"), "x\uFFFD\uFFFD");          // cut short
}

TEST(Utf8Test, TerminalsGetNoControlCharacters) {
  EXPECT_EQ(ToPrintable("a\tb\x1B[2Jc\n"), "a b\uFFFD[2Jc\uFFFD");
  EXPECT_EQ(ToPrintable("\u202E"
                        "abc"),
            "\uFFFD"
            "abc");
}

TEST(Utf8Test, KoreanLettersTakeTwoColumns) {
  EXPECT_EQ(DisplayWidth("chat"), 4U);
  EXPECT_EQ(DisplayWidth("채팅"), 4U);
  EXPECT_EQ(DisplayWidth("≥ 5.00 s"), 8U);
  EXPECT_EQ(DisplayWidth("e\u0301"), 1U);
}

TEST(TableTest, ColumnsLineUpWhateverTheScript) {
  Table table({Align::kLeft, Align::kRight});
  table.AddRow({"채팅", "1"});
  table.AddRow({"move", "1,000"});
  EXPECT_EQ(table.Format("  "), "  채팅       1\n  move   1,000\n");
}

}  // namespace
}  // namespace stressbot
