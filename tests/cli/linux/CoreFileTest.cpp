#include "StressBot/system/linux/CoreFile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

namespace stressbot {
namespace {

using testing::HasSubstr;

TEST(CoreFileTest, PatternsOfTheKernelBecomePaths) {
  const std::string program = "build/bin/reference-server-with-a-long-name";
  EXPECT_EQ(CorePath("core", 42, program, false), "core");
  EXPECT_EQ(CorePath("core", 42, program, true), "core.42");
  EXPECT_EQ(CorePath("/cores/%e.%p%%", 42, program, true), "/cores/reference-serve.42%");
  EXPECT_EQ(CorePath("core.%t", 42, program, false), "");  // when it died is not known here
}

TEST(CoreFileTest, OnlyCrashesAreExplained) {
  EXPECT_EQ(FindCore(42, SIGKILL, false, "server").told, "");
  EXPECT_EQ(FindCore(42, SIGTERM, false, "server").told, "");
  EXPECT_THAT(FindCore(42, SIGSEGV, false, "server").told, HasSubstr("gdb"));
  EXPECT_THAT(FindCore(42, SIGABRT, true, "server").told, HasSubstr("core"));
}

}  // namespace
}  // namespace stressbot
