#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "StressBot/json/JsonDocument.h"
#include "StressBot/protocol/ProtocolFile.h"

/// What a protocol file says of trailers, checksums, sequences and transforms.
namespace stressbot {
namespace {

using testing::HasSubstr;

std::string File(const std::string& fields, const std::string& more = "") {
  return R"({"header": {"fields": [
{"name": "size", "type": "u16", "role": "length", "counts": "packet"},
{"name": "id", "type": "u16", "role": "id"})" +
         (fields.empty() ? "" : ",\n" + fields) + "]},\n" + (more.empty() ? "" : more + ",\n") +
         R"("payload": {"codec": "packed", "packets": {"C_A": [{"name": "x", "type": "u8"}]}},
"ids": [{"assign": "sequential", "start": 1}]})";
}

std::shared_ptr<const Protocol> Read(const std::string& text, Diagnostics& errors) {
  const auto document = JsonDocument::Parse(text, "a.protocol.json", errors);
  return document ? CompileProtocol(*document, errors) : nullptr;
}

std::shared_ptr<const Protocol> Load(const std::string& text) {
  Diagnostics errors;
  auto protocol = Read(text, errors);
  EXPECT_NE(protocol, nullptr) << errors.ToString();
  return protocol;
}

void ExpectError(const std::string& text, int line, const std::string& path,
                 const std::string& message) {
  Diagnostics errors;
  EXPECT_EQ(Read(text, errors), nullptr) << text;
  ASSERT_EQ(errors.list().size(), 1U) << errors.ToString();
  EXPECT_EQ(errors.list().front().line, line);
  EXPECT_EQ(errors.list().front().path, path);
  EXPECT_THAT(errors.list().front().message, HasSubstr(message));
}

std::string Encoded(const Protocol& protocol) {
  FieldNode root;
  FieldNode x;
  x.content = Value(std::int64_t{0x31});
  root.content = FieldNode::Members{{"x", x}};
  CompileError error;
  const auto packet = protocol.codec().CompileTemplate(0, root, error);
  EXPECT_TRUE(packet) << error.message;
  std::vector<std::byte> bytes(packet->BytesMax({}));
  bytes.resize(packet->Encode(bytes, {}));
  EnvelopeState state;
  if (protocol.envelope() != nullptr) protocol.envelope()->Seal(bytes, state, 7);
  std::string text;
  for (const std::byte byte : bytes) text += static_cast<char>(byte);
  return text;
}

TEST(EnvelopeFileTest, WithoutAnyOfItThereIsNoEnvelope) {
  const auto protocol = Load(File(""));
  EXPECT_EQ(protocol->envelope(), nullptr);
  EXPECT_FALSE(protocol->is_wrapped());
  EXPECT_EQ(Encoded(*protocol), std::string("\5\0\1\0"
                                            "1",
                                            5));
}

TEST(EnvelopeFileTest, ReadsAllOfIt) {
  const auto protocol =
      Load(File(R"({"name": "seq", "type": "u8", "role": "sequence", "start": 5, "step": 2},
{"name": "call", "type": "u16", "role": "correlation"},
{"name": "sum", "type": "u8", "role": "checksum", "algorithm": "sum", "over": ["id", "payload"]})",
                R"("trailer": {"fields": [
  {"name": "crc", "type": "u16", "role": "checksum", "algorithm": "crc-16/arc", "over": "payload", "of": "wire"},
  {"name": "end", "type": "u8", "role": "constant", "value": 13},
  {"name": "spare", "type": "u8", "role": "opaque"}]},
"transforms": [{"xor": "01", "over": ["call", "payload"]}])"));
  ASSERT_TRUE(protocol->is_wrapped());
  EXPECT_EQ(protocol->envelope()->trailer_bytes(), 4U);
  EXPECT_EQ(protocol->envelope()->correlation_bytes(), 2U);
  // 13 bytes: size, id, seq, call ^ 0101, sum of 01 00 31, payload ^ 01, CRC of "0", end, spare.
  EXPECT_EQ(Encoded(*protocol), std::string("\15\0\1\0\5\6\1\x32"
                                            "0\0\x14\15\0",
                                            13));
}

TEST(EnvelopeFileTest, RefusesWhatCannotBe) {
  const auto field = [](const std::string& text) { return File(text); };
  ExpectError(field(R"({"name": "a", "type": "u8", "role": "sequence", "start": 256})"), 4,
              "header.fields[2].start", "must be a whole number from 0 to 255 (u8), not 256");
  ExpectError(field(R"({"name": "a", "type": "u8", "role": "sequence", "received": "verifed"})"), 4,
              "header.fields[2].received", "did you mean \"verified\"?");
  ExpectError(field(R"({"name": "a", "type": "u8", "role": "opaque", "step": 1})"), 4,
              "header.fields[2].step", "only a field with \"role\": \"sequence\" has a step");
  ExpectError(field(R"({"name": "a", "type": "u8", "role": "checksum", "over": "payload"})"), 4,
              "header.fields[2]", "algorithm");
  ExpectError(
      field(
          R"({"name": "a", "type": "u8", "role": "checksum", "algorithm": "sums", "over": "payload"})"),
      4, "header.fields[2].algorithm", "did you mean \"sum\"?");
  ExpectError(
      field(
          R"({"name": "a", "type": "u8", "role": "checksum", "algorithm": "crc-16/arc", "over": "payload"})"),
      4, "header.fields[2].algorithm", "has 16 bits, which a field of type \"u8\" cannot hold");
  ExpectError(
      field(
          R"({"name": "a", "type": "u8", "role": "checksum", "algorithm": "sum", "over": ["size", "sise"]})"),
      4, "header.fields[2].over[1]", "did you mean \"size\"?");
  ExpectError(
      field(R"({"name": "a", "type": "u8", "role": "checksum", "algorithm": "sum", "over": "a"})"),
      4, "header.fields[2].over", "a checksum cannot be over a checksum");
  ExpectError(field(R"({"name": "payload", "type": "u8", "role": "opaque"})"), 4,
              "header.fields[2].name", "cannot be a field's name");
  ExpectError(field(R"({"name": "a", "type": "u8", "role": "correlation"},
{"name": "b", "type": "u8", "role": "correlation"})"),
              5, "header.fields[3].role", "two fields have the role correlation");
}

TEST(EnvelopeFileTest, RefusesTrailersAndTransformsThatCannotBe) {
  const auto more = [](const std::string& text) { return File("", text); };
  ExpectError(more(R"("trailer": {"fields": [{"name": "id", "type": "u8", "role": "opaque"}]})"), 4,
              "trailer.fields[0].name", "a header field is called \"id\" already");
  ExpectError(more(R"("trailer": {"fields": [{"name": "a", "type": "u8", "role": "sequence"}]})"),
              4, "trailer.fields[0].role", "unknown role \"sequence\"");
  ExpectError(more(R"("trailer": {})"), 4, "trailer", "fields");
  ExpectError(more(R"("transforms": [{"xor": "A", "over": "payload"}])"), 4, "transforms[0].xor",
              "bytes of a key in hexadecimal");
  ExpectError(more(R"("transforms": [{"xor": "", "over": "payload"}])"), 4, "transforms[0].xor",
              "bytes of a key in hexadecimal");
  ExpectError(more(R"("transforms": [{"xor": "A5", "over": "header"}])"), 4, "transforms[0].over",
              "the length must be readable before the packet is whole");
  ExpectError(more(R"("transforms": [{"xor": "A5", "over": []}])"), 4, "transforms[0].over",
              "needs at least one part");
  ExpectError(more(R"("trailer": {"fields": [{"name": "a", "type": "u8", "role": "checksum",
"algorithm": "sum", "over": "payload", "of": "wire"}]}, "transforms": [{"xor": "A5", "over": "a"}])"),
              5, "transforms[0].over", "cannot be transformed itself");
  ExpectError(more(R"("maxPacketBytes": 7, "trailer": {"fields": [
{"name": "a", "type": "u32", "role": "opaque"}]})"),
              4, "trailer", "longer than a packet may be, 7 bytes");
}

}  // namespace
}  // namespace stressbot
