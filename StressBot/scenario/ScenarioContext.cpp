#include "StressBot/scenario/ScenarioContext.h"

namespace stressbot {

void ScenarioContext::Error(const std::string& path, std::string message) const {
  errors.Add({document.file(), document.LineOf(path), path, std::move(message)});
}

void ScenarioContext::Warn(const std::string& path, std::string message) const {
  warnings.push_back({document.file(), document.LineOf(path), path, std::move(message)});
}

void ScenarioContext::OptionError(std::string option, std::string message) const {
  errors.Add({std::move(option), 0, "", std::move(message)});
}

std::optional<std::uint8_t> ScenarioContext::FindServer(const std::string& name) const {
  for (std::size_t i = 0; i < servers.size(); ++i)
    if (servers[i].name == name) return static_cast<std::uint8_t>(i);
  return std::nullopt;
}

}  // namespace stressbot
