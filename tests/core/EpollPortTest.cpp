#include "ServerCore/io/backends/EpollPort.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/core/PortHarness.h"

/// What Linux adds to the contract, and SystemPortTest to that.
namespace servercore::testing {
namespace {

using namespace std::chrono_literals;

class EpollPortWorld final : public PortWorld {
 public:
  EpollPort& client() override { return client_; }
  EpollPort& server() override { return server_; }
  bool GoOn() override { return Clock::now() < give_up_at_; }

 private:
  EpollPort client_;
  EpollPort server_;
  const Clock::time_point give_up_at_ = Clock::now() + 10s;
};

class EpollPortTest : public ::testing::Test {
 protected:
  PortHarness io{std::make_unique<EpollPortWorld>()};
};

/// Lets the process open no further descriptor while it lives.
class NoMoreDescriptors {
 public:
  NoMoreDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const int next = ::dup(0);
    ::close(next);
    rlimit none = before_;
    none.rlim_cur = static_cast<rlim_t>(next);
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoMoreDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  NoMoreDescriptors(const NoMoreDescriptors&) = delete;
  NoMoreDescriptors& operator=(const NoMoreDescriptors&) = delete;

 private:
  rlimit before_{};
};

TEST_F(EpollPortTest, OutOfDescriptorsAcceptFailsAndLaterTakesTheSameConnection) {
  const Handle listener = io.Listen();
  IoEvent connect;
  io.Connect(io.server().LocalAddress(listener), connect);
  ASSERT_TRUE(io.RunUntilSeen(connect));
  AcceptEvent accept;
  std::error_code connect_error;
  {
    const NoMoreDescriptors limit;  // judge nothing in here: sanitizers need descriptors to look
    io.server().Accept(listener, accept);
    IoEvent unused;
    connect_error = io.client().Connect(NetAddress::Loopback(1), nullptr, unused).error();
  }
  ASSERT_TRUE(io.RunUntilSeen(accept));
  EXPECT_EQ(accept.error, std::errc::too_many_files_open);
  EXPECT_FALSE(accept.accepted);
  EXPECT_EQ(connect_error, std::errc::too_many_files_open);

  io.server().Accept(listener, accept);
  ASSERT_TRUE(io.RunUntilSeen(accept));
  EXPECT_FALSE(accept.error);
  EXPECT_TRUE(accept.accepted);
}

int OptionOf(int fd, int level, int name) {
  int value = -1;
  socklen_t size = sizeof value;
  EXPECT_EQ(::getsockopt(fd, level, name, &value, &size), 0);
  return value;
}

TEST_F(EpollPortTest, AcceptedSocketsSendWithoutDelayNeverBlockAndNoticeADeadPeer) {
  const Handle listener = io.Listen();
  AcceptEvent accept;
  IoEvent connect;
  io.server().Accept(listener, accept);
  io.Connect(io.server().LocalAddress(listener), connect);
  ASSERT_TRUE(io.RunUntil([&] { return io.Seen(accept) == 1 && io.Seen(connect) == 1; }));
  const int fd = static_cast<int>(accept.accepted.native());
  EXPECT_EQ(OptionOf(fd, IPPROTO_TCP, TCP_NODELAY), 1);
  EXPECT_EQ(OptionOf(fd, SOL_SOCKET, SO_KEEPALIVE), 1);
  EXPECT_EQ(OptionOf(fd, IPPROTO_TCP, TCP_KEEPIDLE), 60);
  EXPECT_EQ(OptionOf(fd, IPPROTO_TCP, TCP_KEEPINTVL), 6);
  EXPECT_EQ(OptionOf(fd, IPPROTO_TCP, TCP_KEEPCNT), 10);
  EXPECT_NE(::fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(::fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(EpollPortTest, AResetThatNobodyAwaitedIsAFailedRead) {
  const auto [client, server] = io.MakePair();
  io.Close(io.server(), server, CloseKind::kReset);
  EXPECT_EQ(io.ReadEnding(io.client(), client).error, std::errc::connection_reset);
}

TEST_F(EpollPortTest, BytesBehindAnUrgentOneAreNotForgotten) {
  const Handle listener = io.Listen();
  AcceptEvent accept;
  io.server().Accept(listener, accept);
  const SystemAddress address = ToSystem(io.server().LocalAddress(listener));
  const UniqueFd peer(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::connect(peer.get(), address.get(), address.size), 0);
  ASSERT_TRUE(io.RunUntilSeen(accept));
  const Handle server = io.Attach(accept);

  ASSERT_EQ(::send(peer.get(), "ab", 2, 0), 2);
  ASSERT_EQ(::send(peer.get(), "!", 1, MSG_OOB), 1);
  ASSERT_EQ(::send(peer.get(), "cd", 2, 0), 2);
  EXPECT_EQ(io.ReadText(io.server(), server, 4), "abcd");
}

}  // namespace
}  // namespace servercore::testing
