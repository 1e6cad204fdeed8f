#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "StressBot/protocol/ProtocolFile.h"
#include "tests/schema/SchemaAgreement.h"

namespace stressbot {
namespace {

/// Line numbers matter here: the payload begins in line 4.
constexpr std::string_view kPackedFile = R"({
  "header": {"fields": [{"name": "size", "type": "u16", "role": "length", "counts": "packet"},
                        {"name": "id", "type": "u16", "role": "id"}]},
  "payload": {"codec": "packed",
    "structs": {
      "Player": [{"name": "id", "type": "u64"}, {"name": "name", "type": "utf8", "length": "u8"}]},
    "packets": {
      "C_LOGIN": [{"name": "name", "type": "utf16", "length": "u16", "counts": "bytes"}],
      "S_LOGIN": [{"name": "ok", "type": "bool"}, {"name": "players", "type": "Player", "list": "offset"}],
      "S_BYE": []}},
  "ids": [{"assign": "sequential", "start": 1000, "prefixes": ["C_", "S_"]}],
  "directions": {"C_": "send", "S_": "receive"}
})";

class PackedFileTest : public testing::Test {
 protected:
  void SetUp() override {
    const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
    file_ = std::filesystem::path(testing::TempDir()) /
            ("stressbot_packed_" + std::string(test.name()) + ".json");
  }
  void TearDown() override { std::filesystem::remove(file_); }

  std::shared_ptr<const Protocol> Load(std::string_view text, Diagnostics& errors) {
    std::ofstream(file_, std::ios::binary) << text;
    auto protocol = LoadProtocol(file_, errors);
    ExpectSchemaAgrees(SchemaFile::kProtocol, text, protocol != nullptr, errors);
    return protocol;
  }
  /// Exactly one mistake, at that line and place, that says this.
  void ExpectOne(std::string_view from, std::string_view to, int line, const std::string& path,
                 const std::string& message) {
    std::string text(kPackedFile);
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    Diagnostics errors;
    EXPECT_EQ(Load(text.replace(at, from.size(), to), errors), nullptr) << to;
    ASSERT_EQ(errors.list().size(), 1U) << to << "\n" << errors.ToString();
    const Diagnostic& error = errors.list().front();
    EXPECT_EQ(error.line, line) << error.ToString();
    EXPECT_EQ(error.path, path) << error.ToString();
    EXPECT_THAT(error.message, testing::HasSubstr(message));
  }

  std::filesystem::path file_;
};

TEST_F(PackedFileTest, PacketsHaveIdsInTheirOrder) {
  Diagnostics errors;
  const auto protocol = Load(kPackedFile, errors);
  ASSERT_NE(protocol, nullptr) << errors.ToString();
  ASSERT_EQ(protocol->packets().size(), 3U);
  EXPECT_EQ(protocol->packet(2).name, "S_BYE");
  EXPECT_EQ(protocol->packet(2).id, 1002U);
  EXPECT_EQ(protocol->packet(0).direction, PacketDirection::kSend);
}

TEST_F(PackedFileTest, ATableGivesAnyIds) {
  std::string text(kPackedFile);
  const std::string from = R"({"assign": "sequential", "start": 1000, "prefixes": ["C_", "S_"]})";
  text.replace(text.find(from), from.size(),
               R"({"assign": "table", "table": {"S_LOGIN": 7, "C_LOGIN": 9, "S_BYE": 8}})");
  Diagnostics errors;
  const auto protocol = Load(text, errors);
  ASSERT_NE(protocol, nullptr) << errors.ToString();
  CompileError error;
  EXPECT_TRUE(protocol->codec().CompilePath(protocol->IndexOfId(7), "players.0.name", error));
  EXPECT_EQ(protocol->packet(protocol->IndexOfId(9)).name, "C_LOGIN");
}

TEST_F(PackedFileTest, MistakesInTypes) {
  const std::string id = "payload.structs.Player[0]";
  ExpectOne("\"u64\"", "\"u65\"", 6, id + ".type", "no type \"u65\"; did you mean \"u64\"?");
  ExpectOne("\"type\": \"Player\"", "\"type\": \"Playr\"", 9, "payload.packets.S_LOGIN[1].type",
            "did you mean \"Player\"?");
  ExpectOne("\"type\": \"u64\"", "\"type\": 8", 6, id + ".type", "text");
  ExpectOne("\"type\": \"u64\"", "\"typ\": \"u64\"", 6, id + ".typ", "did you mean \"type\"?");
  ExpectOne("{\"name\": \"id\", \"type\": \"u64\"}", "{\"type\": \"u64\"}", 6, id, "\"name\"");
  ExpectOne("{\"name\": \"id\", \"type\": \"u64\"}", "\"id\"", 6, id, "object");
  ExpectOne("\"u64\"", "\"Player\"", 6, id + ".type", "the struct Player contains itself");
  ExpectOne("\"Player\": [", "\"u8\": [], \"Player\": [", 6, "payload.structs.u8",
            "is a type already");
  ExpectOne("\"Player\": [", "\"None\": [], \"Player\": [", 6, "payload.structs.None",
            "has no fields");
}

TEST_F(PackedFileTest, MistakesInNames) {
  const std::string id = "payload.structs.Player[0].name";
  ExpectOne("\"id\", \"type\": \"u64\"", "\"i.d\", \"type\": \"u64\"", 6, id, "has no dot");
  ExpectOne("\"id\", \"type\": \"u64\"", "\"0\", \"type\": \"u64\"", 6, id, "is no number");
  ExpectOne("{\"name\": \"name\", \"type\": \"utf8\"", "{\"name\": \"id\", \"type\": \"utf8\"", 6,
            "payload.structs.Player[1].name", "declared twice");
}

TEST_F(PackedFileTest, MistakesInLengths) {
  const std::string name = "payload.packets.C_LOGIN[0]";
  ExpectOne("\"length\": \"u16\"", "\"length\": \"u24\"", 8, name + ".length", "\"u8\", \"u16\"");
  ExpectOne("\"length\": \"u16\"", "\"length\": true", 8, name + ".length", "\"offset\" for");
  ExpectOne("\"length\": \"u16\"", "\"length\": 0", 8, name + ".length", "at least 1");
  ExpectOne("\"length\": \"u16\"", "\"length\": 70000", 8, name + ".length", "65535");
  ExpectOne("\"length\": \"u16\", \"counts\": \"bytes\"", "\"length\": 40000", 8, name + ".length",
            "takes 80000 bytes, more than the protocol allows in a packet (65531 without");
  ExpectOne("\"utf16\", \"length\": \"u16\", ", "\"utf16\", ", 8, name, "\"length\"");
  ExpectOne("\"bytes\"", "\"byte\"", 8, name + ".counts", "did you mean \"bytes\"?");
  ExpectOne("\"length\": \"u16\"", "\"length\": \"offset\"", 8, name + ".counts",
            "a length that stands before the text");
  ExpectOne("\"type\": \"bool\"", "\"type\": \"bool\", \"length\": 4", 9,
            "payload.packets.S_LOGIN[0].length", "is for texts; \"list\" makes a list of bool");
  ExpectOne("\"list\": \"offset\"", "\"list\": \"ofset\"", 9, "payload.packets.S_LOGIN[1].list",
            "says how its number is known");
}

TEST_F(PackedFileTest, MistakesInTheRest) {
  ExpectOne("\"structs\"", "\"struct\"", 5, "payload.struct", "did you mean \"structs\"?");
  ExpectOne("\"S_BYE\": []", "\"S_BYE\": {}", 10, "payload.packets.S_BYE", "list");
  ExpectOne("\"codec\": \"packed\"", "\"codec\": \"paked\"", 4, "payload.codec",
            "did you mean \"packed\"?");
  ExpectOne("\"start\": 1000,", "\"file\": \"a.proto\", \"start\": 1000,", 11, "ids[0].file",
            "file");
  ExpectOne("[\"C_\", \"S_\"]", "[\"X_\"]", 11, "ids[0]", "no packet matches one of");
}

TEST_F(PackedFileTest, ListsThatTakeMoreThanAPacketAlthoughEmptyAreRefused) {
  constexpr std::string_view kMany = R"("list": 65535}])";
  const std::string many(kMany);
  const std::string texts = R"([{"name": "b", "type": "utf8", "length": "u8", )";
  // Texts of no bytes are a count each; further lists of those would be beyond any memory.
  ExpectOne("\"Player\": [", "\"B\": " + texts + many + ", \"Player\": [", 6,
            "payload.structs.B[0].list",
            "takes at least 65535 bytes, more than the protocol allows in a packet (65531 without");
  ExpectOne("\"Player\": [",
            "\"B\": " + texts + "\"list\": 60000}], \"C\": [{\"name\": \"c\", \"type\": \"B\", " +
                many + ", \"Player\": [",
            6, "payload.structs.C[0].list", "takes at least 3932100000 bytes");
  ExpectOne("\"Player\": [",
            "\"B\": " + texts +
                "\"list\": 60000}], \"C\": [{\"name\": \"c\", \"type\": \"B\"}, "
                "{\"name\": \"d\", \"type\": \"B\"}], \"Player\": [",
            6, "payload.structs.C", "takes at least 120000 bytes");
}

class PackedChainTest : public PackedFileTest {
 protected:
  /// Each struct holds the one that is so many places further.
  void ExpectTooDeep(int structs, int step) {
    std::string chain = R"("Player": [{"name": "id", "type": "u64"}])";
    for (int i = 0; i < structs; ++i) {
      const int next = i + step;
      const bool is_end = next < 0 || next >= structs;
      chain += ", \"S" + std::to_string(i) + R"(": [{"name": "n", "type": ")" +
               (is_end ? "u8" : "S" + std::to_string(next)) + "\"}]";
    }
    std::string text(kPackedFile);
    const std::size_t begin = text.find("\"Player\": [");
    text.replace(begin, text.find("},\n    \"packets\"") - begin, chain);
    Diagnostics errors;
    EXPECT_EQ(Load(text, errors), nullptr);
    EXPECT_THAT(errors.ToString(), testing::HasSubstr("more than 16 deep"));
    EXPECT_EQ(errors.list().size(), 1U) << errors.ToString();
  }
};

TEST_F(PackedChainTest, StructsThatNestTooDeepAreRefused) {
  ExpectTooDeep(20, -1);
  ExpectTooDeep(20, 1);
}

TEST_F(PackedChainTest, ALongChainIsOneMistakeAndNoDeepStack) { ExpectTooDeep(5'000, 1); }

TEST_F(PackedFileTest, NumbersMayBeBigEndian) {
  ExpectOne("\"packed\",", "\"packed\", \"byteOrder\": \"bigg\",", 4, "payload.byteOrder",
            "did you mean \"big\"?");
  std::string text(kPackedFile);
  text.replace(text.find("\"packed\","), 9, "\"packed\", \"byteOrder\": \"big\",");
  Diagnostics errors;
  EXPECT_EQ(Load(text, errors), nullptr);
  EXPECT_THAT(errors.ToString(), testing::HasSubstr("utf16 is little-endian"));
  EXPECT_THAT(errors.ToString(), testing::HasSubstr("copied as they are"));
}

}  // namespace
}  // namespace stressbot
