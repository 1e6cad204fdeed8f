#include "StressBot/cli/RunConsole.h"

#include <cstdio>
#include <string>

#include "StressBot/metrics/Format.h"
#include "StressBot/system/Terminal.h"

namespace stressbot {

RunConsole::RunConsole(const RunPlan& plan, const RunMetrics& metrics, RunControl& control,
                       const ControlServer* server)
    : plan_(plan), metrics_(metrics), control_(control), server_(server) {}

void RunConsole::OnBegin() {
  Announce();
  progress_.emplace(stderr, TerminalColumns(stderr), plan_.program.LoadDuration());
  keys_ = KeyReader::Open();
  if (keys_ == nullptr) return;
  key_commands_.emplace(*keys_, control_);
  progress_->Say(KeyCommands::kHelp);
}

void RunConsole::Announce() const {
  std::string text = plan_.program.name + ": " + FormatCount(plan_.program.BotsMax()) + " bots, " +
                     FormatSpan(plan_.program.LoadDuration()) + ", seed " +
                     std::to_string(plan_.program.seed) + ", " + std::to_string(plan_.shards) +
                     (plan_.shards == 1 ? " shard" : " shards");
  for (const Server& server : plan_.program.servers) {
    if (!server.target.empty()) text += ", " + server.name + " " + server.target;
  }
  std::fprintf(stderr, "%s\n", text.c_str());
  if (server_ != nullptr)
    std::fprintf(stderr, "control: http://%s/status\n", server_->address().ToString().c_str());
}

void RunConsole::OnLook() {
  if (!key_commands_) return;
  for (const std::string& text : key_commands_->Obey()) progress_->Say(text);
}

void RunConsole::OnInterval(const MetricsInterval& interval, const ByHand& by_hand) {
  progress_->Show(interval, metrics_, by_hand);
}

void RunConsole::OnNews(const std::string& line) { progress_->Say(line); }

}  // namespace stressbot
