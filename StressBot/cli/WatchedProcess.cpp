#include "StressBot/cli/WatchedProcess.h"

#include <algorithm>
#include <utility>

#include "StressBot/metrics/Format.h"

namespace stressbot {

std::optional<WatchedProcess> WatchedProcess::Find(std::string name, std::int64_t pid,
                                                   std::string& error) {
  if (const auto birth = ReadProcessBirth(pid)) return WatchedProcess(std::move(name), pid, *birth);
  error =
      "--watch-pid " + std::to_string(pid) +
      ": there is no such process, or it may not be looked at; give the number of one that runs "
      "on this machine";
  return std::nullopt;
}

void WatchedProcess::Register(const Program& program, const EngineMetrics& metrics,
                              MetricsCatalog& catalog) {
  const auto server = std::find_if(program.servers.begin(), program.servers.end(),
                                   [this](const Server& each) { return each.name == name_; });
  ids_ = server != program.servers.end()
             ? metrics.servers[static_cast<std::size_t>(server - program.servers.begin())]
             : WatchedServerMetrics(name_, catalog);
}

bool WatchedProcess::HasEnded(std::chrono::nanoseconds run_time) {
  if (ended_at_) return true;
  if (!HasProcessEnded(pid_, birth_)) return false;
  ended_at_ = run_time;
  meter_.Clear();
  return true;
}

void WatchedProcess::SetGauges(MetricsFrame& frame) {
  if (!ended_at_) meter_.Measure(pid_);
  meter_.SetGauges(ids_, !ended_at_, frame);
}

std::string WatchedProcess::Complaint() const {
  if (!ended_at_) return {};
  return "the process " + std::to_string(pid_) + " of --watch-pid (" + name_ + ") ended at " +
         FormatSpan(*ended_at_) + "; how, only who started it knows";
}

void WatchedProcess::Describe(ServerReport& report) const {
  report.watched = true;
  report.pid = pid_;
  report.alive = !ended_at_;
  if (ended_at_) report.ending = "ended at " + FormatSpan(*ended_at_);
}

std::vector<WatchedProcess> FindWatched(const std::vector<WatchRequest>& requests,
                                        const Program& program, std::vector<std::string> taken,
                                        std::vector<std::string>& mistakes) {
  std::vector<WatchedProcess> found;
  const auto is_taken = [&taken](const std::string& name) {
    return std::find(taken.begin(), taken.end(), name) != taken.end();
  };
  for (const WatchRequest& request : requests) {
    std::string name = request.name;
    if (name.empty() && program.servers.size() == 1 && !is_taken(program.servers[0].name))
      name = program.servers[0].name;
    if (name.empty()) name = "pid " + std::to_string(request.pid);
    if (is_taken(name)) {
      mistakes.push_back("--watch-pid " + std::to_string(request.pid) + ": \"" + name +
                         "\" has a process already; write NAME=PID with another name");
      continue;
    }
    std::string error;
    if (auto process = WatchedProcess::Find(name, request.pid, error)) {
      found.push_back(std::move(*process));
    } else {
      mistakes.push_back(std::move(error));
    }
    taken.push_back(std::move(name));
  }
  return found;
}

}  // namespace stressbot
