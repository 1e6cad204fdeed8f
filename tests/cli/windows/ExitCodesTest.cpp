#include "StressBot/system/windows/ExitCodes.h"

#include <gtest/gtest.h>

namespace stressbot {
namespace {

using Way = ProcessEnd::Way;

TEST(ExitCodesTest, CodesOfProgramsAreNumbers) {
  EXPECT_EQ(EndOf(0).ToString(), "exited with code 0");
  EXPECT_EQ(EndOf(3).ToString(), "exited with code 3");
  EXPECT_EQ(EndOf(static_cast<DWORD>(-1)).ToString(), "exited with code -1");
}

TEST(ExitCodesTest, ExceptionsAreCrashesByName) {
  EXPECT_EQ(EndOf(0xC0000005).ToString(), "crashed: access violation (0xC0000005)");
  EXPECT_EQ(EndOf(0xC00000FD).ToString(), "crashed: stack overflow (0xC00000FD)");
  EXPECT_EQ(EndOf(0xC0000420).ToString(), "crashed: exception (0xC0000420)");
  EXPECT_EQ(EndOf(0xC0000005).way, Way::kCrashed);
}

TEST(ExitCodesTest, AnAnswerToTheWishToEndIsNoCrash) {
  EXPECT_EQ(EndOf(0xC000013A).way, Way::kAsked);
}

}  // namespace
}  // namespace stressbot
