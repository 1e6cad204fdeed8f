#include <gtest/gtest.h>

#include <string>

#include "tests/core/PortContract.h"

/// What CompletionPort.h promises about endings: ours, the peer's, and of all that is in flight.
namespace servercore::testing {
namespace {

using CompletionPortClose = PortContract;
INSTANTIATE_TEST_SUITE_P(Ports, CompletionPortClose, ::testing::ValuesIn(kWorlds), &NameOf);

TEST_P(CompletionPortClose, AnOrderlyCloseIsTheEndAfterAllBytes) {
  const auto [client, server] = io.MakePair();
  const std::string sent(2000, 'z');
  ASSERT_TRUE(io.SendAll(io.server(), server, AsBytes(sent)));
  io.Close(io.server(), server, CloseKind::kOrderly);
  EXPECT_EQ(io.ReadText(io.client(), client, sent.size()), sent);
  EXPECT_EQ(io.ReadEnding(io.client(), client).status, IoStatus::kEnd);
}

TEST_P(CompletionPortClose, AResetIsAFailedRead) {
  const auto [client, server] = io.MakePair();
  const IoResult result = io.AwaitEnding(io.client(), client,
                                         [&] { io.Close(io.server(), server, CloseKind::kReset); });
  EXPECT_EQ(result.status, IoStatus::kFailed);
  EXPECT_EQ(result.error, std::errc::connection_reset);
}

TEST_P(CompletionPortClose, AnOrderlyCloseWithUnreadBytesResets) {
  const auto [client, server] = io.MakePair();
  ASSERT_TRUE(io.SendAll(io.client(), client, AsBytes("never read")));
  IoEvent readable;
  io.server().AwaitReadable(server, readable);
  ASSERT_TRUE(io.RunUntilSeen(readable));
  const IoResult result = io.AwaitEnding(
      io.client(), client, [&] { io.Close(io.server(), server, CloseKind::kOrderly); });
  EXPECT_EQ(result.error, std::errc::connection_reset);
}

TEST_P(CompletionPortClose, AResetWakesAPendingSendAndTheNextOneFails) {
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

TEST_P(CompletionPortClose, CloseCompletesEverythingInFlightOnceAndItselfLast) {
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

TEST_P(CompletionPortClose, AFinishedEventKeepsItsTrueResultWhenItsHandleCloses) {
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

TEST_P(CompletionPortClose, AHandleClosedInTheBatchOfItsReadableEndsCleanly) {
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

TEST_P(CompletionPortClose, CloseWhileConnectingCompletesTheConnectOnce) {
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

TEST_P(CompletionPortClose, AReusedSlotHasAnotherGeneration) {
  const auto [client, server] = io.MakePair();
  io.Close(io.client(), client, CloseKind::kReset);
  const auto [second_client, second_server] = io.MakePair();
  EXPECT_EQ(second_client.slot, client.slot);
  EXPECT_NE(second_client.generation, client.generation);
  EXPECT_NE(second_client.generation, 0U);
}

TEST_P(CompletionPortClose, ClosingAListenerCancelsItsAcceptsAndResetsWhoWaits) {
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

TEST_P(CompletionPortClose, ADetachedSocketThatNobodyAttachesResetsItsPeer) {
  const Handle listener = io.Listen();
  IoEvent connect;
  const Handle client = io.Connect(io.server().LocalAddress(listener), connect);
  auto accept = std::make_unique<AcceptEvent>();
  io.server().Accept(listener, *accept);
  ASSERT_TRUE(io.RunUntil([&] { return io.Seen(*accept) == 1 && io.Seen(connect) == 1; }));
  EXPECT_TRUE(accept->accepted);
  const IoResult result = io.AwaitEnding(io.client(), client, [&] { accept.reset(); });
  EXPECT_EQ(result.error, std::errc::connection_reset);
}

TEST_P(CompletionPortClose, AStaleHandleAsserts) {
  const auto [client, server] = io.MakePair();
  io.Close(io.client(), client, CloseKind::kReset);
  IoEvent event;
  EXPECT_DEATH(io.client().AwaitReadable(client, event), "internal error");
}

TEST_P(CompletionPortClose, AnEventThatIsInFlightTwiceAsserts) {
  const auto [client, server] = io.MakePair();
  IoEvent event;
  io.client().AwaitReadable(client, event);
  EXPECT_DEATH(io.server().AwaitReadable(server, event), "internal error");
  io.Close(io.client(), client, CloseKind::kReset);
}

}  // namespace
}  // namespace servercore::testing
