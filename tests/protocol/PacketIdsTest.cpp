#include "StressBot/protocol/IdHash.h"
#include "tests/protocol/ProtocolFiles.h"

namespace stressbot {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

constexpr std::string_view kPacketsProto = R"(syntax = "proto3";
package Game;
import "Ids.proto";
message Player { uint64 id = 1; }
message C_LOGIN { string name = 1; }
message S_LOGIN { bool success = 1; }
message ChatReq { string msg = 1; }
)";
constexpr std::string_view kIdsProto = R"(syntax = "proto3";
package Game;
enum MessageId { MSG_NONE = 0; MSG_C_LOGIN = 10; MSG_S_LOGIN = 11; MSG_CHAT_REQ = 500; MSG_MAX = 501; }
message Holder { enum Inner { INNER_NONE = 0; INNER_C_LOGIN = 7; } }
)";

class PacketIdsTest : public ProtocolFiles {
 protected:
  void SetUp() override {
    Write("Game.proto", kPacketsProto);
    Write("Ids.proto", kIdsProto);
  }
  /// A protocol whose "ids" has these entries; line 5 holds them.
  static std::string With(
      const std::string& ids, const std::string& id_type = "u16",
      const std::string& payload = R"({"codec": "protobuf", "files": ["Game.proto"]})") {
    return "{\"header\": {\"fields\": [\n"
           "{\"name\": \"size\", \"type\": \"u16\", \"role\": \"length\", \"counts\": "
           "\"packet\"},\n"
           "{\"name\": \"id\", \"type\": \"" +
           id_type + "\", \"role\": \"id\"}]},\n\"payload\": " + payload + ",\n\"ids\": [" + ids +
           "]}";
  }
  static std::string WithPacked(const std::string& ids) {
    return With(ids, "u16", R"({"codec": "packed", "packets": {"C_LOGIN": [], "S_LOGIN": []}})");
  }
  static std::string WithRaw(const std::string& ids) {
    return With(ids, "u16", R"({"codec": "raw"})");
  }
  std::string MessageOf(const std::string& text) { return MistakeOf(text).message; }
};

TEST_F(PacketIdsTest, AGeneratedHeaderGivesIds) {
  Write("Ids.h",
        "// generated\nenum : uint16 {\n  PKT_C_LOGIN = 1000,\n  PKT_S_LOGIN,\n"
        "  PKT_CHAT_REQ = 2000,\n  PKT_MAX\n};\n#define OTHER 5\n");
  const auto protocol = Load(With(R"({"assign": "header", "header": "Ids.h", "prefix": "PKT_"})"));
  EXPECT_THAT(IdsOf(*protocol),
              ElementsAre(Pair("C_LOGIN", 1000), Pair("S_LOGIN", 1001), Pair("ChatReq", 2000)));
  const auto packed = Load(WithPacked(
      R"({"assign": "header", "header": "./Ids.h", "prefix": "PKT_", "prefixes": ["S_"]})"));
  EXPECT_THAT(IdsOf(*packed), ElementsAre(Pair("S_LOGIN", 1001)));
}

TEST_F(PacketIdsTest, MistakesOfHeadersAreNamed) {
  Write("Ids.h",
        "#define PKT_C_LOGIN 1\n#if X\n#define PKT_S_LOGIN 2\n#else\n"
        "#define PKT_S_LOGIN 3\n#endif\n#define PKT_C_LOGIN 1\n");
  const std::string ids = R"({"assign": "header", "header": "Ids.h", "prefix": ")";
  const std::string path = (directory_ / "Ids.h").generic_string();
  EXPECT_EQ(MessageOf(With(ids + "PKT_\"}")),
            "PKT_S_LOGIN has one value at " + path + ":3 and another at " + path + ":5");
  EXPECT_THAT(
      MessageOf(With(ids + "PACKET_\"}")),
      HasSubstr("has no constant that begins with \"PACKET_\"; it has PKT_C_LOGIN and so on"));
  EXPECT_THAT(MessageOf(With(ids + "\"}")), HasSubstr("does \"prefix\" belong before the names?"));
  Write("Ids.h", "enum { PKT_C_LOGIN = Base(3), };");
  EXPECT_THAT(MessageOf(With(ids + "PKT_\"}")),
              HasSubstr("PKT_C_LOGIN (" + path + ":1) is no number that can be understood"));
  Write("Ids.h", "enum { PKT_C_LOGIN = -1 };");
  EXPECT_THAT(MessageOf(With(ids + "PKT_\"}")), HasSubstr("is -1, and an id is not negative"));
  Write("Ids.h", "enum { PKT_C_LOGIN = 70000 };");
  EXPECT_THAT(MessageOf(With(ids + "PKT_\"}")), HasSubstr("does not fit the header's id field"));
  Write("Ids.h", "enum { PKT_C_LOGIN = 5, PKT_S_LOGIN = 5 };");
  EXPECT_THAT(MessageOf(With(ids + "PKT_\"}")),
              HasSubstr("the id 5 is given to both C_LOGIN and S_LOGIN"));
  const Diagnostic missing =
      MistakeOf(With(R"({"assign": "header", "header": "Idz.h", "prefix": ""})"));
  EXPECT_EQ(missing.path, "ids[0].header");
  EXPECT_EQ(missing.line, 5);
  EXPECT_THAT(missing.message, HasSubstr("no such file; did you mean \"Ids.h\"?"));
}

TEST_F(PacketIdsTest, AnEnumOfTheProtoFilesGivesIds) {
  const auto protocol = Load(With(R"({"assign": "enum", "enum": "MessageId", "prefix": "MSG_"})"));
  EXPECT_THAT(IdsOf(*protocol),
              ElementsAre(Pair("C_LOGIN", 10), Pair("S_LOGIN", 11), Pair("ChatReq", 500)));
  const auto inner =
      Load(With(R"({"assign": "enum", "enum": "Game.Holder.Inner", "prefix": "INNER_"})"));
  EXPECT_THAT(IdsOf(*inner), ElementsAre(Pair("C_LOGIN", 7)));

  EXPECT_THAT(MessageOf(With(R"({"assign": "enum", "enum": "MesageId", "prefix": "MSG_"})")),
              HasSubstr("no enum \"MesageId\" in the .proto files; did you mean"));
  EXPECT_THAT(
      MessageOf(With(R"({"assign": "enum", "enum": "MessageId"})")),
      HasSubstr("the enum Game.MessageId has MSG_NONE and so on, but none names a message"));
  EXPECT_THAT(MessageOf(WithPacked(R"({"assign": "enum", "enum": "MessageId"})")),
              HasSubstr("for a C++ enum use \"header\""));
}

TEST_F(PacketIdsTest, HashesOfNamesAreIds) {
  static_assert(Fnv1a("") == 0x811C9DC5U && Fnv1a("a") == 0xE40C292CU);
  static_assert(Fnv1a("foobar") == 0xBF9CF968U);  // the authors' own examples
  const std::uint32_t login = Fnv1a("Game.C_LOGIN");
  const auto id_of = [this](const std::string& keys, const std::string& type) {
    const auto protocol = Load(With(
        "{\"assign\": \"fnv1a\", \"file\": \"Game.proto\", \"prefixes\": [\"C_\"]" + keys + "}",
        type));
    return IdsOf(*protocol).front().second;
  };
  EXPECT_EQ(id_of("", "u32"), login);
  EXPECT_EQ(id_of("", "i32"), login & 0x7FFFFFFFU);
  EXPECT_EQ(id_of("", "u16"), login & 0xFFFFU);
  EXPECT_EQ(id_of(R"(, "bits": "low")", "u16"), login & 0xFFFFU);
  EXPECT_EQ(id_of(R"(, "bits": "high")", "u16"), login >> 16U);
  EXPECT_EQ(id_of(R"(, "bits": "fold")", "u16"), (login >> 16U) ^ (login & 0xFFFFU));
  EXPECT_EQ(id_of(R"(, "bits": "high")", "u8"), login >> 24U);
  EXPECT_EQ(id_of(R"(, "bits": "fold")", "u8"), (login ^ (login >> 8U)) & 0xFFU);
  EXPECT_EQ(id_of(R"(, "of": "name")", "u32"), Fnv1a("C_LOGIN"));
  EXPECT_EQ(IdsOf(*Load(With(R"({"assign": "fnv1a"})", "u32"))).size(), 4U);
  EXPECT_EQ(IdsOf(*Load(WithPacked(R"({"assign": "fnv1a"})"))).front().second,
            Fnv1a("C_LOGIN") & 0xFFFFU);
}

TEST_F(PacketIdsTest, TwoNamesWithOneHashAreBothNamed) {
  EXPECT_THAT(MessageOf(With(R"({"assign": "fnv1a", "bits": "hgih"})", "u32")),
              HasSubstr("\"high\""));
  // "costarring" and "liquid" have the same FNV-1a of 32 bits.
  static_assert(Fnv1a("costarring") == Fnv1a("liquid"));
  Write("Game.proto", "syntax = \"proto3\"; message costarring {} message liquid {}");
  EXPECT_EQ(MessageOf(With(R"({"assign": "fnv1a"})", "u32")),
            "costarring and liquid have the same hash, " + std::to_string(Fnv1a("liquid")) +
                "; ids must differ");
}

TEST_F(PacketIdsTest, RawPacketsAreThoseThatIdsNames) {
  Write("Ids.h", "enum { PKT_PING = 3, PKT_PONG };");
  const auto protocol = Load(WithRaw(R"({"assign": "table", "table": {"LOGIN": 1, "HELLO": 2}},
    {"assign": "header", "header": "Ids.h", "prefix": "PKT_"})"));
  EXPECT_THAT(IdsOf(*protocol),
              ElementsAre(Pair("LOGIN", 1), Pair("HELLO", 2), Pair("PING", 3), Pair("PONG", 4)));
  EXPECT_THAT(MessageOf(WithRaw(R"({"assign": "sequential", "start": 1})")),
              HasSubstr("nothing declares packets; \"table\" and \"header\" do"));
  EXPECT_THAT(MessageOf(WithRaw(R"({"assign": "table", "table": {"A": 1}},
      {"assign": "table", "table": {"A": 2}})")),
              HasSubstr("A is given two ids, 1 and 2"));
  EXPECT_THAT(MessageOf(WithRaw(R"({"assign": "table", "table": {}})")),
              HasSubstr("names no packet"));
}

TEST_F(PacketIdsTest, UnknownKindsAreRefused) {
  EXPECT_THAT(MessageOf(With(R"({"assign": "fnv1", "file": "Game.proto"})")),
              HasSubstr("\"fnv1a\""));
  EXPECT_THAT(MessageOf(With(R"({"assign": "fnv1a", "start": 1})")), HasSubstr("unknown key"));
}

TEST_F(PacketIdsTest, AnIdInThePayloadCountsAsPayload) {
  const auto load = [this](const std::string& order, const std::string& length,
                           const std::string& id) {
    return Load(
        "{\"header\": {\"byteOrder\": \"" + order + "\", \"fields\": [" +
        R"({"name": "size", "type": ")" + length + R"(", "role": "length", "counts": "payload"},)" +
        R"({"name": "id", "type": ")" + id + R"(", "role": "id", "in": "payload"}]},)" +
        R"("payload": {"codec": "raw"}, "ids": [{"assign": "table", "table": {"A": 65}}]})");
  };
  for (const std::string order : {"little", "big"}) {
    for (const auto& [length, length_bytes] : {std::pair{"u8", 1U}, {"u16", 2U}, {"i32", 4U}}) {
      for (const auto& [id, id_bytes] : {std::pair{"u8", 1U}, {"u16", 2U}, {"u32", 4U}}) {
        const auto protocol = load(order, length, id);
        CompileError error;
        const FieldNode hello{FieldNode::Members{{"text", {Value(std::string("hello")), ""}}}, ""};
        const auto packet = protocol->codec().CompileTemplate(0, hello, error);
        ASSERT_TRUE(packet) << error.message;
        std::vector<std::byte> bytes(packet->BytesMax({}));
        bytes.resize(packet->Encode(bytes, {}));
        std::string expected(length_bytes + id_bytes, '\0');
        expected[order == "little" ? 0 : length_bytes - 1] = static_cast<char>(id_bytes + 5);
        expected[order == "little" ? length_bytes : length_bytes + id_bytes - 1] = 'A';
        expected += "hello";
        EXPECT_EQ(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()), expected)
            << order << length << id;
        const auto measure = protocol->framing().Read(bytes);
        EXPECT_EQ(measure.packet_bytes, bytes.size());
        EXPECT_EQ(measure.id, 65U);
      }
    }
  }
}

TEST_F(PacketIdsTest, FieldsInThePayloadComeLast) {
  const auto with = [](const std::string& fields) {
    return "{\"header\": {\"fields\": [" + fields + "]}, \"payload\": {\"codec\": \"raw\"}, " +
           R"("ids": [{"assign": "table", "table": {"A": 65}}]})";
  };
  const std::string size =
      R"({"name": "size", "type": "u16", "role": "length", "counts": "payload"})";
  const std::string inner = R"({"name": "id", "type": "u16", "role": "id", "in": "payload"})";
  EXPECT_THAT(MessageOf(with(inner + "," + size)), HasSubstr("needs \"in\": \"payload\" too"));
  EXPECT_THAT(
      MessageOf(with(
          R"({"name": "s", "type": "u8", "role": "length", "counts": "payload", "in": "payload"},
      {"name": "id", "type": "u8", "role": "id", "in": "payload"})")),
      HasSubstr("the length stands in the header"));
  EXPECT_THAT(
      MessageOf(with(size + R"(, {"name": "i", "type": "u8", "role": "id", "in": "paylod"})")),
      HasSubstr("did you mean \"payload\"?"));
  const auto protocol = Load(with(
      size + "," + inner + R"(, {"name": "x", "type": "u8", "role": "opaque", "in": "payload"})"));
  EXPECT_EQ(protocol->framing().inner_bytes, 3);
  EXPECT_EQ(protocol->framing().packet_bytes_max, 65'535U);
}

}  // namespace
}  // namespace stressbot
