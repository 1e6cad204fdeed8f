#include <gtest/gtest.h>

#include <cstring>
#include <numeric>
#include <string>
#include <vector>

#include "ServerCore/packet/BufferReader.h"
#include "ServerCore/packet/BufferWriter.h"

namespace servercore {
namespace {

enum class Element : std::uint8_t { kNone, kFire, kIce };

/// The packet of the documents, and one of everything else.
struct PKT_S_TEST {
  static constexpr std::uint16_t kPacketId = 1;
  struct Buff {
    Packed<std::uint64_t> id;
    Packed<float> remaining_s;
    PackedList<std::uint64_t> victims;
    PackedString16 name;
  };
  struct Position {
    Packed<float> x;
    Packed<float> y;
  };
  Packed<std::uint64_t> id;
  Packed<std::int32_t> hp;
  Packed<std::int16_t> attack;
  Packed<bool> is_alive;
  Packed<Element> element;
  Position position;
  PackedString name;
  PackedList<Buff> buffs;
  PackedList<PackedString> titles;
};
static_assert(sizeof(PKT_S_TEST) == 8 + 4 + 2 + 1 + 1 + 8 + 4 + 4 + 4);

struct PKT_SMALL {
  static constexpr std::uint16_t kPacketId = 0x1234;
  Packed<std::uint32_t> id;
  PackedString16 name;
};

/// Only such a struct can nest as deep as a peer likes.
struct PKT_TREE {
  struct Node {
    PackedList<Node> children;
  };
  PackedList<Node> roots;
};

const std::string kKorean = "\xEA\xB0\x80\xEB\x82\x98";  // two characters, 3 bytes each
const std::string kMixed = "a" + kKorean + "\xF0\x9F\x90\xB2";

SendBuffer WriteTest(SendBufferPool& pool, std::size_t bytes_max = 1'000) {
  BufferWriter<PKT_S_TEST> test(pool, bytes_max);
  test->id = 0x1122334455667788;
  test->hp = -100;
  test->attack = 7;
  test->is_alive = true;
  test->element = Element::kIce;
  test->position.x = 1.5F;
  test->position.y = -2.0F;
  test.Write(test->name, kMixed);
  std::uint64_t id = 0;
  for (auto& buff : test.Reserve(test->buffs, 3)) {
    buff.id = ++id;
    buff.remaining_s = 0.5F;
    std::vector<std::uint64_t> victims(id - 1);  // the first has none
    std::iota(victims.begin(), victims.end(), 100 * id);
    test.WriteEach(buff.victims, victims, [](auto& to, std::uint64_t victim) { to = victim; });
    test.Write(buff.name, kMixed);
  }
  const std::vector<std::string> titles{"", "brave", "bold"};
  test.WriteEach(test->titles, titles,
                 [&](PackedString& to, const std::string& title) { test.Write(to, title); });
  return test.Close().value();
}

std::vector<std::byte> ToBytes(const SendBuffer& buffer) {
  return {buffer.bytes().begin(), buffer.bytes().end()};
}

class PackedPacketTest : public ::testing::Test {
 protected:
  SendBufferManager manager_;
  SendBufferPool pool_{manager_};
};

TEST_F(PackedPacketTest, WhatIsWrittenIsRead) {
  const SendBuffer packet = WriteTest(pool_);
  const BufferReader<PKT_S_TEST> test(packet.bytes());
  ASSERT_TRUE(test);
  EXPECT_EQ(test->id, 0x1122334455667788U);
  EXPECT_EQ(test->hp, -100);
  EXPECT_EQ(test->attack, 7);
  EXPECT_TRUE(test->is_alive);
  EXPECT_EQ(test->element.get(), Element::kIce);
  EXPECT_EQ(test->position.y, -2.0F);
  EXPECT_EQ(test.Text(test->name), kMixed);
  ASSERT_EQ(test.List(test->buffs).size(), 3U);
  std::uint64_t id = 0;
  for (const auto& buff : test.List(test->buffs)) {
    EXPECT_EQ(buff.id, ++id);
    EXPECT_EQ(test.Text(buff.name), kMixed);
    const auto victims = test.List(buff.victims);
    ASSERT_EQ(victims.size(), id - 1);
    EXPECT_EQ(std::accumulate(victims.begin(), victims.end(), std::uint64_t{0}), id == 1 ? 0U
                                                                                 : id == 2
                                                                                     ? 200U
                                                                                     : 300U + 301U);
  }
  ASSERT_EQ(test.List(test->titles).size(), 3U);
  EXPECT_EQ(test.Text(test.List(test->titles)[0]), "");
  EXPECT_EQ(test.Text(test.List(test->titles)[2]), "bold");
}

TEST_F(PackedPacketTest, IsLittleEndianWithOffsetsFromTheHeader) {
  BufferWriter<PKT_SMALL> writer(pool_, 100);
  writer->id = 0x01020304;
  writer.Write(writer->name, "a" + kKorean.substr(0, 3));  // U+AC00
  const std::vector<unsigned char> expected{16, 0, 0x34, 0x12, 4,   3, 2, 1,
                                            12, 0, 2,    0,    'a', 0, 0, 0xAC};
  const SendBuffer packet = writer.Close().value();
  ASSERT_EQ(packet.size(), expected.size());
  EXPECT_EQ(std::memcmp(packet.data(), expected.data(), expected.size()), 0);
}

TEST_F(PackedPacketTest, NothingOfEarlierPacketsShowsThrough) {
  for (std::byte& byte : pool_.Open(200)) byte = std::byte{0xEE};
  BufferWriter<PKT_S_TEST> writer(pool_, 200);
  static_cast<void>(writer.Reserve(writer->buffs, 2));
  const SendBuffer packet = writer.Close().value();
  EXPECT_EQ(std::count(packet.bytes().begin(), packet.bytes().end(), std::byte{0xEE}), 0);
}

TEST_F(PackedPacketTest, WhatDoesNotFitIsToldAtTheEnd) {
  const std::size_t needed = WriteTest(pool_).size();
  for (std::size_t room = sizeof(PacketHeader) + sizeof(PKT_S_TEST); room < needed; ++room) {
    BufferWriter<PKT_S_TEST> test(pool_, room);
    for (auto& buff : test.Reserve(test->buffs, 3)) test.Write(buff.name, kMixed);
    test.Write(test->name, std::string(needed, 'x'));
    EXPECT_FALSE(test.Close()) << room;
  }
  EXPECT_EQ(WriteTest(pool_, needed).size(), needed);
}

TEST_F(PackedPacketTest, NoPacketIsLargerThanOffsetsCanSay) {
  BufferWriter<PKT_S_TEST> writer(pool_, 1'000'000);
  writer.Write(writer->name, std::string(60'000, 'x'));
  EXPECT_TRUE(writer.Reserve(writer->buffs, 0x1'0000'0000).empty());
  EXPECT_FALSE(writer.Close());
  BufferWriter<PKT_S_TEST> full(pool_, 1'000'000);
  full.Write(full->name, std::string(0xFFFF - sizeof(PacketHeader) - sizeof(PKT_S_TEST), 'x'));
  EXPECT_EQ(full.Close().value().size(), 0xFFFFU);
}

// ---- packets of a hostile peer

template <typename T>
std::vector<std::byte> PacketOf(const T& fixed, std::size_t more = 0) {
  std::vector<std::byte> packet(sizeof(PacketHeader) + sizeof(T) + more);
  std::memcpy(packet.data() + sizeof(PacketHeader), &fixed, sizeof fixed);
  return packet;
}

struct PKT_LISTS {
  PackedList<std::uint32_t> numbers;
  PackedString name;
  PackedString16 name16;
};
constexpr std::uint16_t kListsEnd = sizeof(PacketHeader) + sizeof(PKT_LISTS);

void Place(PackedPlace& place, unsigned offset, unsigned count) {
  place.offset = static_cast<std::uint16_t>(offset);
  place.count = static_cast<std::uint16_t>(count);
}

TEST(HostilePackedTest, AListLiesBehindTheFixedPartAndWithinThePacket) {
  const auto check = [](unsigned offset, unsigned count, std::size_t more) {
    PKT_LISTS lists{};
    Place(lists.numbers, offset, count);
    return Validate<PKT_LISTS>(PacketOf(lists, more));
  };
  EXPECT_EQ(check(kListsEnd, 2, 8), PackedError::kNone);
  EXPECT_EQ(check(kListsEnd, 3, 8), PackedError::kListOutside);
  EXPECT_EQ(check(kListsEnd + 1, 2, 8), PackedError::kListOutside);
  EXPECT_EQ(check(kListsEnd - 1, 2, 8), PackedError::kListOutside);  // in the fixed part
  EXPECT_EQ(check(0, 1, 8), PackedError::kListOutside);              // in the header
  EXPECT_EQ(check(0xFFFF, 0xFFFF, 8), PackedError::kListOutside);
  EXPECT_EQ(check(kListsEnd, 0x4001, 8), PackedError::kListOutside);  // 4 bytes in 16 bits
  EXPECT_EQ(check(0xFFFF, 0, 0), PackedError::kNone);                 // empty: points nowhere
}

TEST(HostilePackedTest, APacketIsAsLongAsItsFixedPart) {
  std::vector<std::byte> packet = PacketOf(PKT_LISTS{});
  EXPECT_EQ(Validate<PKT_LISTS>(packet), PackedError::kNone);
  packet.pop_back();
  EXPECT_EQ(Validate<PKT_LISTS>(packet), PackedError::kTooShort);
  EXPECT_EQ(Validate<PKT_LISTS>({}), PackedError::kTooShort);
}

TEST(HostilePackedTest, ListsThatLieInEachOtherAreRefused) {
  PKT_LISTS lists{};
  Place(lists.numbers, kListsEnd, 2);
  Place(lists.name, kListsEnd, 8);
  EXPECT_EQ(Validate<PKT_LISTS>(PacketOf(lists, 8)), PackedError::kListOverlap);
  EXPECT_EQ(Validate<PKT_LISTS>(PacketOf(lists, 16)), PackedError::kNone);  // memory is safe
}

TEST(HostilePackedTest, ManyElementsCannotNameTheSameLongList) {
  struct PKT_SQUARE {
    struct Row {
      PackedList<PKT_LISTS> cells;
    };
    PackedList<Row> rows;
  };
  PKT_SQUARE square{};
  constexpr unsigned kEnd = sizeof(PacketHeader) + sizeof(PKT_SQUARE);
  Place(square.rows, kEnd, 4'000);
  std::vector<std::byte> packet = PacketOf(square, 60'000);
  for (unsigned i = 0; i < 4'000; ++i) {
    PKT_SQUARE::Row row{};
    Place(row.cells, kEnd + 16'000, 3'000);
    std::memcpy(packet.data() + kEnd + i * sizeof row, &row, sizeof row);
  }
  EXPECT_EQ(Validate<PKT_SQUARE>(packet), PackedError::kListOverlap);
}

TEST(HostilePackedTest, NestingHasAnEnd) {
  const auto nest = [](std::size_t depth) {
    std::vector<std::byte> packet(sizeof(PacketHeader) + (depth + 1) * sizeof(PKT_TREE::Node));
    for (std::size_t i = 0; i < depth; ++i) {
      PKT_TREE::Node node{};
      const std::size_t at = sizeof(PacketHeader) + i * sizeof node;
      Place(node.children, static_cast<unsigned>(at + sizeof node), 1);
      std::memcpy(packet.data() + at, &node, sizeof node);
    }
    return Validate<PKT_TREE>(packet);
  };
  EXPECT_EQ(nest(kPackedNestingMax), PackedError::kNone);
  EXPECT_EQ(nest(kPackedNestingMax + 1), PackedError::kNesting);
  EXPECT_EQ(nest(16'000), PackedError::kNesting);
}

TEST(HostilePackedTest, TextsAreInTheirEncoding) {
  const auto check = [](std::string_view text) {
    PKT_LISTS lists{};
    Place(lists.name, kListsEnd, static_cast<unsigned>(text.size()));
    std::vector<std::byte> packet = PacketOf(lists, text.size());
    std::memcpy(packet.data() + kListsEnd, text.data(), text.size());
    return Validate<PKT_LISTS>(packet);
  };
  EXPECT_EQ(check(kMixed), PackedError::kNone);
  EXPECT_EQ(check(kKorean.substr(0, 2)), PackedError::kBadUtf8);
  EXPECT_EQ(check("\xED\xA0\x80"), PackedError::kBadUtf8);  // a surrogate
}

TEST(HostilePackedTest, SurrogatesComeInPairs) {
  const auto check = [](std::vector<std::uint16_t> units) {
    PKT_LISTS lists{};
    Place(lists.name16, kListsEnd, static_cast<unsigned>(units.size()));
    std::vector<std::byte> packet = PacketOf(lists, units.size() * 2);
    std::memcpy(packet.data() + kListsEnd, units.data(), units.size() * 2);
    return Validate<PKT_LISTS>(packet);
  };
  EXPECT_EQ(check({0xD83D, 0xDC32}), PackedError::kNone);
  EXPECT_EQ(check({'a', 0xFFFF, 0xE000}), PackedError::kNone);
  EXPECT_EQ(check({0xD83D}), PackedError::kBadUtf16);
  EXPECT_EQ(check({0xD83D, 'a'}), PackedError::kBadUtf16);
  EXPECT_EQ(check({0xDC32, 0xD83D}), PackedError::kBadUtf16);
}

/// Reads all of a packet, if it is sound: under the address sanitizer a bad bound shows.
std::size_t ReadAll(std::span<const std::byte> packet) {
  const BufferReader<PKT_S_TEST> test(packet);
  if (!test) return 0;
  std::size_t sum = test->is_alive ? 1U : 0U;
  sum += IsUtf8(test.Text(test->name)) ? 1U : 1000U;
  for (const auto& buff : test.List(test->buffs)) {
    for (const auto& victim : test.List(buff.victims)) sum += victim & 1U;
    const std::string name = test.Text(buff.name);
    EXPECT_TRUE(IsUtf8(name));
    sum += name.size();
  }
  for (const PackedString& title : test.List(test->titles)) sum += test.Text(title).size();
  return sum;
}

TEST_F(PackedPacketTest, AnyByteMayBeAnything) {
  const std::vector<std::byte> sound = ToBytes(WriteTest(pool_));
  std::size_t refused = 0;
  for (std::size_t at = 0; at < sound.size(); ++at) {
    for (unsigned value = 0; value < 256; ++value) {
      std::vector<std::byte> packet = sound;
      packet[at] = static_cast<std::byte>(value);
      refused += ReadAll(packet) == 0 ? 1U : 0U;
    }
  }
  EXPECT_GT(refused, 1'000U);
}

TEST_F(PackedPacketTest, MayEndAnywhere) {
  const std::vector<std::byte> sound = ToBytes(WriteTest(pool_));
  for (std::size_t size = 0; size < sound.size(); ++size) {
    EXPECT_EQ(ReadAll(std::vector(sound.begin(), sound.begin() + static_cast<long>(size))), 0U);
  }
}

}  // namespace
}  // namespace servercore
