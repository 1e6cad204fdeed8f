#include <gtest/gtest.h>

#include <string>

#include "ServerCore/io/Ports.h"
#include "tests/core/PortHarness.h"
#include "tests/core/SimPortWorld.h"

/// What CompletionPort.h promises, checked for every port there is.
namespace servercore::testing {
namespace {

class SystemPortWorld final : public PortWorld {
 public:
  CompletionPort& client() override { return *client_; }
  CompletionPort& server() override { return *server_; }
  bool GoOn() override { return client_->Now() < give_up_at_; }

 private:
  std::unique_ptr<CompletionPort> client_ = MakeSystemPort();
  std::unique_ptr<CompletionPort> server_ = MakeSystemPort();
  const Clock::time_point give_up_at_ = client_->Now() + std::chrono::seconds(10);
};

struct World {
  std::string name;
  std::unique_ptr<PortWorld> (*make)();
};

std::unique_ptr<PortWorld> MakeHostileSim() {
  return std::make_unique<SimPortWorld>(SimOptions{.seed = 7,
                                                   .read_bytes_max = 3,
                                                   .send_bytes_max = 7,
                                                   .short_read_probability = 0.5,
                                                   .short_send_probability = 0.5,
                                                   .spurious_readable_probability = 0.3,
                                                   .socket_buffer_bytes = 4096});
}

class CompletionPortContract : public ::testing::TestWithParam<World> {
 protected:
  PortHarness io{GetParam().make()};
};

INSTANTIATE_TEST_SUITE_P(
    Ports, CompletionPortContract,
    ::testing::Values(World{"System",
                            [] { return std::unique_ptr<PortWorld>(new SystemPortWorld); }},
                      World{"Sim", [] { return std::unique_ptr<PortWorld>(new SimPortWorld); }},
                      World{"HostileSim", &MakeHostileSim}),
    [](const auto& world) { return world.param.name; });

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

TEST_P(CompletionPortContract, SeveralPostedAcceptsTakeOneConnectionEach) {
  const Handle listener = io.Listen();
  std::array<AcceptEvent, 3> accepts;
  std::array<IoEvent, 3> connects;
  for (AcceptEvent& accept : accepts) io.server().Accept(listener, accept);
  std::vector<NetAddress> clients;
  for (IoEvent& connect : connects) {
    const Handle client = io.Connect(io.server().LocalAddress(listener), connect);
    clients.push_back(io.client().LocalAddress(client));
  }
  for (AcceptEvent& accept : accepts) {
    ASSERT_TRUE(io.RunUntil([&] { return io.Seen(accept) == 1; }));
    EXPECT_TRUE(accept.accepted);
    EXPECT_EQ(std::erase(clients, accept.peer), 1U) << accept.peer.ToString();
  }
  ASSERT_TRUE(io.RunUntil([&] { return io.log().size() == accepts.size() + connects.size(); }));
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
  EXPECT_EQ(writable.bytes, 0U);
  EXPECT_FALSE(writable.error);
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

TEST_P(CompletionPortContract, AnOrderlyCloseIsTheEndAfterAllBytes) {
  const auto [client, server] = io.MakePair();
  const std::string sent(2000, 'z');
  ASSERT_TRUE(io.SendAll(io.server(), server, AsBytes(sent)));
  io.Close(io.server(), server, CloseKind::kOrderly);
  EXPECT_EQ(io.ReadText(io.client(), client, sent.size()), sent);
  EXPECT_EQ(io.ReadEnding(io.client(), client).status, IoStatus::kEnd);
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

TEST_P(CompletionPortContract, AResetIsAFailedRead) {
  const auto [client, server] = io.MakePair();
  io.Close(io.server(), server, CloseKind::kReset);
  const IoResult result = io.ReadEnding(io.client(), client);
  EXPECT_EQ(result.status, IoStatus::kFailed);
  EXPECT_EQ(result.error, std::errc::connection_reset);
}

TEST_P(CompletionPortContract, AnOrderlyCloseWithUnreadBytesResets) {
  const auto [client, server] = io.MakePair();
  ASSERT_TRUE(io.SendAll(io.client(), client, AsBytes("never read")));
  IoEvent readable;
  io.server().AwaitReadable(server, readable);
  ASSERT_TRUE(io.RunUntilSeen(readable));
  io.Close(io.server(), server, CloseKind::kOrderly);
  EXPECT_EQ(io.ReadEnding(io.client(), client).error, std::errc::connection_reset);
}

TEST_P(CompletionPortContract, AResetWakesAPendingSendAndTheNextOneFails) {
  const auto [client, server] = io.MakePair();
  const std::string block(64 * 1024, 'a');
  const ConstBuffer piece{AsBytes(block).data(), block.size()};
  IoEvent writable;
  while (io.client().Send(client, {&piece, 1}, writable).status == IoStatus::kDone) io.Collect();
  io.Close(io.server(), server, CloseKind::kReset);
  ASSERT_TRUE(io.RunUntil([&] { return io.Seen(writable) == 1; }));
  EXPECT_EQ(writable.bytes, 0U);
  EXPECT_EQ(io.client().Send(client, {&piece, 1}, writable).status, IoStatus::kFailed);
}

TEST_P(CompletionPortContract, CloseCompletesEverythingInFlightOnceAndItselfLast) {
  const auto [client, server] = io.MakePair();
  const std::string block(64 * 1024, 'a');
  const ConstBuffer piece{AsBytes(block).data(), block.size()};
  IoEvent sending;
  while (io.client().Send(client, {&piece, 1}, sending).status == IoStatus::kDone) io.Collect();
  io.Forget();
  IoEvent reading;
  io.client().AwaitReadable(client, reading);
  // A spurious readable is legal; then there is nothing left to cancel in this direction.
  io.Collect();
  const bool was_spurious = io.Seen(reading) == 1;

  IoEvent closed;
  io.StartClose(io.client(), client, CloseKind::kReset, closed);
  EXPECT_EQ(io.client().open_handles(), 1U);
  ASSERT_TRUE(io.RunUntilSeen(closed));
  EXPECT_EQ(io.client().open_handles(), 0U);
  EXPECT_EQ(io.Seen(reading), 1U);
  EXPECT_EQ(io.Seen(sending), 1U);
  EXPECT_EQ(io.log().back(), &closed);
  EXPECT_EQ(sending.error, std::errc::operation_canceled);
  EXPECT_EQ(reading.error == std::errc::operation_canceled, !was_spurious);
  EXPECT_FALSE(closed.error);
  io.Collect();
  EXPECT_EQ(io.log().back(), &closed);
}

TEST_P(CompletionPortContract, AFinishedEventKeepsItsTrueResultWhenItsHandleCloses) {
  const auto [client, server] = io.MakePair();
  io.Close(io.client(), client, CloseKind::kOrderly);
  ASSERT_EQ(io.ReadEnding(io.server(), server).status, IoStatus::kEnd);
  io.Forget();
  IoEvent readable;
  IoEvent closed;
  io.server().AwaitReadable(server, readable);  // finishes at once: the end is there
  EXPECT_TRUE(io.log().empty());
  io.StartClose(io.server(), server, CloseKind::kReset, closed);
  ASSERT_TRUE(io.RunUntilSeen(closed));
  ASSERT_EQ(io.log().size(), 2U);
  EXPECT_EQ(io.log()[0], &readable);
  EXPECT_EQ(io.log()[1], &closed);
  EXPECT_FALSE(readable.error);
}

TEST_P(CompletionPortContract, AHandleClosedInTheBatchOfItsReadableEndsCleanly) {
  const auto [client, server] = io.MakePair();
  IoEvent readable;
  io.server().AwaitReadable(server, readable);
  ASSERT_TRUE(io.SendAll(io.client(), client, AsBytes("x")));
  ASSERT_TRUE(io.RunUntil([&] { return io.Seen(readable) == 1; }));
  IoEvent closed;
  io.StartClose(io.server(), server, CloseKind::kReset, closed);
  ASSERT_TRUE(io.RunUntilSeen(closed));
  EXPECT_EQ(io.Seen(readable), 1U);
  EXPECT_EQ(io.Seen(closed), 1U);
}

TEST_P(CompletionPortContract, CloseWhileConnectingCompletesTheConnectOnce) {
  const Handle listener = io.Listen();
  IoEvent connect;
  IoEvent closed;
  const Handle client = io.Connect(io.server().LocalAddress(listener), connect);
  io.StartClose(io.client(), client, CloseKind::kReset, closed);
  ASSERT_TRUE(io.RunUntilSeen(closed));
  ASSERT_EQ(io.log().size(), 2U);
  EXPECT_EQ(io.log()[0], &connect);
  EXPECT_EQ(io.log()[1], &closed);
}

TEST_P(CompletionPortContract, AReusedSlotHasAnotherGeneration) {
  const auto [client, server] = io.MakePair();
  io.Close(io.client(), client, CloseKind::kReset);
  const auto [second_client, second_server] = io.MakePair();
  EXPECT_EQ(second_client.slot, client.slot);
  EXPECT_NE(second_client.generation, client.generation);
  EXPECT_NE(second_client.generation, 0U);
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

TEST_P(CompletionPortContract, ClosingAListenerCancelsItsAcceptsAndResetsWhoWaits) {
  const Handle listener = io.Listen();
  std::array<AcceptEvent, 2> accepts;
  for (AcceptEvent& accept : accepts) io.server().Accept(listener, accept);
  std::array<IoEvent, 3> connects;
  std::array<Handle, 3> clients;
  for (std::size_t i = 0; i < clients.size(); ++i) {
    clients[i] = io.Connect(io.server().LocalAddress(listener), connects[i]);
    ASSERT_TRUE(io.RunUntilSeen(connects[i]));
  }
  ASSERT_TRUE(io.RunUntil([&] { return io.Seen(accepts[1]) == 1; }));
  io.Forget();
  std::array<AcceptEvent, 2> more;
  IoEvent closed;
  io.server().Accept(listener, more[0]);  // takes the third connection
  io.server().Accept(listener, more[1]);
  io.StartClose(io.server(), listener, CloseKind::kOrderly, closed);
  ASSERT_TRUE(io.RunUntilSeen(closed));
  ASSERT_EQ(io.log().size(), 3U);
  EXPECT_FALSE(more[0].error);
  EXPECT_EQ(more[1].error, std::errc::operation_canceled);
  EXPECT_EQ(io.log().back(), &closed);
}

TEST_P(CompletionPortContract, ADetachedSocketThatNobodyAttachesResetsItsPeer) {
  const Handle listener = io.Listen();
  IoEvent connect;
  const Handle client = io.Connect(io.server().LocalAddress(listener), connect);
  {
    AcceptEvent accept;
    io.server().Accept(listener, accept);
    ASSERT_TRUE(io.RunUntil([&] { return io.Seen(accept) == 1 && io.Seen(connect) == 1; }));
    EXPECT_TRUE(accept.accepted);
  }
  EXPECT_EQ(io.ReadEnding(io.client(), client).error, std::errc::connection_reset);
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

TEST_P(CompletionPortContract, AStaleHandleAsserts) {
  const auto [client, server] = io.MakePair();
  io.Close(io.client(), client, CloseKind::kReset);
  IoEvent event;
  EXPECT_DEATH(io.client().AwaitReadable(client, event), "internal error");
}

}  // namespace
}  // namespace servercore::testing
