#include "ServerCore/net/NetAddress.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace servercore {
namespace {

TEST(NetAddressTest, ParsesAndFormatsIpv4) {
  const Result<NetAddress> address = NetAddress::Parse("192.168.1.20:7777");
  ASSERT_TRUE(address);
  EXPECT_EQ(*address, NetAddress::Ipv4({192, 168, 1, 20}, 7777));
  EXPECT_EQ(address->bytes().size(), 4U);
  EXPECT_EQ(address->ToString(), "192.168.1.20:7777");
}

TEST(NetAddressTest, ParsesAndFormatsIpv6) {
  const Result<NetAddress> address = NetAddress::Parse("[2001:db8:0:0::1]:65535");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->family(), NetAddress::Family::kIpv6);
  EXPECT_EQ(address->bytes().size(), 16U);
  EXPECT_EQ(address->port(), 65535);
  EXPECT_EQ(address->ToString(), "[2001:db8::1]:65535");
}

TEST(NetAddressTest, KeepsTheScopeOfALinkLocalAddress) {
  const Result<NetAddress> address = NetAddress::Parse("[fe80::1%3]:80");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->scope(), 3U);
  EXPECT_EQ(address->ToString(), "[fe80::1%3]:80");
}

class NetAddressBadInputTest : public ::testing::TestWithParam<std::string_view> {};

INSTANTIATE_TEST_SUITE_P(Texts, NetAddressBadInputTest,
                         ::testing::Values("", ":", "127.0.0.1", "127.0.0.1:", ":7777",
                                           "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1",
                                           "127.0.0.1: 1", "127.0.0.1:1x", "127.0.0:1",
                                           "127.0.0.256:1", "127.0.0.1%1:1", "::1:7777", "[::1]",
                                           "[::1:1", "[]:1", "[::g]:1", "[::1%]:1", "[127.0.0.1]:1",
                                           "localhost:1", std::string_view("127.0.0.1\0x:1", 13)));

TEST_P(NetAddressBadInputTest, IsRefused) {
  const Result<NetAddress> address = NetAddress::Parse(GetParam());
  ASSERT_FALSE(address) << address->ToString();
  EXPECT_EQ(address.error(), std::errc::invalid_argument);
}

TEST(NetAddressTest, ResolvesLocalhostAndDigits) {
  const auto localhost = NetAddress::Resolve("localhost:7777");
  ASSERT_TRUE(localhost) << localhost.error().message();
  ASSERT_FALSE(localhost->empty());
  for (const NetAddress& address : *localhost) {
    EXPECT_TRUE(address.IsLoopback()) << address.ToString();
    EXPECT_EQ(address.port(), 7777);
    EXPECT_EQ(std::ranges::count(*localhost, address), 1);
  }
  const auto digits = NetAddress::Resolve("[::1]:1");
  ASSERT_TRUE(digits);
  EXPECT_EQ(digits->front().ToString(), "[::1]:1");
}

TEST(NetAddressTest, ResolveTellsBadInputFromUnknownNames) {
  EXPECT_EQ(NetAddress::Resolve("localhost").error(), std::errc::invalid_argument);
  // RFC 6761: "invalid" never exists, and resolvers need not ask anybody.
  EXPECT_EQ(NetAddress::Resolve("no-such-host.invalid:1").error(), std::errc::host_unreachable);
}

TEST(NetAddressTest, KnowsWhatIsPrivate) {
  for (const char* text :
       {"127.0.0.1:1", "10.9.8.7:1", "172.16.0.1:1", "172.31.255.1:1", "192.168.0.1:1",
        "169.254.1.1:1", "[::1]:1", "[fd00::1]:1", "[fe80::1]:1"}) {
    EXPECT_TRUE(NetAddress::Parse(text)->IsPrivate()) << text;
  }
  for (const char* text : {"8.8.8.8:1", "172.32.0.1:1", "172.15.0.1:1", "192.169.0.1:1",
                           "[2001:db8::1]:1", "[::2]:1"}) {
    EXPECT_FALSE(NetAddress::Parse(text)->IsPrivate()) << text;
  }
  EXPECT_FALSE(NetAddress{}.IsPrivate());
}

TEST(NetAddressTest, IsAPlainValue) {
  const NetAddress address = NetAddress::Loopback(1);
  EXPECT_EQ(address.WithPort(2), NetAddress::Loopback(2));
  EXPECT_NE(address, NetAddress::Loopback(2));
  EXPECT_EQ(NetAddress{}.family(), NetAddress::Family::kNone);
  EXPECT_EQ(NetAddress{}.ToString(), "(no address)");
}

}  // namespace
}  // namespace servercore
