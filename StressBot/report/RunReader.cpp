#include "StressBot/report/RunReader.h"

#include <array>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include "StressBot/report/JsonConversation.h"
#include "StressBot/report/JsonNames.h"
#include "StressBot/report/JsonValues.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

namespace {

/// Beyond this a file is no report of ours.
constexpr std::uintmax_t kFileBytesMax = std::uintmax_t{1} << 30;

std::vector<std::string> ReadTexts(const RunNode& node) {
  std::vector<std::string> texts;
  for (const RunNode& element : node.Elements()) texts.push_back(element.Text());
  return texts;
}

std::vector<std::string> SplitLines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(std::move(line));
  return lines;
}

SlopeFit ReadSlope(const RunNode& node, const ThresholdResult& result) {
  SlopeFit fit;
  fit.samples = node.At("samples").Count();
  fit.per_hour = result.value;
  if (!result.has_data) return fit;
  const bool is_time = result.threshold.InNanoseconds();
  const auto read = [&](const char* plain, const char* in_ms) {
    return is_time ? NanosecondsOf(node.At(in_ms).Number()) : node.At(plain).Number();
  };
  fit.interval = {read("low", "low_ms"), read("high", "high_ms")};
  return fit;
}

ThresholdResult ReadThreshold(const RunNode& node) {
  ThresholdResult result;
  MetricKind kind = MetricKind::kCounter;
  if (!KindOf(node.At("kind").Text(), kind)) node.At("kind").Fail("is no kind of metric");
  const std::string expression = node.At("expression").Text();
  std::string why;
  const auto threshold =
      ParseThreshold({node.At("metric").Text(), ReadTags(node.At("tags"))}, kind, expression, why);
  if (!threshold) {
    node.At("expression").Fail("cannot be read: " + why);
    return result;
  }
  result.threshold = *threshold;
  result.threshold.is_default = node.At("default").Flag();
  if (node.Has("window_ms"))
    result.threshold.window = std::chrono::nanoseconds(node.At("window_ms").Milliseconds());
  if (node.Has("abort_on_fail")) result.threshold.abort_on_fail = node.At("abort_on_fail").Flag();
  result.passed = node.At("passed").Flag();
  result.has_data = node.At("has_data").Flag();
  result.is_lower_bound = node.At("lower_bound").Flag();
  if (result.has_data) {
    const bool is_time = result.threshold.InNanoseconds();
    const double value = node.At(is_time ? "value_ms" : "value").Number();
    result.value = is_time ? NanosecondsOf(value) : value;
  }
  if (node.Has("slope")) result.slope = ReadSlope(node.At("slope"), result);
  result.text = node.At("text").Text();
  result.detail = node.At("detail").Text();
  return result;
}

ServerReport ReadServer(const RunNode& node) {
  ServerReport server;
  server.name = node.At("name").Text();
  server.target = node.At("target").Text();
  server.command = node.At("command").Text();
  server.pid = node.At("pid").Integer();
  server.watched = node.At("watched").Flag();
  server.alive = node.At("alive").Flag();
  server.ending = node.At("ending").Text();
  server.last_lines = ReadTexts(node.At("last_lines"));
  if (node.Has("ended_badly")) server.ended_badly = node.At("ended_badly").Flag();
  if (node.Has("stack")) server.stack = SplitLines(node.At("stack").Text());
  if (node.Has("last_packets")) server.last_packets = node.At("last_packets").Text();
  server.cpu_percent = node.At("cpu_percent").Number();
  server.memory_bytes = node.At("memory_bytes").Number();
  server.memory_bytes_per_minute = node.At("memory_bytes_per_minute").Number();
  constexpr std::uint64_t kMost = 1'000'000'000;
  server.threads = static_cast<int>(node.At("threads").Count(kMost));
  server.descriptors = static_cast<int>(node.At("descriptors").Count(kMost));
  return server;
}

GeneratorReport ReadGenerator(const RunNode& node) {
  GeneratorReport generator;
  generator.shards = static_cast<int>(node.At("shards").Count(1'000'000));
  generator.cpu_percent = node.At("cpu_percent").Number();
  generator.cpu_percent_max_shard = node.At("cpu_percent_max_shard").Number();
  generator.memory_bytes = node.At("memory_bytes").Number();
  generator.memory_bytes_per_bot = node.At("memory_bytes_per_bot").Number();
  if (node.Has("saturation")) generator.saturation = ReadTexts(node.At("saturation"));
  return generator;
}

Verdict ReadVerdict(const RunNode& node) {
  constexpr std::array kCodes{
      ExitCode::kConfiguration, ExitCode::kCouldNotBegin,   ExitCode::kInternalError,
      ExitCode::kServerDied,    ExitCode::kNothingWorked,   ExitCode::kGeneratorLimited,
      ExitCode::kInterrupted,   ExitCode::kAborted,         ExitCode::kThresholdFailed,
      ExitCode::kDrift,         ExitCode::kReportNotWritten};
  Verdict verdict;
  for (const RunNode& reason : node.At("reasons").Elements()) {
    const std::uint64_t code = reason.At("code").Count();
    bool is_known = false;
    for (const ExitCode known : kCodes) {
      if (static_cast<std::uint64_t>(known) != code) continue;
      verdict.reasons.push_back({known, reason.At("text").Text()});
      is_known = true;
    }
    if (!is_known) reason.At("code").Fail("is no exit code");
  }
  return verdict;
}

/// What the run was, before what it measured.
void ReadFacts(const RunNode& root, RunResult& result) {
  const RunNode scenario = root.At("scenario");
  result.scenario = scenario.At("name").Text();
  result.scenario_file = scenario.At("file").Text();
  result.scenario_hash = scenario.At("hash").Text();
  result.description = scenario.At("description").Text();
  result.tool_version = root.At("tool_version").Text();
  result.started_at = root.At("started_at").Text();
  result.seed = root.At("seed").Count();
  result.bots_max = root.At("bots_max").Count();
  result.duration = root.At("duration_s").Seconds();
  result.planned_duration = root.At("planned_s").Seconds();
  result.warmup = root.At("warmup_s").Seconds();
  result.changed_by_hand = root.At("changed_by_hand").Flag();
  for (const RunNode& option : root.At("options").Elements()) {
    result.options.emplace_back(option.At("name").Text(), option.At("value").Text());
  }
  result.machine.cores = static_cast<unsigned>(root.At("machine").At("cores").Count(1'000'000));
  result.machine.system = root.At("machine").At("system").Text();
  result.generator = ReadGenerator(root.At("generator"));
}

void ReadHappenings(const RunNode& root, RunResult& result) {
  result.verdict = ReadVerdict(root.At("verdict"));
  for (const RunNode& node : root.At("thresholds").Elements()) {
    result.thresholds.push_back(ReadThreshold(node));
  }
  for (const RunNode& node : root.At("servers").Elements()) {
    result.servers.push_back(ReadServer(node));
  }
  for (const RunNode& node : root.At("events").Elements()) {
    result.events.push_back({node.At("at_s").Seconds(), node.At("text").Text(), {}});
    if (node.Has("bots")) result.events.back().bots = node.At("bots").Count();
    if (node.Has("excused_until_s"))
      result.events.back().excused_until = node.At("excused_until_s").Seconds();
  }
  if (root.Has("pauses")) {
    for (const RunNode& node : root.At("pauses").Elements())
      result.pauses.push_back({node.At("from_s").Seconds(), node.At("to_s").Seconds()});
  }
  for (const RunNode& node : root.At("first_failures").Elements()) {
    FirstFailure& failure = result.first_failures.emplace_back();
    failure.metric = node.At("metric").Text();
    failure.text = node.At("text").Text();
    if (node.Has("at_s")) failure.at = node.At("at_s").Seconds();
    if (node.Has("conversation")) failure.conversation = ReadConversation(node.At("conversation"));
  }
}

/// Empty when it is a report of this version.
std::string WhyNoReport(const RunNode::Json& json) {
  const auto schema = json.is_object() ? json.find("schema") : json.end();
  if (!json.is_object() || schema == json.end() || !schema->is_string()) {
    return "is no JSON report of stressbot: it has no \"schema\". Name a file that --out json=FILE "
           "wrote";
  }
  if (*schema == std::string(kRunSchema)) return {};
  return "has the schema \"" + schema->get<std::string>() + "\", but this version reads \"" +
         std::string(kRunSchema) + "\"";
}

}  // namespace

std::unique_ptr<RecordedRun> ReadRun(std::string_view text, std::string& error) {
  const auto json = RunNode::Json::parse(text, nullptr, false);
  if (json.is_discarded()) {
    error = "is no JSON, or not all of it is there";
    return nullptr;
  }
  error = WhyNoReport(json);
  if (!error.empty()) return nullptr;
  auto run = std::make_unique<RecordedRun>();
  const RunNode root(json, "", error);
  ReadFacts(root, run->result);
  ReadHappenings(root, run->result);
  if (root.Has("series")) ReadMetrics(root, *run);
  if (!error.empty()) {
    error = "is damaged: " + error;
    return nullptr;
  }
  if (run->metrics) run->result.metrics = &*run->metrics;
  return run;
}

std::unique_ptr<RecordedRun> ReadRunFile(const std::filesystem::path& file, std::string& error) {
  const auto refuse = [&](const std::string& why) {
    error = Utf8Of(file) + " " + why + ".";
    return nullptr;
  };
  std::error_code failure;
  if (std::filesystem::is_directory(file, failure)) return refuse("is a folder; name a file in it");
  const std::uintmax_t bytes = std::filesystem::file_size(file, failure);
  if (!failure && bytes > kFileBytesMax)
    return refuse("is larger than 1 GiB, too large for a report");
  std::ifstream in(file, std::ios::binary);
  if (!in) return refuse("cannot be read: no such file, or it may not be read");
  std::ostringstream text;
  text << in.rdbuf();
  auto run = ReadRun(text.view(), error);
  if (run == nullptr) return refuse(error);
  return run;
}

}  // namespace stressbot
