#include "ServerCore/io/backends/IocpPort.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/core/PortContract.h"

/// What Windows adds to the contract, and SystemPortTest to that.
namespace servercore::testing {
namespace {

class IocpPortTest : public ::testing::Test {
 protected:
  /// Accepts one connection of a new client.
  Handle AcceptOne(AcceptEvent& accept) {
    const Handle listener = io.Listen();
    IoEvent connect;
    io.server().Accept(listener, accept);
    const Handle client = io.Connect(io.server().LocalAddress(listener), connect);
    EXPECT_TRUE(io.RunUntil([&] { return io.Seen(accept) == 1 && io.Seen(connect) == 1; }));
    return client;
  }
  /// What one Wait hands out without sleeping.
  std::vector<IoEvent*> WaitOnce(CompletionPort& port) {
    std::array<IoEvent*, 8> out;
    const std::size_t count = port.Wait(out, Clock::time_point::min());
    return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(count)};
  }

  PortHarness io{std::make_unique<SystemPortWorld>()};
};

TEST_F(IocpPortTest, WhatSucceedsAtOnceLeavesNothingInTheSystem) {
  const auto [client, server] = io.MakePair();
  const ConstBuffer piece{AsBytes("x").data(), 1};
  IoEvent event;
  for (int i = 0; i < 10; ++i) {
    ASSERT_EQ(io.client().Send(client, {&piece, 1}, event).status, IoStatus::kDone);
  }
  EXPECT_EQ(io.ReadText(io.server(), server, 10), "xxxxxxxxxx");
  io.Forget();
  // Nothing is in flight, so the handle is gone in the very next Wait; a completion that came
  // nevertheless would count below zero.
  IoEvent closed;
  io.StartClose(io.client(), client, CloseKind::kOrderly, closed);
  EXPECT_EQ(WaitOnce(io.client()), std::vector<IoEvent*>{&closed});
  EXPECT_TRUE(WaitOnce(io.client()).empty());
}

TEST_F(IocpPortTest, BytesThatAreThereAreReadableAtOnce) {
  const auto [client, server] = io.MakePair();
  ASSERT_TRUE(io.SendAll(io.client(), client, AsBytes("ab")));
  EXPECT_EQ(io.ReadText(io.server(), server, 1), "a");
  io.Forget();
  IoEvent readable;
  IoEvent closed;
  io.server().AwaitReadable(server, readable);
  io.StartClose(io.server(), server, CloseKind::kReset, closed);
  EXPECT_EQ(WaitOnce(io.server()), (std::vector<IoEvent*>{&readable, &closed}));
  EXPECT_FALSE(readable.error);
}

TEST_F(IocpPortTest, TheHandleStaysUntilTheSystemGaveBackWhatWasInFlight) {
  const auto [client, server] = io.MakePair();
  IoEvent readable;
  IoEvent closed;
  io.client().AwaitReadable(client, readable);
  io.StartClose(io.client(), client, CloseKind::kOrderly, closed);
  EXPECT_EQ(closed.op, Op{}) << "kClosed was queued before the cancelled read came back";
  ASSERT_TRUE(io.RunUntilSeen(closed));
  EXPECT_EQ(io.log(), (std::vector<IoEvent*>{&readable, &closed}));
  EXPECT_EQ(readable.error, std::errc::operation_canceled);
}

TEST_F(IocpPortTest, AnAcceptedSocketJoinsAnotherPortThanTheListeners) {
  AcceptEvent accept;
  const Handle client = AcceptOne(accept);
  const Result<Handle> moved = io.client().Attach(std::move(accept.accepted));
  ASSERT_TRUE(moved) << moved.error().message();
  ASSERT_TRUE(io.SendAll(io.client(), client, AsBytes("over there")));
  EXPECT_EQ(io.ReadText(io.client(), *moved, 10), "over there");
  io.Close(io.client(), *moved, CloseKind::kReset);
}

TEST_F(IocpPortTest, NobodyElseCanListenWhereWeDo) {
  const Handle listener = io.Listen();
  const SystemAddress taken = ToSystem(io.server().LocalAddress(listener));
  const UniqueSocket thief(::WSASocketW(AF_INET, SOCK_STREAM, 0, nullptr, 0, WSA_FLAG_OVERLAPPED));
  ASSERT_TRUE(SetOption(thief.get(), SOL_SOCKET, SO_REUSEADDR, 1));
  EXPECT_NE(::bind(thief.get(), taken.get(), taken.size), 0);
}

/// Zero: off, or it could not be asked for.
int OptionOf(SOCKET socket, int level, int name) {
  int value = 0;
  int size = sizeof value;
  EXPECT_EQ(::getsockopt(socket, level, name, reinterpret_cast<char*>(&value), &size), 0);
  return value;
}

TEST_F(IocpPortTest, AcceptedSocketsSendWithoutDelayNoticeADeadPeerNeverBlockAndAreNotInherited) {
  AcceptEvent accept;
  AcceptOne(accept);
  const auto socket = static_cast<SOCKET>(accept.accepted.native());
  EXPECT_NE(OptionOf(socket, IPPROTO_TCP, TCP_NODELAY), 0);
  EXPECT_NE(OptionOf(socket, SOL_SOCKET, SO_KEEPALIVE), 0);
  char byte = 0;
  EXPECT_LT(::recv(socket, &byte, 1, 0), 0);
  EXPECT_EQ(::WSAGetLastError(), WSAEWOULDBLOCK);
  DWORD flags = 0;
  ASSERT_NE(::GetHandleInformation(reinterpret_cast<HANDLE>(socket), &flags), 0);
  EXPECT_EQ(flags & HANDLE_FLAG_INHERIT, 0U);
}

}  // namespace
}  // namespace servercore::testing
