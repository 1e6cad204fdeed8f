#include <gtest/gtest.h>

#include <string>

#include "tests/core/PortContract.h"

/// What CompletionPort.h promises, checked for every port there is; closing has its own file.
namespace servercore::testing {
namespace {

using CompletionPortContract = PortContract;
INSTANTIATE_TEST_SUITE_P(Ports, CompletionPortContract, ::testing::ValuesIn(kWorlds), &NameOf);

class ForbiddenOwner final : public IoObject {
 public:
  void OnIo(IoEvent&) override { ADD_FAILURE() << "a port called back"; }
};

TEST_P(CompletionPortContract, ConnectsAcceptsAttachesAndEchoes) {
  const Handle listener = io.Listen();
  ForbiddenOwner owner;
  AcceptEvent accept;
  accept.owner = &owner;
  IoEvent connect;
  connect.owner = &owner;
  io.server().Accept(listener, accept);
  const Handle client = io.Connect(io.server().LocalAddress(listener), connect);
  ASSERT_TRUE(io.RunUntil([&] { return io.Seen(accept) == 1 && io.Seen(connect) == 1; }));
  EXPECT_EQ(accept.op, Op::kAccept);
  EXPECT_EQ(connect.op, Op::kConnect);
  EXPECT_FALSE(accept.error);
  EXPECT_FALSE(connect.error);
  EXPECT_EQ(accept.peer, io.client().LocalAddress(client));

  const Handle server = io.Attach(accept);
  EXPECT_FALSE(accept.accepted);
  ASSERT_TRUE(io.SendAll(io.client(), client, AsBytes("hello")));
  EXPECT_EQ(io.ReadText(io.server(), server, 5), "hello");
  ASSERT_TRUE(io.SendAll(io.server(), server, AsBytes("welcome")));
  EXPECT_EQ(io.ReadText(io.client(), client, 7), "welcome");
}

TEST_P(CompletionPortContract, ConnectWhereNobodyListensIsRefused) {
  const Handle listener = io.Listen();
  const NetAddress nobody = io.server().LocalAddress(listener);
  io.Close(io.server(), listener, CloseKind::kOrderly);

  IoEvent connect;
  const Handle client = io.Connect(nobody, connect);
  ASSERT_TRUE(io.RunUntilSeen(connect));
  EXPECT_EQ(connect.error, std::errc::connection_refused);
  EXPECT_EQ(io.client().open_handles(), 1U);
  io.Close(io.client(), client, CloseKind::kReset);
  EXPECT_EQ(io.client().open_handles(), 0U);
}

TEST_P(CompletionPortContract, AConnectThatWouldReachItselfIsRefused) {
  const Handle listener = io.Listen();
  const NetAddress nobody = io.server().LocalAddress(listener);
  io.Close(io.server(), listener, CloseKind::kOrderly);

  IoEvent connect;
  const Result<Handle> client = io.client().Connect(nobody, &nobody, connect);
  if (!client) {  // found at once: no handle
    EXPECT_EQ(client.error(), std::errc::connection_refused);
    return;
  }
  ASSERT_TRUE(io.RunUntilSeen(connect));
  EXPECT_EQ(connect.error, std::errc::connection_refused);
  io.Close(io.client(), *client, CloseKind::kReset);
}

TEST_P(CompletionPortContract, SeveralPostedAcceptsTakeOneConnectionEach) {
  const Handle listener = io.Listen();
  std::array<AcceptEvent, 3> accepts;
  std::array<IoEvent, 3> connects;
  for (AcceptEvent& accept : accepts) io.server().Accept(listener, accept);
  std::vector<Handle> handles;
  for (IoEvent& connect : connects) {
    handles.push_back(io.Connect(io.server().LocalAddress(listener), connect));
  }
  ASSERT_TRUE(io.RunUntil([&] { return io.log().size() == accepts.size() + connects.size(); }));
  std::vector<NetAddress> clients;
  for (const Handle handle : handles) clients.push_back(io.client().LocalAddress(handle));
  for (AcceptEvent& accept : accepts) {
    EXPECT_EQ(io.Seen(accept), 1U);
    EXPECT_TRUE(accept.accepted);
    EXPECT_EQ(std::erase(clients, accept.peer), 1U) << accept.peer.ToString();
  }
}

TEST_P(CompletionPortContract, AnAcceptPostedLateFindsTheWaitingConnection) {
  const Handle listener = io.Listen();
  IoEvent connect;
  io.Connect(io.server().LocalAddress(listener), connect);
  ASSERT_TRUE(io.RunUntilSeen(connect));
  AcceptEvent accept;
  io.server().Accept(listener, accept);
  ASSERT_TRUE(io.RunUntilSeen(accept));
  EXPECT_TRUE(accept.accepted);
}

TEST_P(CompletionPortContract, ReadFillsTheFirstPieceBeforeTheSecond) {
  const auto [client, server] = io.MakePair();
  const std::string sent = "first piece, then the second";
  ASSERT_TRUE(io.SendAll(io.client(), client, AsBytes(sent)));
  std::string got;
  while (got.size() < sent.size()) {
    std::array<char, 2> first;
    std::array<char, 64> second;
    const std::array<MutableBuffer, 2> pieces{
        {{reinterpret_cast<std::byte*>(first.data()), first.size()},
         {reinterpret_cast<std::byte*>(second.data()), second.size()}}};
    const IoResult result = io.ReadNext(io.server(), server, pieces);
    ASSERT_EQ(result.status, IoStatus::kDone);
    const std::size_t in_first = std::min(result.bytes, first.size());
    got.append(first.data(), in_first).append(second.data(), result.bytes - in_first);
  }
  EXPECT_EQ(got, sent);
}

TEST_P(CompletionPortContract, ReadWithNothingThereIsPending) {
  const auto [client, server] = io.MakePair();
  std::array<std::byte, 16> block;
  const MutableBuffer piece{block.data(), block.size()};
  EXPECT_EQ(io.server().Read(server, {&piece, 1}).status, IoStatus::kPending);
  ASSERT_TRUE(io.SendAll(io.client(), client, AsBytes("x")));
  EXPECT_EQ(io.ReadText(io.server(), server, 1), "x");
}

TEST_P(CompletionPortContract, AFullPeerMakesSendPendUntilItReads) {
  const auto [client, server] = io.MakePair();
  const std::string block(64 * 1024, 'a');
  const ConstBuffer piece{AsBytes(block).data(), block.size()};
  IoEvent writable;
  std::size_t sent = 0;
  IoResult result = io.client().Send(client, {&piece, 1}, writable);
  while (result.status == IoStatus::kDone) {
    sent += result.bytes;
    io.Collect();
    result = io.client().Send(client, {&piece, 1}, writable);
  }
  ASSERT_EQ(result.status, IoStatus::kPending);
  EXPECT_GT(sent, 0U);
  EXPECT_EQ(io.Seen(writable), 0U);

  EXPECT_EQ(io.ReadText(io.server(), server, sent).size(), sent);
  ASSERT_TRUE(io.RunUntil([&] { return io.Seen(writable) == 1; }));
  EXPECT_EQ(writable.op, Op::kSend);
  EXPECT_FALSE(writable.error);
  // Epoll tells that there is room again, an overlapped send that it went out.
  EXPECT_LE(writable.bytes, block.size());
  EXPECT_EQ(io.ReadText(io.server(), server, writable.bytes).size(), writable.bytes);
  EXPECT_EQ(io.client().Send(client, {&piece, 1}, writable).status, IoStatus::kDone);
  EXPECT_EQ(io.Seen(writable), 1U);
}

TEST_P(CompletionPortContract, GatheredAndPartialSendsKeepTheOrder) {
  const auto [client, server] = io.MakePair();
  std::string sent;
  for (std::size_t i = 0; i < kSendPiecesMax; ++i) sent += std::to_string(1000 + i);
  std::size_t offset = 0;
  while (offset < sent.size()) {
    std::vector<ConstBuffer> pieces;
    for (std::size_t at = offset; at < sent.size(); at += 4 - at % 4) {
      pieces.push_back({AsBytes(sent).data() + at, 4 - at % 4});
    }
    IoEvent event;
    const IoResult result = io.client().Send(client, pieces, event);
    ASSERT_EQ(result.status, IoStatus::kDone);
    ASSERT_GT(result.bytes, 0U);
    offset += result.bytes;
  }
  EXPECT_EQ(io.ReadText(io.server(), server, sent.size()), sent);
}

TEST_P(CompletionPortContract, WhatWasNotReadMakesTheNextAwaitCompleteToo) {
  const auto [client, server] = io.MakePair();
  ASSERT_TRUE(io.SendAll(io.client(), client, AsBytes("unread")));
  IoEvent readable;
  for (std::size_t times = 1; times <= 3; ++times) {
    io.server().AwaitReadable(server, readable);
    ASSERT_TRUE(io.RunUntil([&] { return io.Seen(readable) == times; }));
  }
  EXPECT_EQ(io.ReadText(io.server(), server, 6), "unread");
}

TEST_P(CompletionPortContract, AShutSendLeavesTheOtherDirectionOpen) {
  const auto [client, server] = io.MakePair();
  ASSERT_TRUE(io.SendAll(io.client(), client, AsBytes("question")));
  io.client().ShutdownSend(client);
  EXPECT_EQ(io.ReadText(io.server(), server, 8), "question");
  EXPECT_EQ(io.ReadEnding(io.server(), server).status, IoStatus::kEnd);
  ASSERT_TRUE(io.SendAll(io.server(), server, AsBytes("answer")));
  EXPECT_EQ(io.ReadText(io.client(), client, 6), "answer");
}

TEST_P(CompletionPortContract, WaitNeverHandsOutMoreThanItHasRoomFor) {
  std::array<Pair, 4> pairs;
  std::array<IoEvent, 4> events;
  for (Pair& pair : pairs) pair = io.MakePair();
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    io.server().AwaitReadable(pairs[i].server, events[i]);
    ASSERT_TRUE(io.SendAll(io.client(), pairs[i].client, AsBytes("x")));
  }
  std::vector<IoEvent*> got;
  ASSERT_TRUE(io.RunUntil([&] {
    std::array<IoEvent*, 1> out;
    const std::size_t count = io.server().Wait(out, Clock::time_point::min());
    EXPECT_LE(count, out.size());
    if (count == 1) got.push_back(out[0]);
    return io.log().size() + got.size() == events.size();
  }));
  for (const IoEvent& event : events) {
    EXPECT_EQ(io.Seen(event) + static_cast<std::size_t>(std::ranges::count(got, &event)), 1U);
  }
}

TEST_P(CompletionPortContract, WakeIsSticky) {
  std::array<IoEvent*, 4> out;
  io.client().Wake();
  EXPECT_EQ(io.client().Wait(out, Clock::time_point::max()), 0U);
  io.client().Wake();
  io.client().Wake();
  EXPECT_EQ(io.client().Wait(out, Clock::time_point::max()), 0U);
}

TEST_P(CompletionPortContract, PortZeroBecomesARealPortAndIsThenTaken) {
  const Handle listener = io.Listen();
  const NetAddress address = io.server().LocalAddress(listener);
  EXPECT_NE(address.port(), 0);
  EXPECT_TRUE(address.IsLoopback());
  const Result<Handle> second = io.client().Listen(address, 1);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error(), std::errc::address_in_use);
}

TEST_P(CompletionPortContract, ConnectsFromTheSourceAddress) {
  const Handle listener = io.Listen();
  AcceptEvent accept;
  IoEvent connect;
  io.server().Accept(listener, accept);
  const NetAddress source = NetAddress::Ipv4({127, 0, 0, 2}, 0);
  io.Connect(io.server().LocalAddress(listener), connect, &source);
  ASSERT_TRUE(io.RunUntil([&] { return io.Seen(accept) == 1 && io.Seen(connect) == 1; }));
  EXPECT_EQ(accept.peer.WithPort(0), source);
}

TEST_P(CompletionPortContract, SpeaksIpv6) {
  const NetAddress loopback = *NetAddress::Parse("[::1]:0");
  IoEvent closed;
  const Result<Handle> probe = io.server().Listen(loopback, 1);
  if (!probe) {  // a machine without IPv6 says so, and that is the whole contract there
    EXPECT_TRUE(probe.error() == std::errc::address_not_available ||
                probe.error() == std::errc::address_family_not_supported)
        << probe.error().message();
    return;
  }
  io.Close(io.server(), *probe, CloseKind::kOrderly);
  const auto [client, server] = io.MakePair(loopback);
  ASSERT_TRUE(io.SendAll(io.client(), client, AsBytes("six")));
  EXPECT_EQ(io.ReadText(io.server(), server, 3), "six");
}

}  // namespace
}  // namespace servercore::testing
