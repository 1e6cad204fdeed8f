#include "StressBot/protocol/PackedCodec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <vector>

#include "ServerCore/packet/BufferReader.h"
#include "ServerCore/packet/BufferWriter.h"
#include "StressBot/protocol/ProtocolFile.h"

namespace stressbot {
namespace {

using testing::HasSubstr;
using Want = FieldPath::Want;

/// The documents' packet as the server core has it, with the fields of S_TEST in the file.
struct PKT_S_TEST {
  static constexpr std::uint16_t kPacketId = 2;
  struct Buff {
    servercore::Packed<std::uint64_t> id;
    servercore::Packed<float> remaining;
    servercore::PackedList<std::uint64_t> victims;
    servercore::PackedString16 name;
  };
  servercore::Packed<std::uint32_t> hp;
  servercore::PackedString name;
  servercore::PackedList<Buff> buffs;
};

class PackedCodecTest : public testing::Test {
 protected:
  using Bytes = std::vector<std::byte>;

  static constexpr std::size_t kHeader = 4;
  /// 4 units of UTF-16, 8 bytes of UTF-8.
  static inline const std::string kWide = "a\xEA\xB0\x80\xF0\x9F\x90\xB2";

  static FieldNode Literal(Value value) { return {std::move(value), ""}; }
  static FieldNode Argument(std::uint16_t index) { return {FieldNode::Argument{index}, ""}; }
  static FieldNode ListNode(std::vector<FieldNode> elements) { return {std::move(elements), ""}; }
  static FieldNode Object(FieldNode::Members members) { return {std::move(members), ""}; }
  static Value Int(std::int64_t value) { return value; }
  static Value Text(std::string text) { return text; }

  static std::shared_ptr<const Protocol> LoadPacked() {
    Diagnostics errors;
    auto protocol =
        LoadProtocol(STRESSBOT_SOURCE_DIR "/tests/protocol/data/packed.protocol.json", errors);
    EXPECT_NE(protocol, nullptr) << errors.ToString();
    return protocol;
  }
  const PayloadCodec& codec() const { return protocol_->codec(); }
  PacketIndex Index(std::string_view packet) const { return protocol_->IndexOfName(packet); }

  FieldPath Compile(std::string_view packet, std::string_view path) const {
    CompileError error;
    auto compiled = codec().CompilePath(Index(packet), path, error);
    EXPECT_TRUE(compiled) << error.message;
    return compiled.value_or(FieldPath{});
  }
  Value Read(std::string_view packet, std::string_view path, const Bytes& bytes,
             Want want = Want::kValue) const {
    FieldView view;
    EXPECT_EQ(Compile(packet, path).Read(std::span(bytes).subspan(kHeader), want, view),
              ReadStatus::kOk)
        << path;
    return view.ToValue();
  }
  std::string MistakeOf(std::string_view packet, const FieldNode& root) const {
    CompileError error;
    EXPECT_FALSE(codec().CompileTemplate(Index(packet), root, error));
    return error.message;
  }
  std::string PathMistakeOf(std::string_view packet, std::string_view path) const {
    CompileError error;
    EXPECT_FALSE(codec().CompilePath(Index(packet), path, error)) << path;
    return error.message;
  }
  Bytes Encode(std::string_view packet, const FieldNode& root,
               const std::vector<Value>& arguments = {}) const {
    CompileError error;
    const auto made = codec().CompileTemplate(Index(packet), root, error);
    EXPECT_TRUE(made) << error.where << ": " << error.message;
    if (!made) return {};
    Bytes out(made->BytesMax(arguments), std::byte{0xEE});
    out.resize(made->Encode(out, arguments));
    return out;
  }
  bool IsSound(std::string_view packet, const Bytes& bytes) const {
    return codec().IsWellFormed(Index(packet), std::span(bytes).subspan(kHeader));
  }
  std::string Describe(std::string_view packet, const Bytes& bytes) const {
    return codec().Describe(Index(packet), std::span(bytes).subspan(kHeader));
  }

  std::shared_ptr<const Protocol> protocol_ = LoadPacked();
  servercore::SendBufferManager manager_;
  servercore::SendBufferPool pool_{manager_};

  Bytes ServersTest() {
    servercore::BufferWriter<PKT_S_TEST> test(pool_, 500);
    test->hp = 100;
    test.Write(test->name, kWide);
    std::uint64_t id = 6;
    for (auto& buff : test.Reserve(test->buffs, 2)) {
      buff.id = ++id;
      buff.remaining = 0.1F;
      const std::vector<std::uint64_t> victims{id * 10, id * 10 + 1};
      test.WriteEach(buff.victims, victims, [](auto& to, std::uint64_t victim) { to = victim; });
      test.Write(buff.name, kWide);
    }
    const auto buffer = test.Close().value();
    return {buffer.bytes().begin(), buffer.bytes().end()};
  }
  static FieldNode TestFields(bool arguments) {
    const auto text = [&](std::uint16_t index) {
      return arguments ? Argument(index) : Literal(Text(kWide));
    };
    const auto buff = [&](std::int64_t id, std::uint16_t argument) {
      return Object({{"victims", ListNode({Literal(Int(id * 10)), Literal(Int(id * 10 + 1))})},
                     {"id", arguments ? Argument(argument) : Literal(Int(id))},
                     {"remaining", Literal(0.1)},
                     {"name", text(static_cast<std::uint16_t>(argument + 1))}});
    };
    return Object({{"buffs", ListNode({buff(7, 1), buff(8, 3)})},
                   {"hp", Literal(Int(100))},
                   {"name", text(0)}});
  }
  const std::vector<Value> test_arguments_{Text(kWide), Int(7), Text(kWide), Int(8), Text(kWide)};

  static FieldNode AllFields() {
    const auto position = [](double x, double y) {
      return Object({{"x", Literal(x)}, {"y", Literal(y)}});
    };
    const auto mail = [](const char* subject) {
      return Object({{"subject", Literal(Text(subject))},
                     {"stamps", ListNode({Literal(Int(1)), Literal(Int(2))})},
                     {"tags", ListNode({Literal(Text(kWide)), Literal(Text("")), Argument(0)})}});
    };
    return Object({{"flag", Literal(true)},
                   {"u8", Literal(Int(255))},
                   {"i8", Literal(Int(-128))},
                   {"u16", Literal(Int(65535))},
                   {"i16", Literal(Int(-32768))},
                   {"u32", Literal(Int(4294967295))},
                   {"i32", Literal(Int(-5))},
                   {"u64", Literal(std::uint64_t{18446744073709551615U})},
                   {"i64", Literal(Int(-6'000'000'000))},
                   {"f32", Literal(0.1)},
                   {"f64", Literal(2.5)},
                   {"code", Literal(Text("abcd"))},
                   {"guild", Argument(0)},
                   {"grid", ListNode({Literal(Int(1)), Literal(Int(2))})},
                   {"at", position(1, 2)},
                   {"path", ListNode({position(3, 4), position(5, 6)})},
                   {"text", Literal(Text("hello"))},
                   {"wide", Argument(0)},
                   {"mails", ListNode({mail("first"), mail("second")})},
                   {"last", Literal(Int(777))}});
  }
  Bytes All() const { return Encode("C_ALL", AllFields(), {Text(kWide)}); }
};

TEST_F(PackedCodecTest, WritesTheBytesOfTheServerCore) {
  EXPECT_EQ(Encode("S_TEST", TestFields(false)), ServersTest());
  EXPECT_EQ(Encode("S_TEST", TestFields(true), test_arguments_), ServersTest());
  servercore::BufferWriter<PKT_S_TEST> empty(pool_, 100);
  const auto buffer = empty.Close().value();
  EXPECT_EQ(Encode("S_TEST", Object({})), Bytes(buffer.bytes().begin(), buffer.bytes().end()));
}

TEST_F(PackedCodecTest, ReadsWhatTheServerCoreWrote) {
  const Bytes bytes = ServersTest();
  EXPECT_TRUE(IsSound("S_TEST", bytes));
  EXPECT_EQ(Read("S_TEST", "hp", bytes), Value(std::uint64_t{100}));
  EXPECT_EQ(Read("S_TEST", "name", bytes), Text(kWide));
  EXPECT_EQ(Read("S_TEST", "name", bytes, Want::kSize), Value(std::uint64_t{8}));
  EXPECT_EQ(Read("S_TEST", "buffs", bytes, Want::kSize), Value(std::uint64_t{2}));
  EXPECT_EQ(Read("S_TEST", "buffs.1.id", bytes), Value(std::uint64_t{8}));
  EXPECT_EQ(Read("S_TEST", "buffs.1.remaining", bytes), Value(0.1));
  EXPECT_EQ(Read("S_TEST", "buffs.1.victims.1", bytes), Value(std::uint64_t{81}));
  EXPECT_EQ(Read("S_TEST", "buffs.0.name", bytes), Text(kWide));
  EXPECT_EQ(Read("S_TEST", "buffs.0.name", bytes, Want::kSize), Value(std::uint64_t{4}));
  EXPECT_EQ(Read("S_TEST", "buffs.2.id", bytes), Value());
  EXPECT_EQ(Read("S_TEST", "buffs.2.id", bytes, Want::kExists), Value(false));
  EXPECT_EQ(Read("S_TEST", "buffs.1", bytes, Want::kExists), Value(true));
  EXPECT_EQ(Describe("S_TEST", bytes),
            "{hp: 100, name: \"" + kWide +
                "\", buffs: [{id: 7, remaining: 0.1, victims: [70, 71], "
                "name: \"" +
                kWide + "\"}, {id: 8, remaining: 0.1, victims: [80, 81], name: \"" + kWide +
                "\"}]}");
}

TEST_F(PackedCodecTest, EveryKindOfFieldGoesThereAndBack) {
  const Bytes bytes = All();
  ASSERT_TRUE(IsSound("C_ALL", bytes)) << Describe("C_ALL", bytes);
  const auto read = [&](std::string_view path) { return Read("C_ALL", path, bytes); };
  EXPECT_EQ(read("flag"), Value(true));
  EXPECT_EQ(read("u8"), Value(std::uint64_t{255}));
  EXPECT_EQ(read("i8"), Int(-128));
  EXPECT_EQ(read("u16"), Value(std::uint64_t{65535}));
  EXPECT_EQ(read("i16"), Int(-32768));
  EXPECT_EQ(read("u32"), Value(std::uint64_t{4294967295}));
  EXPECT_EQ(read("i32"), Int(-5));
  EXPECT_EQ(read("u64"), Value(std::uint64_t{18446744073709551615U}));
  EXPECT_EQ(read("i64"), Int(-6'000'000'000));
  EXPECT_EQ(read("f32"), Value(0.1));
  EXPECT_EQ(read("f64"), Value(2.5));
  EXPECT_EQ(read("code"), Text("abcd"));
  EXPECT_EQ(read("guild"), Text(kWide));
  EXPECT_EQ(read("grid.1"), Value(std::uint64_t{2}));
  EXPECT_EQ(read("grid.2"), Value(std::uint64_t{0}));
  EXPECT_EQ(read("grid.3"), Value());
  EXPECT_EQ(read("at.y"), Value(2.0));
  EXPECT_EQ(read("path.1.x"), Value(5.0));
  EXPECT_EQ(read("text"), Text("hello"));
  EXPECT_EQ(read("wide"), Text(kWide));
  EXPECT_EQ(read("mails.1.subject"), Text("second"));
  EXPECT_EQ(read("mails.1.stamps.1"), Value(std::uint64_t{2}));
  EXPECT_EQ(read("mails.1.tags.0"), Text(kWide));
  EXPECT_EQ(read("mails.1.tags.1"), Text(""));
  EXPECT_EQ(read("mails.0.tags.2"), Text(kWide));
  EXPECT_EQ(read("last"), Value(std::uint64_t{777}));
  EXPECT_EQ(Read("C_ALL", "mails.0.tags", bytes, Want::kSize), Value(std::uint64_t{3}));
}

TEST_F(PackedCodecTest, WhatIsNotGivenIsZeroOrEmpty) {
  const Bytes bytes = Encode("C_ALL", Object({}));
  EXPECT_TRUE(IsSound("C_ALL", bytes));
  EXPECT_THAT(Describe("C_ALL", bytes),
              HasSubstr("grid: [0, 0, 0], at: {x: 0, y: 0}, path: [], text: \"\""));
  EXPECT_EQ(Encode("C_EMPTY", Object({})),
            (Bytes{std::byte{4}, std::byte{0}, std::byte{4}, std::byte{0}}));
}

TEST_F(PackedCodecTest, Utf16ComparesAsUtf8DoesAndWithoutACopy) {
  const Bytes bytes = ServersTest();
  FieldView view;
  ASSERT_EQ(
      Compile("S_TEST", "buffs.0.name").Read(std::span(bytes).subspan(kHeader), Want::kValue, view),
      ReadStatus::kOk);
  EXPECT_EQ(Compare(view, Text(kWide)), 0);
  for (const std::string other :
       {"", "a", "b", "a\xEA\xB0\x80", "a\xEA\xB0\x81", "a\xEE\x80\x80", "\x7F", "zzzzzz"}) {
    const int order = kWide.compare(other);
    EXPECT_EQ(Compare(view, Text(other)), order < 0 ? -1 : 1) << other;
  }
  EXPECT_EQ(Compare(view, Text(kWide + "x")), -1);
  EXPECT_EQ(Compare(view, Int(5)), 2);
}

TEST_F(PackedCodecTest, ArgumentsAreTakenAsFarAsTheyGo) {
  const FieldNode number = Object({{"u8", Argument(0)}});
  EXPECT_EQ(Read("C_ALL", "u8", Encode("C_ALL", number, {Int(300)})), Value(std::uint64_t{255}));
  EXPECT_EQ(Read("C_ALL", "u8", Encode("C_ALL", number, {Int(-1)})), Value(std::uint64_t{0}));
  EXPECT_EQ(Read("C_ALL", "u8", Encode("C_ALL", number, {Text("7")})), Value(std::uint64_t{7}));
  EXPECT_TRUE(Encode("C_ALL", number, {Text("seven")}).empty());
  const FieldNode text = Object({{"text", Argument(0)}});
  EXPECT_EQ(Read("C_ALL", "text", Encode("C_ALL", text, {Int(-12)})), Text("-12"));
  EXPECT_EQ(Read("C_ALL", "text", Encode("C_ALL", text, {Value()})), Text(""));
}

TEST_F(PackedCodecTest, ATextThatIsTooLongIsNotSent) {
  const auto sends = [this](const char* field, std::size_t length) {
    return !Encode("C_ALL", Object({{field, Argument(0)}}), {Text(std::string(length, 'x'))})
                .empty();
  };
  EXPECT_TRUE(sends("code", 4));
  EXPECT_FALSE(sends("code", 5));
  EXPECT_TRUE(sends("guild", 4));
  EXPECT_FALSE(sends("guild", 5));
  EXPECT_TRUE(sends("wide", 32'000));
  EXPECT_FALSE(sends("wide", 32'768));  // its 16 bits count bytes
  EXPECT_FALSE(sends("text", 65'535));  // the packet limit
  const FieldNode far = Object({{"name", Argument(0)}, {"buffs", ListNode({Object({})})}});
  EXPECT_FALSE(Encode("S_TEST", far, {Text(std::string(65'000, 'x'))}).empty());
  EXPECT_TRUE(Encode("S_TEST", far, {Text(std::string(65'536, 'x'))}).empty());
}

TEST_F(PackedCodecTest, MistakesInFieldsAreTold) {
  const auto mistake = [this](const char* name, FieldNode node) {
    return MistakeOf("C_ALL", Object({{name, std::move(node)}}));
  };
  EXPECT_EQ(mistake("txt", Literal(Text(""))), "no field \"txt\" in C_ALL; did you mean \"text\"?");
  EXPECT_EQ(mistake("u8", Literal(Int(256))), "\"u8\" takes a whole number (u8), not 256");
  EXPECT_EQ(mistake("u8", Literal(0.5)), "\"u8\" takes a whole number (u8), not 0.5");
  EXPECT_EQ(mistake("u8", Literal(true)), "\"u8\" takes a whole number (u8), not true");
  EXPECT_EQ(mistake("u8", Literal(Value())), "\"u8\" takes a whole number (u8), not null");
  EXPECT_EQ(mistake("flag", Literal(Int(1))), "\"flag\" takes true or false, not 1");
  EXPECT_EQ(mistake("text", Literal(Int(1))), "\"text\" takes text in quotes, not 1");
  EXPECT_EQ(mistake("text", ListNode({})), "\"text\" takes text in quotes, not a list");
  EXPECT_EQ(mistake("u8", Object({})), "\"u8\" takes a whole number (u8), not an object");
  EXPECT_EQ(mistake("path", Literal(Int(1))), "\"path\" is a list; write it as [...]");
  EXPECT_EQ(mistake("at", Literal(Int(1))), "must be an object with the fields of Position");
  EXPECT_EQ(mistake("code", Literal(Text("abcde"))), "\"code\" holds at most 4 bytes, not 5");
  EXPECT_EQ(mistake("guild", Literal(Text("abcde"))),
            "\"guild\" holds at most 4 units of UTF-16, not 5");
  EXPECT_EQ(mistake("grid", ListNode(std::vector<FieldNode>(4, Literal(Int(0))))),
            "\"grid\" holds at most 3 elements, not 4");
  EXPECT_THAT(mistake("text", Literal(Text(std::string(65'535, 'x')))),
              HasSubstr("the protocol allows 65535"));
  EXPECT_THAT(MistakeOf("C_ALL", Object({{"u8", Argument(0)}, {"u8", Argument(1)}})),
              HasSubstr("is here twice"));
  std::vector<FieldNode> buffs(257, Object({{"name", Literal(Text("x"))}}));
  EXPECT_THAT(MistakeOf("S_TEST", Object({{"buffs", ListNode(buffs)}})),
              HasSubstr("more than 256 lists"));
}

TEST_F(PackedCodecTest, MistakesInPathsAreTold) {
  EXPECT_EQ(PathMistakeOf("S_TEST", "nam"), "no field \"nam\" in S_TEST; did you mean \"name\"?");
  EXPECT_EQ(PathMistakeOf("S_TEST", "name.x"), "\"name\" is text and has no field \"x\"");
  EXPECT_EQ(PathMistakeOf("S_TEST", "hp.x"), "\"hp\" is a single value and has no field \"x\"");
  EXPECT_EQ(PathMistakeOf("S_TEST", "buffs.id"),
            "\"buffs\" is a list; name one of its elements, as in \"buffs.0.id\"");
  EXPECT_EQ(PathMistakeOf("S_TEST", "buffs.99999999999.id"),
            "the list \"buffs\" has no element that far");
  EXPECT_THAT(PathMistakeOf("C_EMPTY", "x"), HasSubstr("which has no fields"));
  CompileError error;
  EXPECT_FALSE(codec().EnumNumber(Index("S_TEST"), "hp", "MANY", error));
  EXPECT_EQ(error.message, "");  // no enum: names mean nothing
}

// ---- a server that is not to be trusted

/// Reads all in every way; the address sanitizer sees a step past the end.
void ReadAllPaths(const std::vector<FieldPath>& paths, std::span<const std::byte> payload) {
  for (const FieldPath& path : paths) {
    for (const Want want : {Want::kValue, Want::kSize, Want::kExists}) {
      FieldView view;
      if (path.Read(payload, want, view) == ReadStatus::kOk) static_cast<void>(view.ToValue());
    }
  }
}

class PackedHostileTest : public PackedCodecTest {
 protected:
  struct Subject {
    PacketIndex packet;
    Bytes sound;
    std::vector<FieldPath> paths;
  };
  std::vector<Subject> Subjects() {
    Subject test{Index("S_TEST"), ServersTest(), {}};
    for (const char* path : {"hp", "name", "buffs", "buffs.0", "buffs.1.id", "buffs.1.victims.1",
                             "buffs.0.name", "buffs.40000.victims.3"}) {
      test.paths.push_back(Compile("S_TEST", path));
    }
    Subject all{Index("C_ALL"), All(), {}};
    for (const char* path :
         {"f64", "code", "guild", "grid.2", "at.y", "path.1.x", "text", "wide", "mails",
          "mails.1.subject", "mails.1.stamps.1", "mails.1.tags.2", "last"}) {
      all.paths.push_back(Compile("C_ALL", path));
    }
    return {test, all};
  }
  /// Whether the packet counts as sound.
  bool Try(const Subject& subject, Bytes bytes) const {
    const std::span<const std::byte> payload = std::span(bytes).subspan(kHeader);
    ReadAllPaths(subject.paths, payload);
    EXPECT_FALSE(codec().Describe(subject.packet, payload).empty());
    return codec().IsWellFormed(subject.packet, payload);
  }
};

TEST_F(PackedHostileTest, AnyByteMayBeAnything) {
  for (const Subject& subject : Subjects()) {
    ASSERT_TRUE(Try(subject, subject.sound));
    std::size_t refused = 0;
    for (std::size_t at = kHeader; at < subject.sound.size(); ++at) {
      for (const unsigned value : {0U, 1U, 2U, 5U, 0x40U, 0x7FU, 0x80U, 0xD8U, 0xFEU, 0xFFU}) {
        Bytes bytes = subject.sound;
        bytes[at] = static_cast<std::byte>(value);
        refused += Try(subject, bytes) ? 0U : 1U;
      }
    }
    EXPECT_GT(refused, 100U);
  }
}

TEST_F(PackedHostileTest, MayEndAnywhereAndGoOn) {
  for (const Subject& subject : Subjects()) {
    for (std::size_t size = kHeader; size < subject.sound.size(); ++size) {
      EXPECT_FALSE(Try(subject, {subject.sound.begin(),
                                 subject.sound.begin() + static_cast<std::ptrdiff_t>(size)}));
    }
    Bytes longer = subject.sound;
    longer.resize(longer.size() + 1);
    EXPECT_TRUE(Try(subject, longer));  // lists may lie apart
  }
  const Bytes text = Encode("S_INLINE", Object({{"text", Literal(Text(kWide))}}));
  ASSERT_TRUE(IsSound("S_INLINE", text));
  Bytes longer = text;
  longer.push_back(std::byte{0});
  EXPECT_FALSE(IsSound("S_INLINE", longer));  // without such lists nothing follows
}

TEST_F(PackedHostileTest, TextsAreInTheirEncoding) {
  Bytes text = Encode("S_INLINE", Object({{"text", Literal(Text("ab"))}}));
  text[kHeader + 2] = std::byte{0xD8};  // 'a' becomes a surrogate without its other half
  EXPECT_FALSE(IsSound("S_INLINE", text));
  EXPECT_THAT(Describe("S_INLINE", text), HasSubstr("undecodable, 6 bytes"));
  Bytes code = Encode("C_ALL", Object({{"code", Literal(Text("ab"))}}));
  code[kHeader + 43] = std::byte{0xFF};
  EXPECT_EQ(Read("C_ALL", "code", code), Text("\xFF"
                                              "b"));
  EXPECT_TRUE(IsSound("C_ALL", code));  // char is any encoding
}

TEST_F(PackedHostileTest, AListLiesBehindTheFieldsAndNotInAnother) {
  const auto place = [](Bytes& bytes, std::size_t at, unsigned offset, unsigned count) {
    for (unsigned i = 0; i < 2; ++i) {
      bytes[at + i] = static_cast<std::byte>(offset >> (8 * i));
      bytes[at + 2 + i] = static_cast<std::byte>(count >> (8 * i));
    }
  };
  Bytes bytes = Encode("S_TEST", Object({}));  // name at 8, buffs at 12, end at 16
  bytes.resize(16 + 40);
  place(bytes, 8, 16, 40);
  EXPECT_TRUE(IsSound("S_TEST", bytes));
  place(bytes, 8, 15, 40);
  EXPECT_FALSE(IsSound("S_TEST", bytes));
  place(bytes, 8, 3, 1);
  EXPECT_FALSE(IsSound("S_TEST", bytes));
  place(bytes, 8, 16, 41);
  EXPECT_FALSE(IsSound("S_TEST", bytes));
  place(bytes, 8, 16, 21);
  place(bytes, 12, 16, 1);  // 20 bytes more than there are
  EXPECT_FALSE(IsSound("S_TEST", bytes));
  place(bytes, 8, 16, 20);
  EXPECT_TRUE(IsSound("S_TEST", bytes));
}

TEST_F(PackedCodecTest, BigEndianNumbersAreWrittenAndRead) {
  Diagnostics errors;
  const auto document = JsonDocument::Parse(
      R"({"header": {"fields": [{"name": "size", "type": "u8", "role": "length", "counts": "packet"},
        {"name": "id", "type": "u8", "role": "id"}]},
      "payload": {"codec": "packed", "byteOrder": "big", "packets": {"A": [
        {"name": "a", "type": "u32"}, {"name": "b", "type": "f64"},
        {"name": "text", "type": "utf8", "length": "u16"}, {"name": "list", "type": "i16", "list": "u32"}]}},
      "ids": [{"assign": "sequential", "start": 1}]})",
      "big.json", errors);
  ASSERT_TRUE(document) << errors.ToString();
  const auto protocol = CompileProtocol(*document, errors);
  ASSERT_NE(protocol, nullptr) << errors.ToString();
  const std::string expected("\x1A\1\1\2\3\4\xC0\0\0\0\0\0\0\0\0\2hi\0\0\0\2\xFF\xFE\0\7", 26);
  CompileError error;
  for (const bool is_argument : {false, true}) {
    const FieldNode text = is_argument ? Argument(1) : Literal(Text("hi"));
    const FieldNode fields = Object({{"a", is_argument ? Argument(0) : Literal(Int(0x01020304))},
                                     {"b", Literal(-2.0)},
                                     {"text", text},
                                     {"list", ListNode({Literal(Int(-2)), Literal(Int(7))})}});
    const auto packet = protocol->codec().CompileTemplate(0, fields, error);
    ASSERT_TRUE(packet) << error.message;
    const std::vector<Value> arguments{Int(0x01020304), Text("hi")};
    Bytes bytes(packet->BytesMax(arguments));
    bytes.resize(packet->Encode(bytes, arguments));
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()), expected);
    EXPECT_EQ(protocol->codec().Describe(0, std::span(bytes).subspan(2)),
              "{a: 16909060, b: -2, text: \"hi\", list: [-2, 7]}");
    const auto path = protocol->codec().CompilePath(0, "list.1", error);
    FieldView view;
    EXPECT_EQ(path->Read(std::span(bytes).subspan(2), Want::kValue, view), ReadStatus::kOk);
    EXPECT_EQ(Compare(view, Int(7)), 0);
  }
}

}  // namespace
}  // namespace stressbot
