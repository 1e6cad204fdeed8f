#include "StressBot/cli/ProbeWire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "StressBot/json/JsonDocument.h"
#include "StressBot/protocol/ProtocolFile.h"

namespace stressbot {
namespace {

using testing::ElementsAreArray;

/// Both sides count their packets, scramble them and guard them, the id too.
std::shared_ptr<const Protocol> GuardedProtocol() {
  Diagnostics errors;
  const auto document = JsonDocument::Parse(R"({
    "header": {"fields": [
      {"name": "size", "type": "u16", "role": "length", "counts": "packet"},
      {"name": "id", "type": "u16", "role": "id"},
      {"name": "number", "type": "u8", "role": "sequence", "start": 1, "received": "verified"}]},
    "trailer": {"fields": [
      {"name": "crc", "type": "u16", "role": "checksum", "algorithm": "crc-16/arc",
       "over": ["header", "payload"]}]},
    "transforms": [{"xor": "a5", "over": ["id", "payload"]}],
    "payload": {"codec": "raw"},
    "ids": [{"assign": "table", "table": {"TALK": 7}}]
  })",
                                            "guarded.protocol.json", errors);
  auto protocol = document ? CompileProtocol(*document, errors) : nullptr;
  EXPECT_NE(protocol, nullptr) << errors.ToString();
  return protocol;
}

/// Of id 7, with two bytes of payload; number and checksum are not there yet.
std::vector<std::byte> Talk() {
  std::vector<std::byte> packet(9);
  packet[0] = std::byte{9};
  packet[2] = std::byte{7};
  packet[5] = std::byte{'h'};
  packet[6] = std::byte{'i'};
  return packet;
}

class ProbeWireTest : public testing::Test {
 protected:
  ProbeWireTest() {
    EXPECT_EQ(near_.Open().fault, nullptr);
    EXPECT_EQ(far_.Open().fault, nullptr);
  }
  std::vector<std::byte> Wrapped() {
    const ProbeWire::Bytes wire = near_.Wrap(Talk());
    EXPECT_EQ(wire.fault, nullptr);
    return {wire.bytes.begin(), wire.bytes.end()};
  }

  const std::shared_ptr<const Protocol> protocol_ = GuardedProtocol();
  ProbeWire near_{*protocol_}, far_{*protocol_};  // the probe, and a server that speaks alike
};

TEST_F(ProbeWireTest, WhatIsWrappedIsUnderstoodAtTheOtherSide) {
  for (int number = 1; number <= 3; ++number) {
    const std::vector<std::byte> wire = Wrapped();
    EXPECT_NE(wire[5], std::byte{'h'});
    const ProbeWire::Measured measured = far_.Measure(wire);
    EXPECT_FALSE(measured.is_impossible);
    ASSERT_EQ(measured.wire_bytes, wire.size());
    const ProbeWire::Taken taken = far_.Take(wire);
    ASSERT_EQ(taken.fault, nullptr);
    EXPECT_EQ(taken.id, 7U);
    EXPECT_EQ(taken.packet[4], static_cast<std::byte>(number));
    EXPECT_THAT(taken.packet.subspan(5, 2), ElementsAreArray({std::byte{'h'}, std::byte{'i'}}));
  }
}

TEST_F(ProbeWireTest, SaysWhatIsWrongWithAPacket) {
  std::vector<std::byte> wire = Wrapped();
  wire[5] ^= std::byte{1};
  EXPECT_STREQ(far_.Take(wire).fault, "a wrong checksum");
  EXPECT_STREQ(far_.Take(Wrapped()).fault, "a sequence number out of order");
}

TEST_F(ProbeWireTest, MeasuresWhatIsIncompleteOrImpossible) {
  const std::vector<std::byte> wire = Wrapped();
  EXPECT_EQ(far_.Measure(std::span(wire).first(2)).wire_bytes, 5U);
  const std::vector<std::byte> smaller_than_a_header(9);
  EXPECT_TRUE(far_.Measure(smaller_than_a_header).is_impossible);
}

}  // namespace
}  // namespace stressbot
