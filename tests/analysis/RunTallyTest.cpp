#include "StressBot/analysis/RunTally.h"

#include <gtest/gtest.h>

namespace stressbot {
namespace {

Verdict Of(ExitCode code, std::string text) { return {{{code, std::move(text)}}}; }

TEST(RunTallyTest, GroupsFailuresByWhatTheySayNotByTheirNumbers) {
  RunTally tally("town");
  tally.Add(42, {});
  tally.Add(43, Of(ExitCode::kThresholdFailed, "Threshold chat p(99)<50ms failed: 61.0 ms."));
  tally.Add(44, Of(ExitCode::kServerDied, "the server was killed by signal 11 at 3.2 s"));
  tally.Add(45, Of(ExitCode::kServerDied, "the server was killed by signal 11 at 1 min 10 s"));
  tally.Add(46, Of(ExitCode::kServerDied, "the server was killed by signal 11 at 14.9 s"));
  tally.Add(47, Of(ExitCode::kThresholdFailed, "Threshold chat p(99)<50ms failed: 1.20 s."));
  tally.Add(48, Of(ExitCode::kThresholdFailed, "Threshold chat p(99)<50ms failed: 55.0 ms."));
  EXPECT_EQ(tally.runs(), 7U);
  EXPECT_EQ(tally.failed(), 6U);
  EXPECT_EQ(tally.code(), ExitCode::kServerDied);
  EXPECT_EQ(tally.Format(),
            "town   1 of 7 runs passed   FAIL 123\n"
            "  3 of 7   99  Threshold chat p(99)<50ms failed: 61.0 ms.   seeds 43, 47, 48\n"
            "  2 of 7   123  the server was killed by signal 11 at 3.2 s   seeds 44, 46\n"
            "  1 of 7   123  the server was killed by signal 11 at 1 min 10 s   seed 45\n");
}

TEST(RunTallyTest, ADeathIsTheSameWhateverWentOnThen) {
  RunTally tally("town");
  tally.Add(1, Of(ExitCode::kServerDied,
                  "the server died at 3.2 s; 1,000 bots connected; no event before"));
  tally.Add(2, Of(ExitCode::kServerDied,
                  "the server died at 2.9 s; 7 bots connected; last event \"a\" 3 ms before"));
  EXPECT_NE(tally.Format().find("  2 of 2   123  the server died at 3.2 s; 1,000 bots"),
            std::string::npos)
      << tally.Format();
}

TEST(RunTallyTest, ARunWithSeveralReasonsFailedOnce) {
  RunTally tally("town");
  tally.Add(1, {{{ExitCode::kThresholdFailed, "Threshold a<1 failed: 2."},
                 {ExitCode::kThresholdFailed, "Threshold b<1 failed: 2."}}});
  EXPECT_EQ(tally.failed(), 1U);
  EXPECT_EQ(tally.Format(),
            "town   0 of 1 runs passed   FAIL 99\n"
            "  1 of 1   99  Threshold a<1 failed: 2.   seed 1\n"
            "  1 of 1   99  Threshold b<1 failed: 2.   seed 1\n");
}

TEST(RunTallyTest, AMissingReportIsToldButTheRunPassed) {
  RunTally tally("town");
  tally.Add(1, Of(ExitCode::kReportNotWritten, "disk full"));
  EXPECT_EQ(tally.failed(), 0U);
  EXPECT_EQ(tally.code(), ExitCode::kReportNotWritten);
  EXPECT_EQ(tally.Format(),
            "town   1 of 1 runs passed   PASS 122\n  1 of 1   122  disk full   seed 1\n");
}

TEST(RunTallyTest, ManySeedsAreCut) {
  RunTally tally("town");
  for (std::uint64_t seed = 1; seed <= 9; ++seed)
    tally.Add(seed, Of(ExitCode::kNothingWorked, "silent"));
  EXPECT_NE(tally.Format().find("seeds 1, 2, 3, 4, 5, 6, 7, 8 ...\n"), std::string::npos);
}

TEST(RunTallyTest, NamesOfReportsSortAsTheRunsWent) {
  EXPECT_EQ(NumberedStem("town", 3, 9), "town-3");
  EXPECT_EQ(NumberedStem("town", 3, 10), "town-03");
  EXPECT_EQ(NumberedStem("town", 100, 100), "town-100");
  EXPECT_EQ(NumberedStem("town", 12, 0), "town-12");
}

}  // namespace
}  // namespace stressbot
