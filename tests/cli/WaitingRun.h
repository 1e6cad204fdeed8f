#pragma once
#include <filesystem>
#include <fstream>
#include <string>

#include "StressBot/cli/Options.h"
#include "StressBot/system/ProcessStats.h"
#include "tests/cli/Child.h"

namespace stressbot {

/// Files and options of a run of two bots that connect and wait. Two, since so many connections
/// wait in the queue of the child, which accepts none. A folder of this process: tests run side by
/// side.
class WaitingRun {
 public:
  /// `executor`: its name and keys, `think`: how long the bots wait.
  WaitingRun(const std::string& executor, const std::string& think)
      : directory_(std::filesystem::temp_directory_path() /
                   ("waiting_run_" + std::to_string(OwnProcessId()))) {
    std::filesystem::create_directories(directory_);
    std::ofstream(directory_ / "raw.protocol.json") << R"({
      "header": {"byteOrder": "little", "fields": [
        {"name": "size", "type": "u16", "role": "length", "counts": "packet"},
        {"name": "id", "type": "u16", "role": "id"}]},
      "maxPacketBytes": 100, "payload": {"codec": "raw"},
      "ids": [{"assign": "table", "table": {"A": 65}}], "unknownPackets": "count"})";
    std::ofstream(directory_ / "wait.json") << R"({
      "servers": {"game": {"protocol": "raw.protocol.json", "target": "127.0.0.1:0"}},
      "groups": {"players": {"executor": )" << executor
                                            << R"(, "bots": 2, "flow": "player"}},
      "flows": {"player": [{"connect": "game"}, {"think": ")"
                                            << think << R"("}, {"disconnect": "reset"}]}})";
    options.scenario_file = (directory_ / "wait.json").string();
    options.server_command = Child("complain 'open for all' listen wait");
    options.shards = 1;
  }
  WaitingRun(const WaitingRun&) = delete;
  WaitingRun& operator=(const WaitingRun&) = delete;
  ~WaitingRun() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  const std::filesystem::path& directory() const { return directory_; }
  Options options;

 private:
  std::filesystem::path directory_;
};

}  // namespace stressbot
