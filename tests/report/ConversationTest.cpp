#include "StressBot/report/Conversation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "StressBot/report/JsonReport.h"
#include "StressBot/report/RunReader.h"
#include "StressBot/report/Summary.h"
#include "StressBot/report/Utf8.h"
#include "tests/report/SampleRun.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Way = ConversationLine::Way;

std::vector<ConversationLine> Sample() {
  return {{.at = 12ms, .content = "connected to game"},
          {.at = 13ms,
           .way = Way::kSent,
           .packet = "C_LOGIN",
           .id = 1000,
           .bytes = 11,
           .content = "{name: \"bot-0\"}",
           .step = "C_LOGIN"},
          {.at = 1'402ms,
           .way = Way::kReceived,
           .packet = "S_LOGIN",
           .id = 1001,
           .bytes = 1'024,
           .skipped = 31,
           .content = "{success: true}",
           .step = "login"},
          {.at = 2s,
           .way = Way::kUnwanted,
           .packet = "S_CHAT",
           .id = 1005,
           .bytes = 9,
           .content = "{msg: \"hi\"}"}};
}

TEST(ConversationTest, LinesUp) {
  EXPECT_EQ(FormatConversation(Sample(), 100), R"(   0.012 s  -- connected to game
   0.013 s  -> C_LOGIN (1000)    11 B  {name: "bot-0"}
            < 31 packets not shown
   1.402 s  <- S_LOGIN (1001) 1,024 B  {success: true}  [login]
   2.000 s  <  S_CHAT (1005)      9 B  (nobody waits for it) {msg: "hi"}
)");
}

TEST(ConversationTest, LongContentIsCutAndTheStepStays) {
  std::vector<ConversationLine> lines = Sample();
  for (int i = 0; i < 100; ++i) lines[2].content += "안녕하세요";
  const std::string text = FormatConversation({lines[2]}, 80);
  EXPECT_TRUE(text.ends_with(" ...  [login]\n")) << text;
  const std::string last = text.substr(text.find('\n') + 1);
  EXPECT_LE(DisplayWidth(last.substr(0, last.size() - 1)), 80U) << last;
  EXPECT_EQ(ToValidUtf8(text), text) << "cut within a character";
}

TEST(ConversationTest, WhatAServerSentCannotSpeakToTheTerminal) {
  ConversationLine line;
  line.way = Way::kReceived;
  line.packet = "S_\x1b[2J";
  line.content = "a\nb\x1b[31m\xff\xc2\x9b";
  line.step = "st\nep";
  const std::string text = ConversationFormat(100, 10).Line(line);
  EXPECT_EQ(text.find('\n'), text.size() - 1) << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos) << text;
  EXPECT_EQ(text.find("\xc2\x9b"), std::string::npos) << text;
  EXPECT_EQ(ToValidUtf8(text), text);
}

TEST(ConversationTest, NarrowTerminalsGetSomething) {
  for (std::size_t columns = 0; columns < 40; ++columns)
    for (const ConversationLine& line : Sample())
      EXPECT_TRUE(ConversationFormat(columns, 20).Line(line).ends_with('\n'));
}

TEST(ConversationTest, ReportsShowIt) {
  SampleRun run;
  run.result.first_failures[0].conversation = Sample();
  const std::string summary = FormatSummary(run.result);
  EXPECT_THAT(summary, HasSubstr("before that: bot 512 at 12.4 s, reset by server in step chat\n"
                                 "   0.012 s  -- connected to game\n"));
  const auto json = ToJson(run.result);
  const auto& lines = json["first_failures"][0]["conversation"];
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[1]["way"], "sent");
  EXPECT_EQ(lines[1]["packet"], "C_LOGIN");
  EXPECT_EQ(lines[2]["skipped"], 31);
  EXPECT_EQ(lines[2]["bytes"], 1'024);
  EXPECT_FALSE(lines[0].contains("packet"));
}

TEST(ConversationTest, IsReadAgainAsItWasWritten) {
  SampleRun run;
  run.result.first_failures[0].conversation = Sample();
  run.result.first_failures[0].conversation[3].server = "game";
  std::string error;
  const auto read = ReadRun(WriteJson(run.result), error);
  ASSERT_NE(read, nullptr) << error;
  const auto& lines = read->result.first_failures[0].conversation;
  EXPECT_EQ(FormatConversation(lines, 100),
            FormatConversation(run.result.first_failures[0].conversation, 100));
}

TEST(ConversationTest, TheSummaryShowsTheEndOfALongOne) {
  SampleRun run;
  auto& lines = run.result.first_failures[0].conversation;
  for (int i = 0; i < 30; ++i) lines.push_back({.content = "line " + std::to_string(i)});
  const std::string summary = FormatSummary(run.result);
  EXPECT_THAT(summary, HasSubstr("line 29\n"));
  EXPECT_THAT(summary, HasSubstr("line 20\n"));
  EXPECT_EQ(summary.find("line 19\n"), std::string::npos);
}

}  // namespace
}  // namespace stressbot
