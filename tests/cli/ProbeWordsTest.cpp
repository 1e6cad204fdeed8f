#include "StressBot/cli/ProbeWords.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "StressBot/json/JsonDocument.h"
#include "StressBot/protocol/ProtocolFile.h"

namespace stressbot {
namespace {

using servercore::PacketFraming;
using testing::HasSubstr;
using testing::Not;

std::shared_ptr<const Protocol> SmallProtocol() {
  Diagnostics errors;
  const auto document = JsonDocument::Parse(R"({
    "header": {"fields": [{"name": "size", "type": "u16", "role": "length", "counts": "packet"},
                          {"name": "id", "type": "u16", "role": "id"}]},
    "maxPacketBytes": 1000,
    "payload": {"codec": "packed", "packets": {
      "C_MOVE": [{"name": "x", "type": "i16"}, {"name": "steps", "type": "u8", "list": "u8"}],
      "S_MOVE": [{"name": "x", "type": "i16"}]}},
    "ids": [{"assign": "table", "table": {"C_MOVE": 1000, "S_MOVE": 258}}],
    "directions": {"C_": "send", "S_": "receive"}
  })",
                                            "small.protocol.json", errors);
  auto protocol = document ? CompileProtocol(*document, errors) : nullptr;
  EXPECT_NE(protocol, nullptr) << errors.ToString();
  return protocol;
}

std::vector<std::byte> Bytes(std::initializer_list<int> values) {
  std::vector<std::byte> bytes;
  for (const int value : values) bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}

std::string MistakeIn(std::string_view line) {
  std::string mistake;
  EXPECT_FALSE(ReadProbePacket(*SmallProtocol(), line, mistake)) << line;
  return mistake;
}

TEST(ProbeWordsTest, ReadsPacketsWithAndWithoutFields) {
  const auto protocol = SmallProtocol();
  std::string mistake;
  const auto packet = ReadProbePacket(*protocol, R"(C_MOVE {"x": -2, "steps": [1, 2]})", mistake);
  ASSERT_TRUE(packet) << mistake;
  EXPECT_EQ(packet->bytes, Bytes({9, 0, 0xE8, 3, 0xFE, 0xFF, 2, 1, 2}));
  const auto plain = ReadProbePacket(*protocol, "C_MOVE", mistake);
  ASSERT_TRUE(plain) << mistake;
  EXPECT_EQ(plain->bytes, Bytes({7, 0, 0xE8, 3, 0, 0, 0}));
}

TEST(ProbeWordsTest, SaysWhatIsWrongWithALine) {
  EXPECT_THAT(MistakeIn("C_MOOVE"), HasSubstr("did you mean \"C_MOVE\"?"));
  EXPECT_THAT(MistakeIn("S_MOVE {\"x\": 1}"), HasSubstr("is sent by the server"));
  EXPECT_THAT(MistakeIn("C_MOVE {\"y\": 1}"), HasSubstr("\"x\""));
  EXPECT_THAT(MistakeIn("C_MOVE {\"x\": \"fast\"}"), HasSubstr("x: "));
  EXPECT_THAT(MistakeIn("C_MOVE {\"x\": null}"), HasSubstr("needs a text, a number"));
  EXPECT_THAT(MistakeIn("C_MOVE {\"x\": "), HasSubstr("not valid JSON"));
  EXPECT_THAT(MistakeIn("C_MOVE [1]"), HasSubstr("fields are an object"));
}

TEST(ProbeWordsTest, ExplainsLengths) {
  const PacketFraming framing = SmallProtocol()->framing();
  // A big-endian server's packet of 16 bytes: too large when read the wrong way round.
  EXPECT_THAT(
      ExplainLength(framing, std::vector<std::byte>(
                                 Bytes({0, 16, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}))),
      AllOf(HasSubstr("(00 10, little endian) says 4,096"), HasSubstr("more than the 1,000"),
            HasSubstr("Read as big endian it says 16: is \"byteOrder\" right?")));
  EXPECT_THAT(ExplainLength(framing, Bytes({2, 0, 1, 2, 7, 7})),
              AllOf(HasSubstr("says 2, less than the header's own 4 bytes"),
                    HasSubstr("\"counts\": \"payload\"")));
  EXPECT_THAT(ExplainLength(framing, Bytes({200, 0, 1, 2, 7, 7})),
              AllOf(HasSubstr("says 200, and 6 bytes are here"), HasSubstr("\"header\" has it"),
                    Not(HasSubstr("byteOrder"))));
}

TEST(ProbeWordsTest, ExplainsUnknownIds) {
  const auto protocol = SmallProtocol();
  EXPECT_THAT(ExplainUnknownId(*protocol, Bytes({4, 0, 3, 0xE8}), 0xE803),
              HasSubstr("read as big endian it is 1000, C_MOVE"));
  EXPECT_THAT(ExplainUnknownId(*protocol, Bytes({4, 0, 7, 0}), 7),
              HasSubstr("lie between 258 and 1000"));
}

TEST(ProbeWordsTest, ListsPackets) {
  EXPECT_EQ(ListPackets(*SmallProtocol()),
            "  C_MOVE    1000  you send it          x i16, steps [u8] (u8)\n"
            "  S_MOVE     258  the server sends it  x i16\n");
}

}  // namespace
}  // namespace stressbot
