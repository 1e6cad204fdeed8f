#include "StressBot/cli/RunSeries.h"

#include <fmt/format.h>

#include <cstdio>

#include "StressBot/analysis/RunTally.h"
#include "StressBot/cli/ChildRun.h"
#include "StressBot/cli/ReportFiles.h"
#include "StressBot/cli/StatusLine.h"
#include "StressBot/metrics/Format.h"
#include "StressBot/report/Utf8.h"
#include "StressBot/system/Terminal.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

namespace {

namespace fs = std::filesystem;

const std::vector<OptionName> kOwnOptions{
    {"--repeat"}, {"--until-fail", false}, {"--seed"}, {"--out"}, {"--quiet", false}};

/// A device or pipe takes the reports of all runs, one after the other.
fs::path NumberedFile(const fs::path& file, std::uint64_t number, std::uint64_t of) {
  std::error_code ignored;
  const fs::file_status status = fs::status(file, ignored);
  if (fs::exists(status) && !fs::is_regular_file(status)) return file;
  fs::path numbered = file;
  numbered.replace_filename(
      PathOf(NumberedStem(Utf8Of(file.stem()), number, of) + Utf8Of(file.extension())));
  return numbered;
}

class Repeater {
 public:
  explicit Repeater(const Options& options) : options_(options), tally_(options.scenario_file) {}

  ExitCode Run() {
    if (folder_.path().empty()) {
      std::fprintf(stderr, "stressbot run: %s\n", folder_.error().c_str());
      return ExitCode::kInternalError;
    }
    const std::uint64_t times = options_.series.times;
    for (std::uint64_t number = 1; (times == 0 || number <= times) && !over_; ++number) {
      if (!RunOne(number)) return ExitCode::kConfiguration;
    }
    std::string text = tally_.Format();
    if (tally_.failed() > 0)
      text += "To run one of them again: the same command with --seed, without --repeat.\n";
    return PrintResult(text, tally_.code());
  }

 private:
  /// False when nothing could be started: the mistakes were told.
  bool RunOne(std::uint64_t number) {
    const std::uint64_t seed = options_.scenario.seed.value_or(kDefaultSeed) + number - 1;
    const fs::path json_file = folder_.path() / "run.json";
    const ChildRunEnd ended =
        RunAsChild(WordsFor(number, seed, json_file), json_file, signals_,
                   [&](std::chrono::nanoseconds so_far) { Show(number, seed, so_far); });
    line_.Clear();
    if (ended.verdict.code() == ExitCode::kConfiguration) {
      for (const std::string& line : ended.last_lines) std::fprintf(stderr, "%s\n", line.c_str());
      return false;
    }
    const Verdict& verdict = ended.verdict;
    tally_.Add(seed, verdict);
    over_ = ended.interrupted || (options_.series.until_fail && !verdict.passed());
    std::printf(
        "%s   seed %llu   %s %d   %s%s\n", NameOf(number).c_str(),
        static_cast<unsigned long long>(seed), verdict.passed() ? "PASS" : "FAIL",
        static_cast<int>(verdict.code()), FormatSpan(ended.duration).c_str(),
        verdict.reasons.empty() ? "" : ("   " + ToPrintable(verdict.reasons.front().text)).c_str());
    std::fflush(stdout);
    return true;
  }

  std::vector<std::string> WordsFor(std::uint64_t number, std::uint64_t seed,
                                    const fs::path& json_file) const {
    std::vector<std::string> words = WordsWithout(options_.words, kOwnOptions);
    words.insert(words.end(),
                 {"--quiet", "--seed", std::to_string(seed), "--out", "json=" + Utf8Of(json_file)});
    for (const ReportOutput& output : options_.outputs) {
      const fs::path file = NumberedFile(output.file, number, options_.series.times);
      words.insert(words.end(), {"--out", std::string(output.format->name) + "=" + Utf8Of(file)});
    }
    return words;
  }

  /// "run 3 of 10".
  std::string NameOf(std::uint64_t number) const {
    const std::uint64_t times = options_.series.times;
    return "run " + FormatCount(number) + (times == 0 ? "" : " of " + FormatCount(times));
  }

  void Show(std::uint64_t number, std::uint64_t seed, std::chrono::nanoseconds so_far) {
    if (options_.quiet) return;
    line_.Show(fmt::format("{}   seed {}   {}", NameOf(number), seed, FormatSpan(so_far)));
  }

  const Options& options_;
  TemporaryFolder folder_;
  servercore::StopSignals signals_;
  RunTally tally_;
  bool over_ = false;
  StatusLine line_{stderr, TerminalColumns(stderr)};
};

}  // namespace

ExitCode RunSeries(const Options& options) { return Repeater(options).Run(); }

}  // namespace stressbot
