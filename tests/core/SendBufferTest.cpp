#include "ServerCore/net/SendBuffer.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <string_view>
#include <thread>

namespace servercore {
namespace {

std::string Text(const SendBuffer& buffer) {
  return {reinterpret_cast<const char*>(buffer.data()), buffer.size()};
}
SendBuffer Copy(SendBufferPool& pool, std::string_view text) {
  return pool.Copy(std::as_bytes(std::span(text)));
}

TEST(SendBufferTest, ManyBuffersShareAChunkUntilTheLastLetsGo) {
  SendBufferManager manager;
  {
    SendBufferPool pool(manager);
    SendBuffer hello = Copy(pool, "hello");
    const SendBuffer world = Copy(pool, "world");
    EXPECT_EQ(Text(hello) + Text(world), "helloworld");
    EXPECT_TRUE(hello.IsFollowedBy(world));
    EXPECT_EQ(manager.chunks_in_use(), 1U);
    pool.Drop();
    EXPECT_EQ(manager.chunks_in_use(), 1U);
    hello = SendBuffer();
    EXPECT_EQ(Text(world), "world");
    EXPECT_EQ(manager.chunks_in_use(), 1U);
  }
  EXPECT_EQ(manager.chunks_in_use(), 0U);
  EXPECT_EQ(manager.counters().chunks_free, 1U);
}

TEST(SendBufferTest, AFullChunkIsFollowedByAnother) {
  SendBufferManager manager;
  SendBufferPool pool(manager);
  std::vector<SendBuffer> kept;
  for (int i = 0; i < 200; ++i) kept.push_back(Copy(pool, std::string(1000, 'k')));
  EXPECT_EQ(manager.chunks_in_use(), 4U);  // 65 in each
  kept.clear();
  pool.Drop();
  EXPECT_EQ(manager.chunks_in_use(), 0U);
}

TEST(SendBufferTest, WhatWasSentIsWrittenOverWithoutTakingAnotherChunk) {
  SendBufferManager manager;
  SendBufferPool pool(manager);
  const std::byte* first = Copy(pool, "x").data();
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(Copy(pool, std::string(1000, 'x')).data(), first);
  EXPECT_EQ(manager.chunks_in_use(), 1U);
  const SendBuffer kept = Copy(pool, "kept");
  const SendBuffer next = Copy(pool, "next");
  EXPECT_EQ(Text(kept) + Text(next), "keptnext");
}

TEST(SendBufferTest, ABufferLargerThanAChunkHasItsOwn) {
  SendBufferManager manager;
  SendBufferPool pool(manager);
  SendBuffer small = Copy(pool, "small");
  const std::string text(3 * SendBufferChunk::kBytes + 1, 'L');
  SendBuffer large = Copy(pool, text);
  EXPECT_EQ(Text(large), text);
  EXPECT_EQ(Text(small), "small");
  EXPECT_EQ(manager.chunks_in_use(), 2U);
  pool.Drop();
  large = SendBuffer();
  small = SendBuffer();
  EXPECT_EQ(manager.chunks_in_use(), 0U);
  EXPECT_EQ(manager.counters().chunks_free, 1U) << "large ones go back to the system";
}

TEST(SendBufferTest, OpenMayBeClosedWithLess) {
  SendBufferManager manager;
  SendBufferPool pool(manager);
  const std::span<std::byte> room = pool.Open(1000);
  std::memcpy(room.data(), "abc", 3);
  const SendBuffer abc = pool.Close(3);
  EXPECT_EQ(Text(abc), "abc");
  pool.Open(10);
  EXPECT_FALSE(pool.Close(0));
  EXPECT_TRUE(pool.Close(0).bytes().empty());
  EXPECT_FALSE(pool.Copy({}));
  EXPECT_TRUE(abc.IsFollowedBy(Copy(pool, "d")));
}

TEST(SendBufferTest, PrefixesAndCopiesLeaveTheOriginalAlone) {
  SendBufferManager manager;
  SendBufferPool pool(manager);
  const SendBuffer whole = Copy(pool, "0123456789");
  SendBuffer rest = whole;
  rest.RemovePrefix(4);
  EXPECT_EQ(Text(rest), "456789");
  EXPECT_EQ(Text(whole), "0123456789");
  const SendBuffer moved = std::move(rest);
  EXPECT_EQ(Text(moved), "456789");
}

TEST(SendBufferTest, ReferencesAddedAtOnceAreTakenOverOneByOne) {
  SendBufferManager manager;
  {
    SendBufferPool pool(manager);
    const SendBuffer buffer = Copy(pool, "shared");
    buffer.AddReferences(3);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(Text(buffer.Share()), "shared");
  }
  EXPECT_EQ(manager.chunks_in_use(), 0U);
}

TEST(SendBufferTest, BytesMayFollowWhereNobodyElseHoldsTheChunk) {
  SendBufferManager manager;
  SendBufferPool pool(manager);
  SendBuffer apart = pool.CopyApart(std::as_bytes(std::span("abc", 3)), 6);
  EXPECT_TRUE(apart.Append(std::as_bytes(std::span("def", 3))));
  EXPECT_EQ(Text(apart), "abcdef");
  EXPECT_FALSE(apart.Append(std::as_bytes(std::span("g", 1)))) << "there is no room";
  apart.RemovePrefix(4);
  EXPECT_EQ(Text(apart), "ef");

  SendBuffer cut = Copy(pool, "cut from the pool's");
  EXPECT_FALSE(cut.Append(std::as_bytes(std::span("x", 1)))) << "the pool holds it too";
  pool.Drop();
  {
    const SendBuffer shared = cut;
    EXPECT_FALSE(cut.Append(std::as_bytes(std::span("x", 1))));
  }
  EXPECT_TRUE(cut.Append(std::as_bytes(std::span(", now mine", 10))));
  EXPECT_EQ(Text(cut), "cut from the pool's, now mine");
  EXPECT_FALSE(SendBuffer().Append(std::as_bytes(std::span("x", 1))));
}

TEST(SendBufferTest, CountersSayWhatIsHeld) {
  constexpr std::size_t kLarge = 3 * SendBufferChunk::kBytes;
  SendBufferManager manager;
  SendBufferPool pool(manager);
  {
    const SendBuffer small = Copy(pool, "small");
    const SendBuffer large = Copy(pool, std::string(kLarge, 'L'));
    const SendBuffer apart = pool.CopyApart(small.bytes(), 1000);
    pool.Drop();
    const SendBufferCounters full = manager.counters();
    EXPECT_EQ(full.chunks_in_use, 3U);
    EXPECT_EQ(full.chunks_free, 0U);
    EXPECT_EQ(full.bytes_held, SendBufferChunk::kBytes + kLarge + 1000);
    EXPECT_EQ(full.large_chunks, 1U);
  }
  const SendBufferCounters empty = manager.counters();
  EXPECT_EQ(empty.chunks_in_use, 0U);
  EXPECT_EQ(empty.chunks_free, 1U);
  EXPECT_EQ(empty.bytes_held, SendBufferChunk::kBytes);
  EXPECT_EQ(empty.bytes_held_max, SendBufferChunk::kBytes + kLarge + 1000);
  EXPECT_EQ(empty.large_chunks, 1U);
}

TEST(SendBufferTest, BuffersMayDieOnAnyThread) {
  SendBufferManager manager;
  SendBufferPool pool(manager);
  for (int round = 0; round < 50; ++round) {
    std::vector<SendBuffer> buffers;
    for (int i = 0; i < 100; ++i) buffers.push_back(Copy(pool, std::string(3000, 'b')));
    std::vector<std::thread> threads;
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([mine = buffers] { EXPECT_EQ(mine.back().size(), 3000U); });
    }
    buffers.clear();
    Copy(pool, "meanwhile");
    for (std::thread& thread : threads) thread.join();
  }
  pool.Drop();
  EXPECT_EQ(manager.chunks_in_use(), 0U);
}

}  // namespace
}  // namespace servercore
