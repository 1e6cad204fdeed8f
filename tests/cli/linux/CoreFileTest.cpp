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
  EXPECT_EQ(ExplainCore(42, SIGKILL, false, "server"), "");
  EXPECT_EQ(ExplainCore(42, SIGTERM, false, "server"), "");
  EXPECT_THAT(ExplainCore(42, SIGSEGV, false, "server"), HasSubstr("gdb"));
  EXPECT_THAT(ExplainCore(42, SIGABRT, true, "server"), HasSubstr("core"));
}

}  // namespace
}  // namespace stressbot
