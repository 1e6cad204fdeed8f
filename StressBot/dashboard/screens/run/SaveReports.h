#pragma once
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "StressBot/dashboard/screens/run/RunContext.h"
#include "StressBot/report/ReportFormats.h"

namespace stressbot::run {

/// A dialog: which reports of a run that is over to write, and where.
class SaveReports {
 public:
  /// Shows it from the next frame on, with a name that fits the run.
  void Open(const RunContext& run);
  /// In each frame.
  void Draw(const RunContext& run);

 private:
  void DrawFormats(const RunContext& run);
  void DrawAnswers(const RunContext& run) const;
  std::filesystem::path FileOf(const ReportFormat& format) const;
  /// One of the files that would be replaced; empty: there is none.
  std::string FindExisting() const;
  /// Asks first when files are there already: then it saves when it is called again.
  void Save(const RunContext& run);

  struct Answer {
    bool is_saved = false;
    std::string text;  ///< the file, or why not
  };
  bool is_wanted_ = false;
  std::set<std::string, std::less<>> formats_{"json", "html"};
  std::string folder_, name_;
  std::string existing_;  ///< a file of which it was asked whether to replace it
  std::vector<Answer> answers_;
};

}  // namespace stressbot::run
