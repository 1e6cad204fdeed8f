#include "ServerCore/packet/Unicode.h"

#include <gtest/gtest.h>

#include <vector>

namespace servercore {
namespace {

std::string RoundTrip(std::string_view utf8) {
  std::vector<std::byte> utf16(2 * Utf16Units(utf8));
  EXPECT_EQ(WriteUtf16(utf8, utf16.data()), utf16.data() + utf16.size());
  EXPECT_TRUE(IsUtf16(utf16));
  std::string back;
  AppendUtf16AsUtf8(utf16, back);
  return back;
}

std::string Encode(char32_t character) {
  std::string utf16;
  if (character >= 0x10000) {
    const char32_t high = 0xD800 + ((character - 0x10000) >> 10);
    utf16 += {static_cast<char>(high & 0xFF), static_cast<char>(high >> 8)};
    character = 0xDC00 + (character & 0x3FF);
  }
  utf16 += {static_cast<char>(character & 0xFF), static_cast<char>(character >> 8)};
  std::string utf8;
  AppendUtf16AsUtf8(std::as_bytes(std::span(utf16)), utf8);
  return utf8;
}

TEST(UnicodeTest, CharactersGoThereAndBack) {
  for (char32_t character = 0; character <= 0x10FFFF; character += character < 0x11000 ? 1 : 251) {
    if (character == 0xD800) character = 0xE000;  // surrogates are no characters
    if (character + 251 > 0x10FFFF) character = 0x10FFFF;
    const std::string utf8 = Encode(character);
    ASSERT_TRUE(IsUtf8(utf8)) << std::hex << static_cast<unsigned>(character);
    ASSERT_EQ(RoundTrip(utf8), utf8) << std::hex << static_cast<unsigned>(character);
  }
}

TEST(UnicodeTest, WhatIsNoUtf8IsTold) {
  for (const char* text :
       {"\x80", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x80\x80\x80",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xEA\xB0", "a\xC3", "\xEA\xB0\x41"}) {
    EXPECT_FALSE(IsUtf8(text)) << text;
  }
  EXPECT_TRUE(IsUtf8(""));
  EXPECT_TRUE(IsUtf8("a longer text without anything special, then \xEA\xB0\x80"));
  EXPECT_FALSE(IsUtf8("a longer text without anything special, then \xEA\xB0"));
}

TEST(UnicodeTest, WhatIsNoTextIsReplaced) {
  EXPECT_EQ(RoundTrip("a\xFFz"), "a\xEF\xBF\xBDz");
  const unsigned char lone[] = {'a', 0, 0x3D, 0xD8, 'z', 0, 'x'};  // and half a unit
  std::string utf8;
  AppendUtf16AsUtf8(std::as_bytes(std::span(lone)), utf8);
  EXPECT_EQ(utf8, "a\xEF\xBF\xBDz");
  EXPECT_FALSE(IsUtf16(std::as_bytes(std::span(lone))));
  EXPECT_FALSE(IsUtf16(std::as_bytes(std::span(lone).first(1))));
}

}  // namespace
}  // namespace servercore
