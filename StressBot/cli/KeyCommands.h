#pragma once
#include <string>
#include <vector>

#include "StressBot/control/RunControl.h"
#include "StressBot/system/KeyReader.h"

namespace stressbot {

/// Steers a run by keys. Thread: the main one.
class KeyCommands {
 public:
  /// For whoever does not know the keys.
  static constexpr const char* kHelp =
      "keys: p pause or go on, + more, - fewer, m mark, q end the load, ? this help";

  /// Both outlive it.
  KeyCommands(KeyReader& keys, RunControl& control) : keys_(keys), control_(control) {}

  /// Does what was typed since the last call. Returns what there is to say: refusals and help. What
  /// was done, RunControl notes.
  std::vector<std::string> Obey();

 private:
  std::string Obey(char key);

  KeyReader& keys_;
  RunControl& control_;
};

/// What a key means; nothing for one that means nothing.
std::optional<ControlCommand> CommandOfKey(char key, bool is_paused);

}  // namespace stressbot
