#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "StressBot/report/RunResult.h"

namespace stressbot {

/// How often runs of one scenario failed, and how: reasons that differ only in their numbers are
/// the same.
class RunTally {
 public:
  explicit RunTally(std::string scenario) : scenario_(std::move(scenario)) {}

  void Add(std::uint64_t seed, const Verdict& verdict);
  std::size_t runs() const { return runs_; }
  std::size_t failed() const { return failed_; }
  /// The first by precedence of all runs.
  ExitCode code() const { return all_.code(); }
  /// For people: how many passed, each way of failing with its first text and the seeds that show
  /// it, the most frequent first.
  std::string Format() const;

 private:
  struct Way {
    ExitCode code = ExitCode::kPassed;
    std::string likeness;  ///< the text without what differs
    std::string text;      ///< of the first
    std::vector<std::uint64_t> seeds;
  };

  Way& WayOf(const VerdictReason& reason);

  std::string scenario_;
  std::size_t runs_ = 0;
  std::size_t failed_ = 0;
  Verdict all_;
  std::vector<Way> ways_;
};

/// "town.json" of run 3 of 10 is "town-03.json": names sort as the runs went. Without a limit (0)
/// no digits are filled up.
std::string NumberedStem(std::string_view stem, std::uint64_t number, std::uint64_t of);

}  // namespace stressbot
