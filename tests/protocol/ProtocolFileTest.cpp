#include "StressBot/protocol/ProtocolFile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/TemporaryDirectory.h"
#include "tests/protocol/ReferenceMessages.h"
#include "tests/schema/SchemaAgreement.h"

namespace stressbot {
namespace {

using testing::HasSubstr;

constexpr std::string_view kProto = R"(syntax = "proto3";
package Game;
message Player { uint64 id = 1; }
message C_LOGIN { string name = 1; }
message S_LOGIN { bool success = 1; repeated Player players = 2; }
message Helper {}
message C_CHAT { string msg = 1; }
)";

constexpr std::string_view kGood = R"({
  "header": {"byteOrder": "little", "fields": [
    {"name": "size", "type": "u16", "role": "length", "counts": "packet"},
    {"name": "id", "type": "u16", "role": "id"}]},
  "maxPacketBytes": 65535,
  "payload": {"codec": "protobuf", "importPaths": ["."], "files": ["Game.proto"]},
  "ids": [{"file": "Game.proto", "assign": "sequential", "start": 1000, "prefixes": ["C_", "S_"]}],
  "directions": {"C_": "send", "S_": "receive"},
  "unknownPackets": "count"
})";

class ProtocolFileTest : public testing::Test {
 protected:
  void SetUp() override { Write("Game.proto", kProto); }

  void Write(const std::string& name, std::string_view text) {
    std::ofstream(directory_ / name, std::ios::binary) << text;
  }

  /// The good file with one piece replaced.
  static std::string With(std::string_view from, std::string_view to) {
    std::string text(kGood);
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  }

  std::shared_ptr<const Protocol> Load(std::string_view text) {
    Write("game.protocol.json", text);
    Diagnostics errors;
    auto protocol = LoadProtocol(directory_ / "game.protocol.json", errors);
    EXPECT_NE(protocol, nullptr) << errors.ToString();
    ExpectSchemaAgrees(SchemaFile::kProtocol, text, protocol != nullptr, errors);
    return protocol;
  }

  /// The only mistake of a file that must be refused.
  Diagnostic ErrorOf(std::string_view text) {
    Write("game.protocol.json", text);
    Diagnostics errors;
    EXPECT_EQ(LoadProtocol(directory_ / "game.protocol.json", errors), nullptr) << text;
    EXPECT_EQ(errors.list().size(), 1U) << errors.ToString();
    ExpectSchemaAgrees(SchemaFile::kProtocol, text, false, errors);
    return errors.empty() ? Diagnostic{} : errors.list().front();
  }
  void ExpectError(std::string_view from, std::string_view to, int line, const std::string& path,
                   const std::string& message) {
    const Diagnostic error = ErrorOf(With(from, to));
    EXPECT_EQ(error.line, line) << error.ToString();
    EXPECT_EQ(error.path, path) << error.ToString();
    EXPECT_THAT(error.message, HasSubstr(message));
  }

  const TemporaryDirectory owned_directory_;
  const std::filesystem::path& directory_ = owned_directory_.path();
};

TEST_F(ProtocolFileTest, LoadsTheShippedProtocol) {
  Diagnostics errors;
  const auto protocol =
      LoadProtocol(SourceDirectory() / "scenarios" / "chat.protocol.json", errors);
  ASSERT_NE(protocol, nullptr) << errors.ToString();
  const std::vector<std::pair<std::string, std::uint32_t>> expected{
      {"C_LOGIN", 1000}, {"S_LOGIN", 1001}, {"C_ENTER_GAME", 1002}, {"S_ENTER_GAME", 1003},
      {"C_CHAT", 1004},  {"S_CHAT", 1005},  {"S_ERROR", 2006}};
  for (const auto& [name, id] : expected) {
    const PacketIndex index = protocol->IndexOfName(name);
    ASSERT_NE(index, kUnknownPacket) << name;
    EXPECT_EQ(protocol->packet(index).id, id);
    EXPECT_EQ(protocol->IndexOfId(id), index);
    EXPECT_EQ(protocol->packet(index).direction,
              name[0] == 'C' ? PacketDirection::kSend : PacketDirection::kReceive);
  }
  EXPECT_TRUE(protocol->framing().IsPacketHeader());
  EXPECT_FALSE(protocol->unknown_packets_close());
}

TEST_F(ProtocolFileTest, NumbersOnlyMessagesWithAPrefix) {
  const auto protocol = Load(kGood);
  ASSERT_EQ(protocol->packets().size(), 3U);
  EXPECT_EQ(protocol->packet(0).name, "C_LOGIN");
  EXPECT_EQ(protocol->packet(2).name, "C_CHAT");
  EXPECT_EQ(protocol->packet(2).id, 1002U);
}

TEST_F(ProtocolFileTest, ReadsOtherHeaders) {
  const auto protocol = Load(R"({
    "header": {"byteOrder": "big", "fields": [
      {"name": "code", "type": "u8", "role": "constant", "value": 119},
      {"name": "id", "type": "u32", "role": "id"},
      {"name": "size", "type": "i16", "role": "length", "counts": "payload"},
      {"name": "magic", "type": "i32", "role": "constant", "value": -2},
      {"name": "spare", "type": "u16", "role": "opaque"}]},
    "payload": {"codec": "protobuf", "files": ["Game.proto"]},
    "ids": [{"assign": "table", "table": {"C_LOGIN": 4000000000, "S_LOGIN": 7}}],
    "unknownPackets": "close"
  })");
  const servercore::PacketFraming& framing = protocol->framing();
  EXPECT_EQ(framing.header_bytes, 13);
  EXPECT_EQ(framing.id.offset, 1);
  EXPECT_EQ(framing.id.bytes, 4);
  EXPECT_EQ(framing.length.offset, 5);
  EXPECT_EQ(framing.length.bytes, 2);
  EXPECT_TRUE(framing.big_endian);
  EXPECT_FALSE(framing.length_counts_header);
  EXPECT_EQ(framing.packet_bytes_max, 32'767U + 13U);  // what an i16 can express
  EXPECT_EQ(AsText(protocol->header()), std::string("w\0\0\0\0\0\0\xFF\xFF\xFF\xFE\0\0", 13));
  EXPECT_TRUE(protocol->unknown_packets_close());
  EXPECT_EQ(protocol->IndexOfId(4'000'000'000), protocol->IndexOfName("C_LOGIN"));
  EXPECT_EQ(protocol->packet(0).direction, PacketDirection::kBoth);
}

TEST_F(ProtocolFileTest, TheLongestPrefixGivesTheDirection) {
  const auto protocol = Load(With(R"({"C_": "send", "S_": "receive"})",
                                  R"({"C_CHAT": "both", "C_": "send", "S_": "receive"})"));
  EXPECT_EQ(protocol->packet(protocol->IndexOfName("C_LOGIN")).direction, PacketDirection::kSend);
  EXPECT_EQ(protocol->packet(protocol->IndexOfName("C_CHAT")).direction, PacketDirection::kBoth);
}

TEST_F(ProtocolFileTest, RefusesWhatItDoesNotKnow) {
  ExpectError("\"maxPacketBytes\"", "\"maxPacketByte\"", 5, "maxPacketByte",
              "unknown key \"maxPacketByte\"; did you mean \"maxPacketBytes\"?");
  ExpectError("\"counts\"", "\"count\": 1, \"counts\"", 3, "header.fields[0].count",
              "did you mean \"counts\"?");
  ExpectError("\"little\"", "\"litle\"", 2, "header.byteOrder", "did you mean \"little\"?");
  ExpectError("\"role\": \"length\"", "\"role\": \"lenght\"", 3, "header.fields[0].role",
              "did you mean \"length\"?");
  ExpectError("\"type\": \"u16\"", "\"type\": \"u24\"", 3, "header.fields[0].type",
              "known: u8, u16, u32, i16, i32");
  ExpectError("\"packet\"}", "\"pocket\"}", 3, "header.fields[0].counts", "\"packet\"");
  ExpectError("\"protobuf\"", "\"protobuff\"", 6, "payload.codec", "\"protobuf\"");
  ExpectError("\"sequential\"", "\"sequental\"", 7, "ids[0].assign", "\"sequential\"");
  ExpectError("\"send\"", "\"sned\"", 8, "directions.C_", "\"send\"");
  ExpectError("\"S_\": \"receive\"", "\"S-\": \"receive\"", 8, "directions[\"S-\"]",
              "no packet's name begins with \"S-\"");
  ExpectError("\"count\"\n", "\"ignore\"\n", 9, "unknownPackets", "known: count, close");
}

TEST_F(ProtocolFileTest, RefusesHeadersThatCannotWork) {
  ExpectError("\"role\": \"length\", \"counts\": \"packet\"", "\"role\": \"opaque\"", 2,
              "header.fields", "\"role\": \"length\"");
  ExpectError("\"role\": \"id\"", "\"role\": \"opaque\"", 2, "header.fields", "\"role\": \"id\"");
  ExpectError("\"role\": \"id\"}",
              "\"role\": \"id\"}, {\"name\": \"b\", \"type\": \"u8\", \"role\": \"id\"}", 4,
              "header.fields[2].role", "two header fields have the role id");
  ExpectError("\"name\": \"id\"", "\"name\": \"size\"", 4, "header.fields[1].name", "\"size\"");
  ExpectError(", \"counts\": \"packet\"", "", 3, "header.fields[0]", "\"counts\" is missing");
  ExpectError("\"role\": \"id\"}",
              "\"role\": \"id\"}, {\"name\": \"b\", \"type\": \"u8\", \"role\": \"constant\", "
              "\"value\": 256}",
              4, "header.fields[2].value", "from 0 to 255 (u8), not 256");
  ExpectError("65535", "65536", 5, "maxPacketBytes", "at most 65535 bytes, not 65536");
  ExpectError("65535", "3", 5, "maxPacketBytes", "smaller than the header");
  ExpectError("65535", "-1", 5, "maxPacketBytes", "whole number");
}

TEST_F(ProtocolFileTest, RefusesIdsThatCannotWork) {
  ExpectError("1000", "65534", 7, "ids[0]", "the id 65536 of C_CHAT does not fit");
  ExpectError("1000", "70000", 7, "ids[0].start", "from 0 to 65535");
  ExpectError("\"ids\": [", "\"ids\": [{\"assign\": \"table\", \"table\": {\"Helper\": 1001}},\n",
              8, "ids[1]", "the id 1001 is given to both Helper and S_LOGIN");
  ExpectError("\"ids\": [", "\"ids\": [{\"assign\": \"table\", \"table\": {\"C_CHAT\": 1}},\n", 8,
              "ids[1]", "C_CHAT is given two ids, 1 and 1002");
  ExpectError("\"sequential\", \"start\": 1000, \"prefixes\": [\"C_\", \"S_\"]",
              "\"table\", \"table\": {\"C_LOGN\": 1, \"C_CHAT\": 2, \"S_LOGIN\": 3}", 7,
              "ids[0].table.C_LOGN", "did you mean \"C_LOGIN\"?");
  ExpectError("{\"file\": \"Game.proto\"", "{\"file\": \"Gaem.proto\"", 7, "ids[0].file",
              "did you mean \"Game.proto\"?");
}

TEST_F(ProtocolFileTest, NamesThePlaceInTheProtoFile) {
  Write("Game.proto", "syntax = \"proto3\";\nmessage C_LOGIN {\n  strin name = 1;\n}\n");
  const Diagnostic type = ErrorOf(kGood);
  EXPECT_EQ(type.file, (directory_ / "Game.proto").generic_string());
  EXPECT_EQ(type.line, 3);
  EXPECT_THAT(type.message, HasSubstr("strin"));

  Write("Game.proto", "syntax = \"proto3\";\nmessage C_LOGIN {\n  string name 1;\n}\n");
  EXPECT_EQ(ErrorOf(kGood).line, 3);
}

TEST_F(ProtocolFileTest, TellsAFewMistakesOfAProtoFileAndNothingPastTheDiagnostics) {
  std::string proto = "message C_LOGIN {\n";  // protobuf has a warning of its own for no syntax
  for (int i = 1; i <= 9; ++i) proto += "optional X x" + std::to_string(i) + " = 1;\n";
  Write("Game.proto", proto + "}\n");
  Write("game.protocol.json", kGood);
  Diagnostics errors;
  testing::internal::CaptureStderr();
  EXPECT_EQ(LoadProtocol(directory_ / "game.protocol.json", errors), nullptr);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  ASSERT_EQ(errors.list().size(), 6U) << errors.ToString();
  EXPECT_THAT(errors.list().back().ToString(), testing::ContainsRegex("Game.proto: and .+ more$"));
}

TEST_F(ProtocolFileTest, NamesFilesThatAreNotThere) {
  ExpectError("\"files\": [\"Game.proto\"]", "\"files\": [\"Gane.proto\"]", 6, "payload.files[0]",
              "no file \"Gane.proto\" in the import paths (" + directory_.generic_string() +
                  "); did you mean \"Game.proto\"?");
  ExpectError("[\".\"]", "[\"nowhere\"]", 6, "payload.importPaths[0]", "no such directory");
  Write("Game.proto", "syntax = \"proto3\";\nimport \"Struct.proto\";\nmessage C_LOGIN {}\n");
  Write("game.protocol.json", kGood);
  Diagnostics errors;
  EXPECT_EQ(LoadProtocol(directory_ / "game.protocol.json", errors), nullptr);
  EXPECT_THAT(errors.ToString(), HasSubstr("Struct.proto: "));
  EXPECT_THAT(errors.ToString(), HasSubstr("Game.proto:2: "));

  Diagnostics missing;
  EXPECT_EQ(LoadProtocol(directory_ / "none.json", missing), nullptr);
  EXPECT_EQ(missing.list().size(), 1U);
}

TEST_F(ProtocolFileTest, FindsAllMistakesAtOnce) {
  Write("game.protocol.json", R"({"header": {"fields": 1}, "payload": {}, "typo": 1})");
  Diagnostics errors;
  EXPECT_EQ(LoadProtocol(directory_ / "game.protocol.json", errors), nullptr);
  EXPECT_GE(errors.list().size(), 3U) << errors.ToString();
  Write("game.protocol.json", "[]");
  Diagnostics list;
  EXPECT_EQ(LoadProtocol(directory_ / "game.protocol.json", list), nullptr);
  EXPECT_EQ(list.list().size(), 1U) << list.ToString();
}

}  // namespace
}  // namespace stressbot
