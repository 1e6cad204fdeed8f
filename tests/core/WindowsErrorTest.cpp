#include "ServerCore/io/backends/WindowsError.h"

#include <gtest/gtest.h>
#include <winsock2.h>

#include <string>

#include "ServerCore/net/NetAddress.h"
#include "ServerCore/packet/Unicode.h"

namespace servercore::testing {
namespace {

TEST(WindowsErrorTest, ComparesWithTheWordsOfTheStandard) {
  EXPECT_EQ(WindowsError(WSAECONNREFUSED), std::errc::connection_refused);
  EXPECT_EQ(WindowsError(WSAECONNRESET), std::errc::connection_reset);
  EXPECT_EQ(WindowsError(WSAEADDRINUSE), std::errc::address_in_use);
  EXPECT_EQ(WindowsError(WSAEADDRNOTAVAIL), std::errc::address_not_available);
  EXPECT_EQ(WindowsError(WSAEMFILE), std::errc::too_many_files_open);
  EXPECT_EQ(WindowsError(WSAENOBUFS), std::errc::no_buffer_space);
  EXPECT_EQ(WindowsError(WSAETIMEDOUT), std::errc::timed_out);
  EXPECT_EQ(WindowsError(WSA_OPERATION_ABORTED), std::errc::operation_canceled);
  EXPECT_EQ(WindowsError(ERROR_ACCESS_DENIED), std::errc::permission_denied);
  EXPECT_NE(WindowsError(WSAECONNREFUSED), std::errc::connection_reset);
  EXPECT_FALSE(WindowsError(0));
}

TEST(WindowsErrorTest, SaysWhatHappened) {
  EXPECT_EQ(WindowsError(WSAECONNREFUSED).message(), "Connection refused");
  const std::string of_the_system = WindowsError(ERROR_FILE_NOT_FOUND).message();
  EXPECT_FALSE(of_the_system.empty());
  EXPECT_TRUE(IsUtf8(of_the_system));
  EXPECT_NE(of_the_system.back(), '\n');
  EXPECT_EQ(WindowsError(0x3fff'0001).message(), "Windows error 1073676289");
}

TEST(WindowsErrorTest, TellsOfANameThatNobodyKnows) {
  const auto unknown = NetAddress::Resolve("no-such-host.invalid:1");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error(), std::errc::host_unreachable);
  EXPECT_NE(unknown.error().message(), "Unknown error");
}

}  // namespace
}  // namespace servercore::testing
