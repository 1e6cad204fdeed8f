#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "StressBot/report/RunNode.h"
#include "StressBot/report/RunResult.h"

namespace stressbot {

/// A run as its JSON report kept it. Its parts refer to each other, so it stays where it was made.
struct RecordedRun {
  RecordedRun() = default;
  RecordedRun(const RecordedRun&) = delete;
  RecordedRun& operator=(const RecordedRun&) = delete;

  MetricsCatalog catalog;
  std::optional<RunMetrics> metrics;  ///< nothing when the run could not begin
  RunResult result;                   ///< refers to metrics
};

/// Reads a JSON report. Every other report made of it is the one that the run itself would have
/// made. Null, with a sentence in `error`, when the text is none, of another version, or damaged:
/// it may come from anywhere.
std::unique_ptr<RecordedRun> ReadRun(std::string_view text, std::string& error);
/// The same for a file, of 1 GiB at most; the sentence names it.
std::unique_ptr<RecordedRun> ReadRunFile(const std::filesystem::path& file, std::string& error);

/// Reads `aliases`, `series` and `timeline` of a report into `run`.
void ReadMetrics(const RunNode& root, RecordedRun& run);
/// Reads `timeline`, the points in time that all series share.
std::vector<Timeline::Span> ReadSpans(const RunNode& node);
/// Reads the points of one series.
void ReadColumn(const RunNode& node, MetricKind kind, std::uint32_t index, Timeline& timeline);
Tags ReadTags(const RunNode& node);

}  // namespace stressbot
