#include "StressBot/protocol/ProtocolDraft.h"

#include <algorithm>

#include "tests/protocol/ProtocolFiles.h"

namespace stressbot {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

class ProtocolDraftTest : public ProtocolFiles {
 protected:
  DraftRequest Request(const std::vector<std::string>& files) const {
    DraftRequest request;
    for (const std::string& file : files) request.proto_files.push_back(directory_ / file);
    request.directory = directory_;
    return request;
  }
  /// The draft's text; the protocol that it is must load.
  std::string Draft(const DraftRequest& request) {
    Diagnostics errors;
    const auto draft = DraftProtocol(request, errors);
    EXPECT_TRUE(draft) << errors.ToString();
    if (!draft) return {};
    protocol_ = Load(draft->text, errors);
    EXPECT_NE(protocol_, nullptr) << errors.ToString() << draft->text;
    if (protocol_ != nullptr) {
      EXPECT_EQ(protocol_->packets().size(), draft->packets);
    }
    return draft->text;
  }
  std::string DraftOf(std::string_view proto) {
    Write("Game.proto", proto);
    return Draft(Request({"Game.proto"}));
  }
  std::string MistakeIn(const DraftRequest& request) {
    Diagnostics errors;
    EXPECT_FALSE(DraftProtocol(request, errors));
    return errors.ToString();
  }
  /// "C_LOGIN send, S_LOGIN receive".
  std::string Directions() const {
    std::string text;
    for (const PacketType& packet : protocol_->packets()) {
      const char* way = packet.direction == PacketDirection::kSend      ? " send"
                        : packet.direction == PacketDirection::kReceive ? " receive"
                                                                        : " both";
      text += (text.empty() ? "" : ", ") + packet.name + way;
    }
    return text;
  }

  std::shared_ptr<const Protocol> protocol_;
};

TEST_F(ProtocolDraftTest, PrefixesTellPacketsAndDirections) {
  const std::string text = DraftOf(
      "message Player {} message C_LOGIN {} message S_LOGIN {} message Info {} message S_CHAT {}");
  EXPECT_EQ(Directions(), "C_LOGIN send, S_LOGIN receive, S_CHAT receive");
  EXPECT_THAT(IdsOf(*protocol_),
              ElementsAre(Pair("C_LOGIN", 1000), Pair("S_LOGIN", 1001), Pair("S_CHAT", 1002)));
  EXPECT_THAT(text, HasSubstr("Not taken for packets, since they have no id: Player, Info."));
  EXPECT_THAT(text, HasSubstr("CHECK"));
  DraftOf("message CS_MOVE {} message SC_MOVE {} message CS_CHAT {}");
  EXPECT_EQ(Directions(), "CS_MOVE send, SC_MOVE receive, CS_CHAT send");
}

TEST_F(ProtocolDraftTest, EndsTellToo) {
  DraftOf("message Item {} message LoginReq {} message LoginRes {} message ChatNotify {}");
  EXPECT_EQ(Directions(), "LoginReq send, LoginRes receive, ChatNotify receive");
  DraftOf("message LoginRequest {} message LoginResponse {}");
  EXPECT_EQ(Directions(), "LoginRequest send, LoginResponse receive");
}

TEST_F(ProtocolDraftTest, WithoutAnyWayAllMessagesArePackets) {
  const std::string text = DraftOf("message Hello {} message Bye {}");
  EXPECT_EQ(Directions(), "Hello both, Bye both");
  EXPECT_THAT(text, HasSubstr("Nothing in the names told"));
  EXPECT_THAT(text, Not(HasSubstr("Not taken")));
}

TEST_F(ProtocolDraftTest, AnEnumOfIdsIsFound) {
  const std::string text = DraftOf(
      "syntax = \"proto3\"; package Game;\n"
      "enum Kind { KIND_NONE = 0; KIND_MAGE = 1; }\n"
      "enum PacketId { PKT_NONE = 0; PKT_LOGIN_REQ = 10; PKT_LOGIN_RES = 11; }\n"
      "message LoginReq { Kind kind = 1; } message LoginRes {} message Helper {}");
  EXPECT_THAT(IdsOf(*protocol_), ElementsAre(Pair("LoginReq", 10), Pair("LoginRes", 11)));
  EXPECT_THAT(text, HasSubstr(R"({"assign": "enum", "enum": "Game.PacketId", "prefix": "PKT_"})"));
  EXPECT_EQ(Directions(), "LoginReq send, LoginRes receive");
}

TEST_F(ProtocolDraftTest, FilesHaveRangesOfTheirOwnAndImportsAreFoundAbove) {
  std::filesystem::create_directories(directory_ / "proto" / "game");
  Write("proto/game/Common.proto", "syntax = \"proto3\"; message Player {}");
  Write("proto/game/Login.proto",
        "syntax = \"proto3\"; import \"game/Common.proto\"; message C_LOGIN { Player p = 1; } "
        "message S_LOGIN {}");
  Write("proto/game/Chat.proto", "syntax = \"proto3\"; message C_CHAT {} message S_CHAT {}");
  Write("proto/game/Only.proto", "syntax = \"proto3\"; message Odd {}");
  const std::string text =
      Draft(Request({"proto/game/Login.proto", "proto/game/Chat.proto", "proto/game/Only.proto"}));
  EXPECT_THAT(IdsOf(*protocol_), ElementsAre(Pair("C_LOGIN", 1000), Pair("S_LOGIN", 1001),
                                             Pair("C_CHAT", 2000), Pair("S_CHAT", 2001)));
  EXPECT_THAT(
      text,
      HasSubstr(
          R"("importPaths": ["proto"], "files": ["game/Login.proto", "game/Chat.proto", "game/Only.proto"])"));
  DraftRequest elsewhere = Request({"proto/game/Login.proto"});
  elsewhere.import_paths = {directory_ / "proto"};
  EXPECT_THAT(Draft(elsewhere),
              HasSubstr(R"("importPaths": ["proto"], "files": ["game/Login.proto"])"));
}

TEST_F(ProtocolDraftTest, MistakesAreNamed) {
  Write("Game.proto", "message C_LOGIN {\n strin x = 1;\n}");
  EXPECT_THAT(MistakeIn(Request({"Game.proto"})), HasSubstr("Game.proto:2: "));
  EXPECT_THAT(MistakeIn(Request({"Gam.proto"})),
              HasSubstr("no such file; did you mean \"Game.proto\"?"));
  EXPECT_THAT(MistakeIn(Request({"."})), HasSubstr("this is a directory"));
  Write("Game.proto", "syntax = \"proto3\"; import \"Missing.proto\"; message C_A {}");
  EXPECT_THAT(MistakeIn(Request({"Game.proto"})), HasSubstr("Missing.proto"));
  Write("Game.proto", "syntax = \"proto3\";");
  EXPECT_THAT(MistakeIn(Request({"Game.proto"})), HasSubstr("has no messages"));
}

TEST_F(ProtocolDraftTest, FieldsAreListedForPeople) {
  DraftOf(
      "syntax = \"proto3\"; enum Kind { NONE = 0; } message Tree { repeated Tree children = 1; }\n"
      "message P { uint64 id = 1; Kind kind = 2; }\n"
      "message C_A { bool ok = 1; repeated P players = 2; P one = 3; Tree tree = 4; repeated int32 "
      "n = 5; }\n"
      "message S_A {}");
  EXPECT_EQ(protocol_->codec().Fields(0),
            "ok bool, players [id uint64, kind Kind], one {id uint64, kind Kind}, "
            "tree {children [Tree]}, n [int32]");
  EXPECT_EQ(protocol_->codec().Fields(1), "");
  const auto packed = Load(R"({"header": {"fields": [
      {"name": "size", "type": "u16", "role": "length", "counts": "packet"},
      {"name": "id", "type": "u16", "role": "id"}]},
    "payload": {"codec": "packed", "structs": {"P": [{"name": "id", "type": "u64"}]}, "packets": {"A": [
      {"name": "hp", "type": "i32"}, {"name": "name", "type": "char", "length": 20},
      {"name": "text", "type": "utf16", "length": "u16", "counts": "bytes"},
      {"name": "one", "type": "P"}, {"name": "many", "type": "P", "list": "offset"},
      {"name": "n", "type": "u8", "list": 3}]}},
    "ids": [{"assign": "sequential", "start": 1}]})");
  EXPECT_EQ(packed->codec().Fields(0),
            "hp i32, name char[20], text utf16 (u16 bytes), one {id u64}, many [id u64] (offset), "
            "n [u8][3]");
}

}  // namespace
}  // namespace stressbot
