#include "StressBot/cli/ChildRun.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <system_error>
#include <utility>

#include "StressBot/system/ChildProcess.h"
#include "StressBot/system/Environment.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

Verdict Failed(ExitCode code, std::string text) { return {{{code, std::move(text)}}}; }

/// What its exit code says when there is no report.
Verdict VerdictWithoutReport(const ProcessEnd& end, const std::string& why) {
  const bool refused = end.way == ProcessEnd::Way::kExited &&
                       end.exit_code == static_cast<int>(ExitCode::kConfiguration);
  if (refused) return Failed(ExitCode::kConfiguration, "nothing was started");
  return Failed(ExitCode::kInternalError,
                "stressbot itself " + end.ToString() + " and left no report: " + why);
}

}  // namespace

ChildRunEnd RunAsChild(std::vector<std::string> words, const fs::path& json_file,
                       servercore::StopSignals& signals,
                       const std::function<void(std::chrono::nanoseconds so_far)>& look) {
  constexpr std::chrono::milliseconds kLookEvery{100};
  words.insert(words.begin(), {OwnProgramFile(), "run"});
  ChildRunEnd ended;
  std::string error;
  std::error_code ignored;
  fs::remove(json_file, ignored);  // what an earlier run left must not be taken for this one's
  const auto began = Clock::now();
  const auto child = ChildProcess::Start(std::move(words), error);
  if (child == nullptr) {
    ended.verdict = Failed(ExitCode::kInternalError, error);
    return ended;
  }
  int asked = 0;
  std::optional<ProcessEnd> end;
  while (!(end = child->TryWait())) {
    const int pressed = signals.WaitFor(kLookEvery);
    if (pressed > asked) asked == 0 ? child->Terminate() : child->Kill();
    asked = std::max(asked, pressed);
    look(Clock::now() - began);
  }
  ended.duration = Clock::now() - began;
  ended.interrupted = asked > 0;
  ended.last_lines = child->LastLines();
  ended.run = ReadRunFile(json_file, error);
  if (ended.run != nullptr) {
    ended.verdict = ended.run->result.verdict;
  } else if (!ended.interrupted) {
    ended.verdict = VerdictWithoutReport(*end, error);
  }
  if (ended.interrupted && ended.verdict.passed()) {
    ended.verdict.reasons.push_back({ExitCode::kInterrupted, "interrupted by Ctrl-C or SIGTERM"});
  }
  return ended;
}

std::vector<std::string> WordsWithout(const std::vector<std::string>& words,
                                      const std::vector<OptionName>& left_out) {
  std::vector<std::string> kept;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view word = words[i];
    const std::string_view name = word.substr(0, word.find('='));
    const auto found =
        std::find_if(left_out.begin(), left_out.end(),
                     [name](const OptionName& option) { return option.name == name; });
    if (found == left_out.end()) {
      kept.push_back(words[i]);
    } else if (found->has_value && name.size() == word.size()) {
      ++i;
    }
  }
  return kept;
}

TemporaryFolder::TemporaryFolder() {
  std::random_device random;
  std::error_code failure;
  path_ = fs::temp_directory_path(failure);
  if (!failure) {
    path_ /= fmt::format("stressbot-{:08x}{:08x}", random(), random());
    fs::create_directory(path_, failure);
  }
  if (!failure) return;
  error_ = "no folder can be made for reports: " + ReasonOf(failure);
  path_.clear();
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

}  // namespace stressbot
