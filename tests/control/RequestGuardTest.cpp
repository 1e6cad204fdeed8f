#include "StressBot/control/RequestGuard.h"

#include <gtest/gtest.h>

namespace stressbot {
namespace {

TEST(RequestGuardTest, LoopbackNames) {
  for (const char* host : {"localhost", "localhost:6565", "LocalHost:1", "127.0.0.1",
                           "127.0.0.1:80", "127.9.9.9:6565", "[::1]", "[::1]:6565"})
    EXPECT_TRUE(IsLoopbackHost(host)) << host;
  for (const char* host :
       {"", "evil.example", "evil.example:6565", "localhost.evil.example", "10.0.0.1:6565",
        "127.0.0.1.evil.example", "localhost:", "localhost:x", "127.0.0.1:999999", "[::2]:1", "::1",
        "localhost:80:80", "[::1", "]:1", ":"})
    EXPECT_FALSE(IsLoopbackHost(host)) << host;
}

TEST(RequestGuardTest, WithoutATokenOnlyLoopbackAndNoPageOfABrowser) {
  const RequestGuard guard("");
  EXPECT_EQ(guard.Judge({"127.0.0.1:6565", "", ""}).status, 0);
  EXPECT_EQ(guard.Judge({"localhost:6565", "http://localhost:6565", ""}).status, 0);  // our own
  EXPECT_EQ(guard.Judge({"evil.example:6565", "", ""}).status, 403);
  EXPECT_EQ(guard.Judge({"", "", ""}).status, 403);
  EXPECT_EQ(guard.Judge({"127.0.0.1:6565", "http://evil.example", ""}).status, 403);
  EXPECT_EQ(guard.Judge({"127.0.0.1:6565", "null", ""}).status, 403);
  EXPECT_EQ(guard.Judge({"evil.example", "http://evil.example", ""}).status, 403);
}

TEST(RequestGuardTest, TheTokenIsNeededWhereThereIsOne) {
  const RequestGuard guard("a-secret-of-16-or-more");
  EXPECT_EQ(guard.Judge({"10.0.0.1:6565", "", "Bearer a-secret-of-16-or-more"}).status, 0);
  for (const char* authorization :
       {"", "Bearer", "Bearer ", "a-secret-of-16-or-more", "Basic a-secret-of-16-or-more",
        "Bearer a-secret-of-16-or-mor", "Bearer a-secret-of-16-or-moreX",
        "Bearer a-secret-of-16-or-morea-secret-of-16-or-more"})
    EXPECT_EQ(guard.Judge({"127.0.0.1:6565", "", authorization}).status, 401) << authorization;
  EXPECT_EQ(
      guard.Judge({"10.0.0.1", "http://evil.example", "Bearer a-secret-of-16-or-more"}).status,
      403);
}

}  // namespace
}  // namespace stressbot
