#pragma once
#include <optional>
#include <string>

namespace stressbot {

/// A variable of the environment, UTF-8; nothing when it is not set.
std::optional<std::string> ReadEnvironment(const std::string& name);

}  // namespace stressbot
