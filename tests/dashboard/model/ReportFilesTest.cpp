#include "StressBot/dashboard/model/ReportFiles.h"

#include <gtest/gtest.h>

#include <set>

#include "StressBot/report/ReportFormats.h"

namespace stressbot {
namespace {

TEST(ReportFilesTest, AreCalledAfterTheScenarioAndItsMoment) {
  RunResult result;
  result.scenario = "town";
  result.started_at = "2026-07-13T14:25:01Z";
  EXPECT_EQ(ReportStem(result), "town_20260713_142501");
}

TEST(ReportFilesTest, NoScenarioLeadsOutOfItsFolder) {
  RunResult result;
  result.scenario = "../a b:c\\d";
  EXPECT_EQ(ReportStem(result), "___a_b_c_d");
  result.scenario = "마을";
  EXPECT_EQ(ReportStem(result), "마을");
  result.scenario.clear();
  EXPECT_EQ(ReportStem(result), "run");
}

TEST(ReportFilesTest, EachFormatHasAFileOfItsOwn) {
  std::set<std::string> names;
  for (const ReportFormat& format : ReportFormats())
    names.insert(ReportFileName("town", format.name));
  EXPECT_EQ(names.size(), ReportFormats().size());
  EXPECT_EQ(ReportFileName("town", "junit"), "town.junit.xml");
  EXPECT_EQ(ReportFileName("town", "json"), "town.json");
}

}  // namespace
}  // namespace stressbot
