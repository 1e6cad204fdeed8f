#include "StressBot/cli/ConformanceTable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "StressBot/cli/HostileTrial.h"

namespace stressbot {
namespace {

using ::testing::HasSubstr;
using RowVerdict = ConformanceRow::Verdict;

std::vector<ConformanceRow> Rows() {
  return {
      {"size-zero", "A header", "closed", "close", RowVerdict::kGood, ""},
      {"id-max", "An id", "died", "ignore it", RowVerdict::kFailed, "it <crashed>\x1b[2J"},
      {"size-one", "Another", "not possible here", "close", RowVerdict::kNotTried, "no length"}};
}

TEST(ConformanceTableTest, ADescriptionSaysWhatIsSentAndWhatGoodServersDo) {
  ConformanceRow row;
  ReadDescription("A header. It ends. Good servers close: at once.", row);
  EXPECT_EQ(row.sent, "A header. It ends");
  EXPECT_EQ(row.good, "close: at once");
  ReadDescription("Nothing else", row);
  EXPECT_EQ(row.sent, "Nothing else");
}

TEST(ConformanceTableTest, LinesStandBelowTheHead) {
  const auto rows = Rows();
  const ConformanceTable table(rows);
  const std::string head = table.Head(), line = table.Line(rows[0]);
  EXPECT_EQ(head.find("what was sent"), line.find("A header"));
  EXPECT_EQ(head.find("good servers"), line.find("close\n"));
  EXPECT_THAT(table.Line(rows[1]), HasSubstr("FAIL   id-max"));
  EXPECT_EQ(table.Line(rows[1]).find('\x1b'), std::string::npos);
}

TEST(ConformanceTableTest, MachinesReadTheSame) {
  const std::string json = ConformanceJson(Rows(), "127.0.0.1:1", 99);
  EXPECT_THAT(json, HasSubstr("\"code\": 99"));
  EXPECT_THAT(json, HasSubstr("\"verdict\": \"not tried\""));
  const std::string xml = ConformanceJunit(Rows(), "127.0.0.1:1");
  EXPECT_THAT(xml, HasSubstr("tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\""));
  EXPECT_THAT(xml, HasSubstr("it &lt;crashed&gt;"));
  EXPECT_THAT(xml, HasSubstr("<skipped message=\"no length\"/>"));
}

TEST(ConformanceTableTest, OutcomesThatDifferAreCounted) {
  HostileOutcomes outcomes;
  EXPECT_FALSE(outcomes.good());
  outcomes.closed = outcomes.as_expected = 3;
  EXPECT_EQ(outcomes.Words(), "closed");
  EXPECT_TRUE(outcomes.good());
  outcomes.ignored = 1;
  EXPECT_EQ(outcomes.Words(), "closed 3, ignored 1");
  EXPECT_FALSE(outcomes.good());
}

TEST(ConformanceTableTest, EveryMisbehaviourIsBuiltIn) {
  EXPECT_EQ(HostileScenarios().size(), 13U);
  for (const HostileScenario& scenario : HostileScenarios())
    EXPECT_THAT(std::string(scenario.text),
                HasSubstr("\"hostile\": \"" + std::string(scenario.name) + "\""));
}

}  // namespace
}  // namespace stressbot
