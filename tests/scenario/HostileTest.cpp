#include <gtest/gtest.h>

#include <fstream>

#include "ScenarioText.h"
#include "StressBot/protocol/ProtocolFile.h"
#include "StressBot/scenario/HostileBytes.h"
#include "StressBot/scenario/HostileCompiler.h"
#include "tests/TemporaryDirectory.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using Deed = HostileStep::Kind;

std::string Hex(const std::optional<HostileBytes::Bytes>& bytes) {
  if (!bytes) return "none";
  std::string text;
  for (const std::byte byte : *bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    text += kDigits[std::to_integer<unsigned>(byte) >> 4U];
    text += kDigits[std::to_integer<unsigned>(byte) & 15U];
  }
  return text;
}

/// A protocol of packed packets behind this header; ids are 1 and 2.
std::shared_ptr<const Protocol> ProtocolWith(const std::string& header, const std::string& fields) {
  const TemporaryDirectory directory;
  const auto file = directory.path() / "p.protocol.json";
  std::ofstream(file) << R"({"header": {)" << header << R"(},
    "payload": {"codec": "packed", "packets": {"C_A": [)"
                      << fields << R"(], "S_A": []}},
    "ids": [{"assign": "sequential", "start": 1}], "directions": {"C_": "send", "S_": "receive"}})";
  Diagnostics errors;
  auto protocol = LoadProtocol(file, errors);
  EXPECT_TRUE(protocol) << errors.ToString();
  return protocol;
}

const char* const kCourse = R"("fields": [
  {"name": "size", "type": "u16", "role": "length", "counts": "packet"},
  {"name": "id", "type": "u16", "role": "id"}])";
const char* const kBig = R"("byteOrder": "big", "fields": [
  {"name": "code", "type": "u8", "role": "constant", "value": 119},
  {"name": "id", "type": "u8", "role": "id"},
  {"name": "bytes", "type": "u32", "role": "length", "counts": "payload"}])";
const char* const kNumber = R"({"name": "n", "type": "u32"})";

TEST(HostileBytesTest, FitTheHeaderOfTheCourse) {
  const auto protocol = ProtocolWith(kCourse, kNumber);
  const HostileBytes bytes(*protocol);
  std::string error;
  EXPECT_EQ(Hex(bytes.SizeZero(error)), "00000100");
  EXPECT_EQ(Hex(bytes.SizeOne(error)), "01000100");
  EXPECT_EQ(Hex(bytes.SizeHeaderMinusOne(error)), "03000100");
  EXPECT_EQ(Hex(bytes.SizeMax(error)), "ffff0100");
  EXPECT_EQ(Hex(bytes.UnknownId(error)), "04000300");
  EXPECT_EQ(Hex(bytes.IdMax(error)), "0400ffff");
  EXPECT_EQ(Hex(bytes.Malformed(0, error)), "0f000100" + std::string(22, 'f'));
  EXPECT_EQ(error, "");
}

TEST(HostileBytesTest, FitAnyHeader) {
  const auto protocol = ProtocolWith(kBig, kNumber);
  const HostileBytes bytes(*protocol);
  std::string error;
  EXPECT_EQ(Hex(bytes.SizeMax(error)), "7701ffffffff");
  EXPECT_EQ(Hex(bytes.UnknownId(error)), "770300000000");
  EXPECT_EQ(Hex(bytes.IdMax(error)), "77ff00000000");
  EXPECT_EQ(Hex(bytes.Malformed(0, error)), "77010000000b" + std::string(22, 'f'));
  EXPECT_EQ(error, "");
  EXPECT_EQ(Hex(bytes.SizeZero(error)), "none");
  EXPECT_NE(error.find("counts the payload alone"), std::string::npos);
}

TEST(HostileBytesTest, APacketThatIsOnlyAHeaderIsMalformedByWhatFollows) {
  const auto protocol = ProtocolWith(kCourse, "");
  std::string error;
  EXPECT_EQ(Hex(HostileBytes(*protocol).Malformed(0, error)), "0f000100" + std::string(22, 'f'));
}

TEST(HostileBytesTest, HexIsReadWithOrWithoutSpaces) {
  EXPECT_EQ(Hex(BytesOfHex("08 00:E8,03\n0a")), "0800e8030a");
  EXPECT_EQ(Hex(BytesOfHex("")), "");
  for (const char* text : {"0", "0 0", "0g", "00 0"}) EXPECT_EQ(Hex(BytesOfHex(text)), "none");
}

const HostileStep& FirstOf(const Loaded& loaded) {
  EXPECT_TRUE(loaded.scenario) << loaded.errors.ToString();
  return loaded.flow().hostiles.at(0);
}

TEST(HostileTest, EachNameIsCompiled) {
  for (const std::string& kind : HostileKinds()) {
    const bool has_packet =
        kind == "out-of-order" || kind == "byte-by-byte" || kind == "glued" || kind == "flood";
    const Loaded loaded =
        LoadSteps(R"({"hostile": ")" + kind + R"(", "expect": ["close", "ignore"])" +
                  (has_packet ? R"(, "packet": "C_CHAT"})" : "}"));
    const HostileStep& step = FirstOf(loaded);
    EXPECT_EQ(step.name, kind);
    EXPECT_EQ(step.check, "close or ignore");
    EXPECT_EQ(step.timeout, 5s);
    EXPECT_TRUE(step.Expects(HostileOutcome::kClosed));
    EXPECT_TRUE(step.Expects(HostileOutcome::kIgnored));
    EXPECT_FALSE(step.Expects(HostileOutcome::kReplied));
  }
  EXPECT_EQ(HostileKinds().size(), 13U);
}

TEST(HostileTest, SiblingsSayHowMuchAndHowLong) {
  const Loaded loaded = LoadSteps(R"(
    {"hostile": "flood", "packet": "C_CHAT", "fields": {"msg": "${bot.id}"}, "count": 99, "timeout": "9s"},
    {"hostile": "byte-by-byte", "packet": "C_CHAT", "pause": "5ms"},
    {"hostile": "slow-reader", "duration": "1m", "name": "sleepy", "expect": "S_CHAT"},
    {"hostile": "glued", "packet": "C_CHAT", "onFail": "stop-bot"},
    {"hostile": "half-open"},
    {"hostile": "malformed-payload", "packet": "C_CHAT", "expect": "reply"},
    {"bytes": "00 01", "expect": "close"})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  const std::vector<HostileStep>& steps = loaded.flow().hostiles;
  ASSERT_EQ(steps.size(), 7U);
  EXPECT_EQ(steps[0].kind, Deed::kFlood);
  EXPECT_EQ(steps[0].count, 99U);
  EXPECT_EQ(steps[0].timeout, 9s);
  EXPECT_EQ(steps[0].expected, 0);
  EXPECT_EQ(steps[0].send.arguments.size(), 1U);
  EXPECT_EQ(steps[1].pause, 5ms);
  EXPECT_EQ(steps[2].pause, 1min);
  EXPECT_EQ(steps[2].name, "sleepy");
  EXPECT_EQ(steps[2].reply, loaded.program().servers[0].protocol->IndexOfName("S_CHAT"));
  EXPECT_EQ(steps[3].count, 10U);
  EXPECT_EQ(steps[3].on_fail, OnFail::kStopBot);
  EXPECT_EQ(steps[4].kind, Deed::kHalfOpen);
  EXPECT_EQ(steps[5].reply, kUnknownPacket);
  EXPECT_EQ(Hex(steps[6].bytes), "0001");
  EXPECT_EQ(loaded.flow().rules, 3);  // for those that expect something
}

TEST(HostileTest, WithoutAPacketTheProtocolHasOne) {
  const Loaded loaded = LoadSteps(R"(
    {"hostile": "flood"}, {"hostile": "glued"}, {"hostile": "byte-by-byte"}, {"hostile": "out-of-order"})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  const Protocol& protocol = *loaded.program().servers[0].protocol;
  std::vector<std::string> sent;
  for (const HostileStep& step : loaded.flow().hostiles)
    sent.push_back(protocol.packet(step.send.packet).name);
  EXPECT_EQ(sent, (std::vector<std::string>{"C_LOGIN", "C_LOGIN", "C_LOGIN", "C_PONG"}));
}

TEST(HostileTest, BytesMayBeText) {
  const Loaded loaded = LoadSteps(R"({"bytes": "GET /", "as": "text"})");
  EXPECT_EQ(Hex(FirstOf(loaded).bytes), "474554202f");
}

TEST(HostileTest, AfterAnExpectedCloseTheFlowConnectsAgain) {
  const Loaded again = LoadSteps(R"(
    {"hostile": "size-zero", "expect": "close"}, {"connect": "game"}, {"send": "C_CHAT"})");
  EXPECT_TRUE(again.scenario) << again.errors.ToString();
  const Loaded closed =
      LoadSteps(R"({"hostile": "size-zero", "expect": "close"}, {"send": "C_CHAT"})");
  ASSERT_EQ(closed.errors.list().size(), 1U);
  EXPECT_NE(closed.errors.ToString().find("is not connected"), std::string::npos);
  const Loaded either = LoadSteps(R"(
    {"hostile": "size-zero", "expect": ["close", "ignore"]}, {"disconnect": "reset"}, {"connect": "game"})");
  EXPECT_TRUE(either.scenario) << either.errors.ToString();
}

TEST(HostileTest, MistakesAreToldAtTheirPlace) {
  struct Mistake {
    std::string step, path, words;
  };
  const std::vector<Mistake> mistakes = {
      {R"({"hostile": "size-zeor"})", "flows.main[1].hostile", "did you mean \"size-zero\"?"},
      {R"({"hostile": "rude"})", "flows.main[1].hostile", "known: byte-by-byte, flood,"},
      {R"({"hostile": "size-zero", "count": 5})", "flows.main[1].count", "unknown key"},
      {R"({"hostile": "flood", "packet": "C_CHATT"})", "flows.main[1].packet", "did you mean"},
      {R"({"hostile": "flood", "packet": "S_CHAT"})", "flows.main[1].packet",
       "is sent by the server"},
      {R"({"hostile": "glued", "packet": "C_CHAT", "count": 1001})", "flows.main[1].count",
       "between 1 and 1000"},
      {R"({"hostile": "size-zero", "expect": "clos"})", "flows.main[1].expect",
       "did you mean \"close\"?"},
      {R"({"hostile": "size-zero", "expect": []})", "flows.main[1].expect", "at least one of"},
      {R"({"hostile": "size-zero", "expect": ["reply", "S_CHAT"]})", "flows.main[1].expect[1]",
       "second reply"},
      {R"({"bytes": "xyz"})", "flows.main[1].bytes", "add \"as\": \"text\""},
      {R"({"bytes": "", "as": "text"})", "flows.main[1].bytes", "at least one byte"},
      {R"({"bytes": "00", "as": "octal"})", "flows.main[1].as", "known: hex, text"}};
  for (const Mistake& mistake : mistakes) {
    const Loaded loaded = LoadSteps(mistake.step);
    ASSERT_EQ(loaded.errors.list().size(), 1U) << mistake.step << loaded.errors.ToString();
    EXPECT_EQ(loaded.errors.list()[0].path, mistake.path) << loaded.errors.ToString();
    EXPECT_NE(loaded.errors.ToString().find(mistake.words), std::string::npos)
        << loaded.errors.ToString();
  }
}

}  // namespace
}  // namespace stressbot
