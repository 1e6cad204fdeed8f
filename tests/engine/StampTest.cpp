#include "StressBot/engine/Stamp.h"

#include <gtest/gtest.h>

#include <utility>

#include "tests/engine/FlowBuilder.h"
#include "tests/engine/ScriptedServer.h"

namespace stressbot::testing {
namespace {

stressbot::Stamp Example() {
  stressbot::Stamp stamp;
  stamp.bot = 0xABCDEF;
  stamp.fanout = 2;
  stamp.sequence = 77;
  stamp.sent_us = 0xFFFF'FFFE;
  stamp.late_us = stressbot::Stamp::kLateMax;
  return stamp;
}

std::string Text(const stressbot::Stamp& stamp) {
  std::string text;
  stamp.AppendTo(text);
  return text;
}

TEST(StampTest, IsReadAsItWasWritten) {
  const std::string text = Text(Example());
  EXPECT_EQ(text, "abcdef0200004dfffffffeffffff");
  EXPECT_EQ(text.size(), stressbot::Stamp::kChars);
  const auto read = stressbot::Stamp::Parse(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(Text(*read), text);
  EXPECT_EQ(read->fanout, 2);
  EXPECT_EQ(read->sent_us, 0xFFFF'FFFE);
}

TEST(StampTest, AnythingElseIsNone) {
  std::string text = Text(Example());
  for (char& c : text) {
    const char kept = std::exchange(c, 'x');
    EXPECT_FALSE(stressbot::Stamp::Parse(text));
    c = kept;
  }
}

TEST(StampTest, IsFoundAtItsPlaceOnly) {
  FanOut fanout;
  fanout.field = FlowBuilder(ChatProtocol()).Path("S_CHAT", "msg");
  const std::string stamp = Text(Example());
  const auto finds = [&](StampPlace place, const std::string& text, std::uint8_t number = 2) {
    fanout.stamp = place;
    const Wire packet = Wire().Number(1, 7).Text(2, text);
    return ReadStamp(fanout, number, std::as_bytes(std::span(packet.bytes()))).has_value();
  };
  EXPECT_TRUE(finds({true, 0}, stamp));
  EXPECT_TRUE(finds({true, 0}, "안녕하세요 " + stamp));
  EXPECT_TRUE(finds({true, 2}, "hi " + stamp + "!!"));
  EXPECT_TRUE(finds({false, 3}, "hi " + stamp + " and so on"));
  EXPECT_FALSE(finds({false, 4}, "hi " + stamp));
  EXPECT_FALSE(finds({true, 0}, stamp + "."));
  EXPECT_FALSE(finds({true, 0}, ""));
  EXPECT_FALSE(finds({true, 1}, stamp));
  EXPECT_FALSE(finds({true, 0}, stamp, 3));  // of another fan-out
  const std::string cut = Wire().Text(2, stamp).bytes().substr(0, 9);
  EXPECT_FALSE(ReadStamp(fanout, 2, std::as_bytes(std::span(cut))));
}

}  // namespace
}  // namespace stressbot::testing
