#include "StressBot/cli/KeyCommands.h"

#include <utility>

namespace stressbot {

namespace {

constexpr double kStep = 1.1;  ///< of more and fewer

}  // namespace

std::optional<ControlCommand> CommandOfKey(char key, bool is_paused) {
  switch (key) {
    case 'p':
      if (is_paused) return ResumeCommand{};
      return PauseCommand{};
    case '+':
    case '=':  // the same key without Shift
      return ScaleCommand{kStep};
    case '-':
      return ScaleCommand{1 / kStep};
    case 'm':
      return MarkCommand{};
    case 'q':
      return StopCommand{};
    default:
      return std::nullopt;
  }
}

std::vector<std::string> KeyCommands::Obey() {
  std::vector<std::string> said;
  while (const std::optional<char> key = keys_.Take()) {
    std::string text = Obey(*key);
    const bool is_told = !said.empty() && said.back() == text;  // an arrow key comes as three
    if (!text.empty() && !is_told) said.push_back(std::move(text));
  }
  return said;
}

std::string KeyCommands::Obey(char key) {
  if (key == '\n' || key == '\r') return {};  // people press it to see whether we live
  const auto command = CommandOfKey(key, control_.paused());
  if (!command) return kHelp;
  const ControlAnswer answer = control_.Do(*command);
  return answer.done() ? std::string() : answer.text;
}

}  // namespace stressbot
