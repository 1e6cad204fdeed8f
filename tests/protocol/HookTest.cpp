#include "StressBot/protocol/Hook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "StressBot/json/JsonDocument.h"
#include "StressBot/protocol/ProtocolFile.h"
#include "StressBot/system/SharedLibrary.h"

extern "C" std::size_t BytesOfHookFunctionsInC(void);

namespace stressbot {
namespace {

using testing::HasSubstr;
using Bytes = std::vector<std::byte>;

TEST(HookTest, TheInterfaceIsTheSameInC) {
  EXPECT_EQ(BytesOfHookFunctionsInC(), sizeof(stressbot_hook_functions));
}

/// A protocol file with that hook, and the mistake in it, if any.
std::shared_ptr<const Protocol> LoadWith(const std::string& hook, Diagnostic& error) {
  const std::string text = R"({"header": {"fields": [
    {"name": "size", "type": "u16", "role": "length", "counts": "packet"},
    {"name": "id", "type": "u16", "role": "id"}]},
  "hook": )" + hook + R"(,
  "payload": {"codec": "packed", "packets": {"C_A": []}},
  "ids": [{"assign": "sequential", "start": 1}]})";
  Diagnostics errors;
  const auto document = JsonDocument::Parse(text, STRESSBOT_HOOKS "/any.protocol.json", errors);
  auto protocol = document ? CompileProtocol(*document, errors) : nullptr;
  EXPECT_EQ(protocol == nullptr, errors.list().size() == 1) << errors.ToString();
  if (!errors.list().empty()) error = errors.list().front();
  return protocol;
}

void ExpectRefused(const std::string& hook, const std::string& path, const std::string& message) {
  Diagnostic error;
  EXPECT_EQ(LoadWith(hook, error), nullptr);
  EXPECT_EQ(error.path, path);
  EXPECT_EQ(error.line, 4);
  EXPECT_THAT(error.message, HasSubstr(message));
}

TEST(HookTest, AProtocolFileNamesItsLibrary) {
  Diagnostic error;
  const auto protocol =
      LoadWith(R"({"library": "test_hook", "config": {"mode": "mirror"}})", error);
  ASSERT_NE(protocol, nullptr) << error.message;
  EXPECT_TRUE(protocol->is_wrapped());
  EXPECT_TRUE(protocol->hook()->measures());
  EXPECT_EQ(protocol->hook()->wire_bytes_extra(), 16U);
}

TEST(HookTest, WhatCannotBeLoadedIsToldInASentence) {
  ExpectRefused(R"({"config": {}})", "hook", "library");
  ExpectRefused(R"({"library": "missing"})", "hook.library", "no such file: ");
  ExpectRefused(R"({"library": "no_hook"})", "hook.library",
                "exports no function \"stressbot_hook\", so it is no hook");
  ExpectRefused(R"({"library": "future_hook"})", "hook.library",
                "was built for version 2 of the hook interface, and this is version 1");
  ExpectRefused(R"({"library": "test_hook", "config": {"mode": "create-refuses"}})", "hook.library",
                "the hook refuses its \"config\": nothing pleases it");
  ExpectRefused(R"({"library": "test_hook", "config": {"mode": "create-says-too-much"}})",
                "hook.library", "xxxxxxxx");
  ExpectRefused(R"({"library": "test_hook", "config": {"mode": ["a"]}})", "hook.config.mode",
                "must be a text, a number, true or false");
  ExpectRefused(R"({"library": "five_byte_header", "config": {"kode": 1}})", "hook.library",
                "it knows \"code\" and \"key\" only");
  ExpectRefused(R"({"library": "five_byte_header", "config": {"code": 256}})", "hook.library",
                "whole numbers from 0 to 255");
}

class HookConnectionTest : public testing::Test {
 protected:
  static constexpr std::size_t kPacketBytesMax = 100;

  void Use(const std::string& mode) {
    connection_.reset();
    const std::vector<Hook::Setting> settings{{"mode", mode}};
    std::string error;
    hook_ = Hook::Load(SharedFile("test_hook"), settings, error);
    ASSERT_NE(hook_, nullptr) << error;
    connection_ = std::make_unique<HookConnection>(*hook_, kPacketBytesMax);
    fault_of_open_ = Text(connection_->Open(1, answer_).fault);
  }
  static std::filesystem::path SharedFile(const std::string& name) {
    return SharedLibrary::FileOf(STRESSBOT_HOOKS "/" + name);
  }
  static std::string Text(const char* fault) { return fault != nullptr ? fault : ""; }

  std::string Decode() { return Text(connection_->Decode(Bytes(8), plain_, answer_).fault); }
  std::string Encode() { return Text(connection_->Encode(Bytes(8), wire_).fault); }
  std::string Measure(std::size_t bytes) { return Text(connection_->Measure(Bytes(bytes)).fault); }

  std::shared_ptr<const Hook> hook_;
  std::unique_ptr<HookConnection> connection_;
  std::string fault_of_open_;
  // Exactly as large as promised, so that the address sanitizer sees any byte behind.
  Bytes plain_ = Bytes(kPacketBytesMax);
  Bytes wire_ = Bytes(kPacketBytesMax + 16);
  Bytes answer_ = Bytes(HookConnection::kAnswerBytesMax);
};

TEST_F(HookConnectionTest, AHookThatBehavesHasNoFaults) {
  Use("mirror");
  EXPECT_EQ(fault_of_open_, "");
  EXPECT_EQ(connection_->Measure(Bytes(3)).wire_bytes, 4U);
  EXPECT_FALSE(connection_->Measure(Bytes(3)).is_whole);
  const Bytes packet{std::byte{5}, {}, {}, {}, std::byte{9}};
  EXPECT_EQ(connection_->Measure(packet).wire_bytes, 5U);
  const auto decoded = connection_->Decode(packet, plain_, answer_);
  EXPECT_TRUE(std::ranges::equal(decoded.plain, packet));
  EXPECT_TRUE(decoded.answer.empty());
  EXPECT_TRUE(std::ranges::equal(connection_->Encode(packet, wire_).bytes, packet));
}

TEST_F(HookConnectionTest, WhatCannotBeIsAFaultAndNeverUsed) {
  const auto fault = [&](const std::string& mode, auto call) {
    Use(mode);
    return fault_of_open_.empty() ? call() : fault_of_open_;
  };
  const auto decode = [&] { return Decode(); };
  const auto encode = [&] { return Encode(); };
  const auto measure = [&] { return Measure(8); };
  EXPECT_THAT(fault("open-refuses", decode), HasSubstr("refused"));
  EXPECT_THAT(fault("greeting-too-much", decode), HasSubstr("more bytes than there was room"));
  EXPECT_THAT(fault("measure-fails", measure), HasSubstr("could not tell"));
  EXPECT_THAT(fault("measure-unknown-code", measure), HasSubstr("could not tell"));
  EXPECT_THAT(fault("measure-says-nothing", measure), HasSubstr("impossible size"));
  EXPECT_THAT(fault("measure-goes-back", measure), HasSubstr("impossible size"));
  EXPECT_THAT(fault("measure-huge", measure), HasSubstr("too large"));
  EXPECT_THAT(fault("decode-fails", decode), HasSubstr("could not decode"));
  EXPECT_THAT(fault("decode-unknown-code", decode), HasSubstr("could not decode"));
  EXPECT_THAT(fault("decode-too-much", decode), HasSubstr("more bytes than there was room"));
  EXPECT_THAT(fault("answer-too-much", decode), HasSubstr("more bytes than there was room"));
  EXPECT_THAT(fault("encode-fails", encode), HasSubstr("could not be encoded"));
  EXPECT_THAT(fault("encode-nothing", encode), HasSubstr("could not be encoded"));
  EXPECT_THAT(fault("encode-too-much", encode), HasSubstr("more bytes than there was room"));
}

}  // namespace
}  // namespace stressbot
