#include <gtest/gtest.h>
#include <windows.h>

#include "StressBot/system/ChildProcess.h"
#include "tests/cli/Child.h"

namespace stressbot {
namespace {

/// A box on the screen would keep a server that crashed alive until somebody clicks.
TEST(ErrorModeTest, WhatWeStartInheritsThatNoBoxIsShown) {
  ::SetErrorMode(0);
  std::string error;
  const auto child = ChildProcess::Start(Child("exit 0"), error);
  ASSERT_NE(child, nullptr) << error;
  EXPECT_NE(::GetErrorMode() & SEM_NOGPFAULTERRORBOX, 0U);
}

}  // namespace
}  // namespace stressbot
