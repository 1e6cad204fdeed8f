#include "StressBot/report/MarkdownReport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/report/SampleRun.h"

namespace stressbot {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(MarkdownReportTest, IsAShortPage) {
  const std::string page = WriteMarkdown(SampleRun().result);
  EXPECT_THAT(page,
              StartsWith("## FAIL 99: login\\_enter\\_chat\n\n1,000 bots, 30.0 s, seed 42, "));
  EXPECT_THAT(page, HasSubstr("\n- **99** Threshold bots\\_dropped count==0 failed: 3.\n"));
  EXPECT_THAT(page, HasSubstr("\n| ok | chat\\_rtt | p(99)&lt;50ms | 12.4 ms |  |\n"));
  EXPECT_THAT(page, HasSubstr("\n| **FAIL** | bots\\_dropped | count==0 | 3 | first: bot 512 at "));
  EXPECT_THAT(page, HasSubstr("\n| chat\\_rtt | 1,205 | 12.4 ms | 12.4 ms | 12.4 ms | 12.4 ms | "
                              "12.4 ms | ≥ 5.00 s |\n"));
}

TEST(MarkdownReportTest, TheFirstConversationIsShownAsItWas) {
  SampleRun run;
  ConversationLine line;
  line.way = ConversationLine::Way::kReceived;
  line.packet = "S_CHAT";
  line.content = "{msg: \"**hi**\"}";
  run.result.first_failures[0].conversation = {line};
  EXPECT_THAT(
      WriteMarkdown(run.result),
      HasSubstr("\nBefore bot 512 at 12.4 s, reset by server in step chat:\n\n       0.000 s  "
                "<- S_CHAT (0)     0 B  {msg: \"**hi**\"}\n"));
}

TEST(MarkdownReportTest, NamesCannotBreakIt) {
  SampleRun run;
  run.result.scenario = "a|b\n# <script>[x](y) `c`";
  EXPECT_THAT(WriteMarkdown(run.result),
              StartsWith("## FAIL 99: a\\|b\uFFFD\\# &lt;script&gt;\\[x\\](y) \\`c\\`\n"));
}

TEST(MarkdownReportTest, ARunThatCouldNotBeginHasAVerdict) {
  RunResult result;
  result.scenario = "town";
  result.verdict.reasons = {{ExitCode::kCouldNotBegin, "the server does not listen"}};
  EXPECT_THAT(WriteMarkdown(result), HasSubstr("- **106** the server does not listen\n"));
}

TEST(MarkdownReportTest, ARunThatWasChangedByHandSaysSo) {
  SampleRun run;
  EXPECT_EQ(WriteMarkdown(run.result).find("changed by hand"), std::string::npos);
  run.result.changed_by_hand = true;
  EXPECT_NE(WriteMarkdown(run.result).find("\n- changed by hand"), std::string::npos);
}

}  // namespace
}  // namespace stressbot
